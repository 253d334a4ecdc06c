package dev.ebb.proxy.departure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.proxy.departure.Bystanders.Wire;
import dev.ebb.proxy.departure.ControlAnswer.Application;
import dev.ebb.proxy.departure.ControlAnswer.Deletion;
import dev.ebb.proxy.departure.ControlAnswer.OtherEndpoints;
import dev.ebb.proxy.departure.ControlAnswer.Verdict;
import dev.ebb.proxy.departure.DepartureConfig.Hold;
import dev.ebb.proxy.departure.DepartureConfig.TermMeaning;
import dev.ebb.proxy.departure.DepartureState.Released;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A departure of which the control plane tells unasked.
class DeletionTest {

    private final List<String> effects = new ArrayList<>();
    private final DepartureCore core =
            new DepartureCore(
                    new DepartureConfig(
                            Duration.ofSeconds(30),
                            Duration.ZERO,
                            Duration.ofSeconds(10),
                            Hold.ENABLED,
                            TermMeaning.NATIVE_SIDECAR,
                            Optional.empty()),
                    new RecordedEffects(effects));

    @Test
    void deletionBeginsTheDepartureAndAsksWithoutAnnouncing() {
        core.deleted(deletion(60), at(100));

        assertThat(effects).containsExactly("holding", "ask");
        assertThat(core.state()).isEqualTo(new DepartureState.Holding(Cause.DELETED, at(100)));
    }

    @Test
    void deletionShortensTheGraceOfADepartureThatHasBegun() {
        core.hold(at(100));

        core.deleted(deletion(10), at(101));
        tick(103);

        assertThat(released().cause()).isEqualTo(Cause.HOLD);
        assertThat(released().reason()).isEqualTo(ReleaseReason.BUDGET);
    }

    @Test
    void deletionIsReleasedByAnAnswerOnly() {
        core.deleted(deletion(30), at(100));
        tick(100.5);
        assertThat(core.state().label()).isEqualTo("holding");

        core.answer(ControlAnswer.of(Verdict.RELEASED), at(100.6));
        tick(100.6);

        assertThat(released().reason()).isEqualTo(ReleaseReason.RELEASED);
    }

    @Test
    void hookAfterADeletionWaitsForTheSameDeparture() {
        core.deleted(deletion(30), at(100));
        effects.clear();

        core.hook(at(101));

        assertThat(effects).isEmpty();
        assertThat(core.state()).isEqualTo(new DepartureState.Holding(Cause.DELETED, at(100)));
    }

    @Test
    void holdThatADeletionFollowsDoesNotLapse() {
        core.hold(at(100));
        core.answer(ControlAnswer.of(Verdict.RELEASED), at(101));
        tick(101);

        core.deleted(deletion(160), at(102));
        tick(140);

        assertThat(released().cause()).isEqualTo(Cause.HOLD);
        assertThat(effects).doesNotContain("withdraw");
    }

    @Test
    void hookOfADeletedInstanceIsHeldThoughTheControlPlaneWarmsUp() {
        core.hook(at(100));

        core.answer(cannotTellOfDeletion(), at(100.1));

        assertThat(core.state()).isEqualTo(new DepartureState.Holding(Cause.HOOK, at(100)));
    }

    @Test
    void deletionAfterAQuestionThatCameToNothingBeginsTheDeparture() {
        core.hook(at(100));
        core.answer(ControlAnswer.of(Verdict.CANNOT_TELL), at(100.1));
        tick(110);
        tick(140);
        assertThat(core.state().label()).isEqualTo("none");

        core.answer(cannotTellOfDeletion(), at(200));

        assertThat(core.state()).isEqualTo(new DepartureState.Holding(Cause.DELETED, at(200)));
    }

    private Released released() {
        assertThat(core.state()).isInstanceOf(Released.class);
        return (Released) core.state();
    }

    private void tick(double seconds) {
        core.tick(at(seconds), new Bystanders(null, 1, Wire.EMPTY, at(seconds)));
    }

    private static Deletion deletion(int grace) {
        return new Deletion(Optional.of(Duration.ofSeconds(grace)), List.of());
    }

    private static ControlAnswer cannotTellOfDeletion() {
        return new ControlAnswer(
                Verdict.CANNOT_TELL,
                List.of(),
                0,
                "warming up",
                List.of(),
                OtherEndpoints.EXIST,
                Application.UNKNOWN,
                Optional.of(deletion(30)));
    }

    private static Duration at(double seconds) {
        return Duration.ofMillis(Math.round(seconds * 1_000));
    }
}
