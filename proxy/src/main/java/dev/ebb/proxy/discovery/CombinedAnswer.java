package dev.ebb.proxy.discovery;

import dev.ebb.proxy.departure.ControlAnswer;
import dev.ebb.proxy.departure.ControlAnswer.Application;
import dev.ebb.proxy.departure.ControlAnswer.OtherEndpoints;
import dev.ebb.proxy.departure.ControlAnswer.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Puts the answers of two replicas together: each speaks for its own subscribers, so the one that
/// holds longer counts. Pure.
final class CombinedAnswer {

    private CombinedAnswer() {}

    static ControlAnswer of(ControlAnswer a, ControlAnswer b) {
        return new ControlAnswer(
                verdict(a.verdict(), b.verdict()),
                both(a.waitingFor(), b.waitingFor()),
                a.waiting() + b.waiting(),
                String.join("; ", a.reason(), b.reason()),
                both(a.lapsed(), b.lapsed()),
                a.endpoints() == OtherEndpoints.NONE && b.endpoints() == OtherEndpoints.NONE
                        ? OtherEndpoints.NONE
                        : OtherEndpoints.EXIST,
                application(a.application(), b.application()),
                Stream.of(a.grace(), b.grace()).flatMap(Optional::stream).min(Duration::compareTo));
    }

    /// A replica that cannot tell outweighs everything; one that waits outweighs a release; and one
    /// that knows of a departure outweighs one that does not yet.
    private static Verdict verdict(Verdict a, Verdict b) {
        for (Verdict heaviest :
                List.of(Verdict.CANNOT_TELL, Verdict.WAITING, Verdict.RELEASED, Verdict.NONE)) {
            if (a == heaviest || b == heaviest) {
                return heaviest;
            }
        }
        return Verdict.CANNOT_TELL;
    }

    private static Application application(Application a, Application b) {
        if (a == Application.GONE || b == Application.GONE) {
            return Application.GONE;
        }
        return a == Application.RUNNING ? a : b;
    }

    private static <T> List<T> both(List<T> a, List<T> b) {
        return Stream.concat(a.stream(), b.stream()).toList();
    }
}
