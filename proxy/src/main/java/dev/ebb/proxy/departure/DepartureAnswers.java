package dev.ebb.proxy.departure;

import dev.ebb.admin.DepartureAnswer;
import dev.ebb.proxy.departure.ControlAnswer.Awaited;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Puts what is known of a departure into the words of the admin server.
final class DepartureAnswers {

    private DepartureAnswers() {}

    static DepartureAnswer of(
            String state, String reason, Duration remaining, Optional<ControlAnswer> last) {
        Map<String, Object> details =
                Map.of(
                        "waiting_for",
                        last.map(ControlAnswer::waitingFor).orElse(List.of()).stream()
                                .map(DepartureAnswers::subscriber)
                                .toList(),
                        "lapsed",
                        last.map(ControlAnswer::lapsed).orElse(List.of()),
                        "control_plane",
                        last.map(ControlAnswer::reason).orElse("has not answered"));
        return new DepartureAnswer(state, remaining, reason, details);
    }

    private static Map<String, Object> subscriber(Awaited awaited) {
        return Map.of(
                "uid", awaited.uid(),
                "name", awaited.name(),
                "destination", awaited.destination(),
                "waited_s", awaited.waited().toMillis() / 1000.0);
    }
}
