package dev.ebb.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Duration;
import dev.ebb.proto.destination.v1.DepartureReport;
import dev.ebb.proto.destination.v1.Instance;
import dev.ebb.proto.destination.v1.Vote;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The judge of departures must be able to say no.
final class DepartureTest {
    private static final long RELEASED_AT = 1_760_000_000_500L;

    @Test
    void applicationThatIsToldAfterTheReleaseIsInOrder() {
        Departure departure = departure("released", 900, 901, RELEASED_AT);

        assertThatCode(departure::checkOrder).doesNotThrowAnyException();
        assertThatCode(departure::checkTermAfterApplied).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"released", "no_other_endpoint", "safe minimum"})
    void applicationThatIsToldBeforeTheReleaseIsToldTooEarly(String reason) {
        Departure departure = departure(reason, 900, 901, RELEASED_AT - 1);

        assertThatThrownBy(departure::checkOrder).isInstanceOf(AssertionError.class);
    }

    @Test
    void releaseBeforeTheLastAppliedIsTooEarly() {
        Departure departure = departure("released", 902, 901, RELEASED_AT + 1);

        assertThatThrownBy(departure::checkOrder).isInstanceOf(AssertionError.class);
        assertThatThrownBy(departure::checkTermAfterApplied).isInstanceOf(AssertionError.class);
    }

    @Test
    void applicationThatIsToldWithoutAnyReleaseIsToldTooEarly() {
        Departure departure = Departure.of(logs(term(RELEASED_AT)), report(900, 901));

        assertThatThrownBy(departure::checkOrder).isInstanceOf(AssertionError.class);
    }

    /// The kubelet does not wait for a grace that is used up.
    @ParameterizedTest
    @ValueSource(strings = {"budget", "application gone", "not held"})
    void whereThereIsNothingToHoldAnyOrderIsRight(String reason) {
        Departure departure = departure(reason, 902, 901, RELEASED_AT - 1);

        assertThatCode(departure::checkOrder).doesNotThrowAnyException();
    }

    /// A native sidecar is released after its application has gone; its hook was answered before.
    @Test
    void hookThatNobodyConfirmedReleasesTheApplication() {
        LogLine answered =
                line("Departure unconfirmed: the hook was answered", "safe minimum", "20.500");
        LogLine released = line("Departure released", "safe minimum", "22.500");
        DepartureReport unknown =
                DepartureReport.newBuilder()
                        .setInstance(Instance.newBuilder().setName("web-1"))
                        .build();

        Departure inOrder = Departure.of(logs(answered, term(RELEASED_AT + 1), released), unknown);
        Departure early = Departure.of(logs(term(RELEASED_AT - 1), answered, released), unknown);

        assertThatCode(inOrder::checkOrder).doesNotThrowAnyException();
        assertThatThrownBy(early::checkOrder).isInstanceOf(AssertionError.class);
    }

    private static Departure departure(String reason, long applied, long released, long term) {
        LogLine line = line("Departure released", reason, "20.500");
        return Departure.of(logs(line, term(term)), report(applied, released));
    }

    private static LogLine line(String text, String reason, String second) {
        return new LogLine(
                "web-1",
                PodEdit.PROXY,
                "2025-10-09T08:53:%sZ INFO  ebb.Departure: %s reason=\"%s\" afterMillis=901 x=y"
                        .formatted(second, text, reason));
    }

    private static LogLine term(long millis) {
        return new LogLine("web-1", PodEdit.APP, millis + "\tterm");
    }

    private static Logs logs(LogLine... lines) {
        return () -> List.of(lines);
    }

    private static DepartureReport report(long applied, long released) {
        return DepartureReport.newBuilder()
                .setInstance(Instance.newBuilder().setName("web-1"))
                .setReleased(duration(released))
                .addVotes(Vote.newBuilder().setApplied(duration(applied)))
                .build();
    }

    private static Duration duration(long millis) {
        return Duration.newBuilder().setNanos((int) (millis * 1_000_000)).build();
    }
}
