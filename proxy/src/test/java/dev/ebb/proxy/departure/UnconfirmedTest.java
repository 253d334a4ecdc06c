package dev.ebb.proxy.departure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.proxy.departure.Bystanders.Wire;
import dev.ebb.proxy.departure.ControlAnswer.Application;
import dev.ebb.proxy.departure.ControlAnswer.Deletion;
import dev.ebb.proxy.departure.ControlAnswer.OtherEndpoints;
import dev.ebb.proxy.departure.ControlAnswer.Verdict;
import dev.ebb.proxy.departure.DepartureConfig.Hold;
import dev.ebb.proxy.departure.DepartureConfig.TermMeaning;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A hook that asks at 100 s, while nobody can tell whether this instance leaves. The safe minimum
/// ends at 110 s.
class UnconfirmedTest {

    private static final Duration ASKED = at(100);

    private final List<String> effects = new ArrayList<>();
    private DepartureCore core = core(30, 10);

    @BeforeEach
    void ask() {
        core.hook(ASKED);
        effects.clear();
    }

    @Test
    void questionIsUnconfirmedAfterTwoSeconds() {
        tick(101.9);
        assertThat(core.state().label()).isEqualTo("asked");

        tick(102);

        assertThat(core.state().label()).isEqualTo("unconfirmed");
        assertThat(core.state().beginning()).contains(ASKED);
    }

    @Test
    void controlPlaneThatCannotTellConfirmsNothing() {
        core.answer(ControlAnswer.of(Verdict.CANNOT_TELL), at(100.1));

        tick(102);

        assertThat(core.state().label()).isEqualTo("unconfirmed");
    }

    @Test
    void livingInstanceIsNeverUnconfirmed() {
        core.answer(ControlAnswer.of(Verdict.NONE), at(101.9));

        tick(110);

        assertThat(effects).containsExactly("none");
    }

    @Test
    void hookIsAnsweredWithTheSafeMinimumAndNothingElseIsDone() {
        tick(102);

        tick(109.9);
        assertThat(effects).containsExactly("unconfirmed");
        tick(110);

        assertThat(effects).containsExactly("unconfirmed", "unconfirmed answered");
        assertThat(core.state()).isEqualTo(answered(100, 110, ReleaseReason.SAFE_MINIMUM));
    }

    @Test
    void budgetThatIsShorterThanTheSafeMinimumAnswersTheHookInTimeAndSaysSo() {
        core = core(5, 10);
        core.hook(at(200));
        effects.clear();

        tick(200.5);

        assertThat(effects).containsExactly("unconfirmed", "unconfirmed answered");
        assertThat(core.state()).isEqualTo(answered(200, 200.5, ReleaseReason.BUDGET));
    }

    @Test
    void graceWithoutRoomForAHoldAnswersTheHookAtOnce() {
        core = core(2, 10);
        core.hook(at(200));

        tick(200);

        assertThat(core.state()).isEqualTo(answered(200, 200, ReleaseReason.BUDGET));
    }

    @Test
    void remainingIsThatOfTheSafeMinimum() {
        tick(102);
        assertThat(core.remaining(at(104))).isEqualTo(Duration.ofSeconds(6));

        tick(110);

        assertThat(core.remaining(at(110))).isEqualTo(Duration.ZERO);
    }

    @Test
    void instanceThatNobodyStopsServesAgainThirtySecondsAfterTheHook() {
        tick(102);
        tick(110);

        tick(139.9);
        assertThat(core.state().label()).isEqualTo("unconfirmed");
        tick(140);

        assertThat(core.state().label()).isEqualTo("none");
        assertThat(effects).doesNotContain("withdraw");
    }

    @Test
    void applicationMayTakeALongGraceToStop() {
        core = core(600, 10);
        core.hook(ASKED);
        tick(102);
        tick(110);

        tick(699.9);
        assertThat(core.state().label()).isEqualTo("unconfirmed");
        tick(700);

        assertThat(core.state().label()).isEqualTo("none");
    }

    @Test
    void livingInstanceServesAgainAtOnce() {
        tick(102);

        core.answer(ControlAnswer.of(Verdict.NONE), at(103));

        assertThat(effects).containsExactly("unconfirmed", "none");
    }

    @Test
    void livingInstanceServesAgainAtOnceAfterTheHook() {
        tick(102);
        tick(110);

        core.answer(ControlAnswer.of(Verdict.NONE), at(115));

        assertThat(core.state().label()).isEqualTo("none");
    }

    @Test
    void questionGoesOnBeingAsked() {
        core.answer(ControlAnswer.of(Verdict.CANNOT_TELL), at(100.1));
        tick(102);
        core.answer(ControlAnswer.of(Verdict.CANNOT_TELL), at(102.1));
        tick(110);
        effects.clear();

        tick(110.5);
        core.answer(ControlAnswer.of(Verdict.CANNOT_TELL), at(111));
        tick(111.4);
        tick(111.5);

        assertThat(effects).containsExactly("ask", "ask");
    }

    @Test
    void departureThatIsConfirmedInTimeBeganWithTheQuestion() {
        tick(102);

        core.answer(ControlAnswer.of(Verdict.WAITING), at(104));

        assertThat(core.state()).isEqualTo(new DepartureState.Holding(Cause.HOOK, ASKED));
    }

    @Test
    void departureThatIsConfirmedAfterTheHookBeginsThen() {
        tick(102);
        tick(110);

        core.answer(deletionWithoutVerdict(), at(125));

        assertThat(core.state()).isEqualTo(new DepartureState.Holding(Cause.HOOK, at(125)));
    }

    /// Anybody may have asked.
    @Test
    void termWhileAHookWaitsHasItsWholeTime() {
        tick(102);

        core.term(at(109));

        assertThat(core.state()).isEqualTo(new DepartureState.Holding(Cause.TERM, at(109)));
        assertThat(effects).contains("announce TERM PT30S");
        tick(118.9);
        assertThat(core.state().label()).isEqualTo("holding");
    }

    @Test
    void holdWhileAHookIsStillAskedHasItsWholeTime() {
        tick(101);

        core.hold(at(101.5));

        assertThat(core.state()).isEqualTo(new DepartureState.Holding(Cause.HOLD, at(101.5)));
    }

    @Test
    void floorHoldsAHookThatNobodyConfirms() {
        core = core(60, Duration.ofSeconds(15), 10);
        core.hook(ASKED);
        tick(102);

        tick(114.9);
        assertThat(core.remaining(at(114))).isEqualTo(Duration.ofSeconds(1));
        assertThat(effects).doesNotContain("unconfirmed answered");
        tick(115);

        assertThat(core.state()).isEqualTo(answered(100, 115, ReleaseReason.SAFE_MINIMUM));
    }

    @Test
    void hookThatNobodyConfirmsWaitsForQuietWithinTheBudget() {
        tick(102);

        core.tick(at(110), new Bystanders(at(109.5), 1, Wire.EMPTY, at(110)));
        assertThat(effects).doesNotContain("unconfirmed answered");
        core.tick(at(110.5), new Bystanders(at(109.5), 1, Wire.EMPTY, at(110.5)));
        assertThat(core.state()).isEqualTo(answered(100, 110.5, ReleaseReason.SAFE_MINIMUM));

        core = core(30, 10);
        core.hook(at(200));
        core.tick(at(202), new Bystanders(at(202), 1, Wire.EMPTY, at(202)));
        core.tick(at(218), new Bystanders(at(218), 1, Wire.EMPTY, at(218)));
        assertThat(core.state()).isEqualTo(answered(200, 218, ReleaseReason.BUDGET));
    }

    /// The hook may have been that of a container that was started again.
    @Test
    void termAfterTheHookHasItsWholeGrace() {
        tick(102);
        tick(110);

        core.term(at(125));

        assertThat(core.state()).isEqualTo(new DepartureState.Holding(Cause.TERM, at(125)));
        assertThat(effects).contains("announce TERM PT30S");
    }

    @Test
    void termWhenTheApplicationHasGoneEndsTheDepartureThatTheHookBegan() {
        tick(102);
        tick(110);
        core.applicationGone();

        core.term(at(112));
        tick(115);

        assertThat(core.state())
                .isEqualTo(
                        new DepartureState.Released(
                                Cause.TERM, ASKED, at(115), at(115), ReleaseReason.SAFE_MINIMUM));
    }

    @Test
    void holdBeginsADepartureLikeAnyOther() {
        tick(102);
        tick(110);

        core.hold(at(111));

        assertThat(effects).contains("announce HOLD PT30S", "ask");
    }

    /// Within the budget of the first: whoever asks for ever does not hold for ever.
    @Test
    void hookThatComesWhileAnotherWaitsHasItsWholeSafeMinimum() {
        tick(102);

        core.hook(at(105));
        tick(114.9);
        assertThat(effects).containsExactly("unconfirmed");
        tick(115);
        assertThat(core.state()).isEqualTo(answered(100, 115, ReleaseReason.SAFE_MINIMUM));

        core = core(30, 10);
        core.hook(at(200));
        tick(202);
        core.hook(at(209));
        tick(218);
        assertThat(core.state()).isEqualTo(answered(200, 218, ReleaseReason.BUDGET));
    }

    @Test
    void hookThatComesAfterTheFirstWasAnsweredWaitsForItsOwnSafeMinimum() {
        tick(102);
        tick(110);
        effects.clear();

        core.hook(at(125));
        tick(134.9);
        assertThat(effects).containsExactly("unconfirmed", "ask");
        tick(135);

        assertThat(effects).endsWith("unconfirmed answered");
    }

    private static DepartureState answered(double since, double at, ReleaseReason reason) {
        return new DepartureState.Unconfirmed(
                at(since), Optional.of(new DepartureState.HookAnswer(at(at), reason)));
    }

    private void tick(double seconds) {
        core.tick(at(seconds), new Bystanders(null, 1, Wire.EMPTY, at(seconds)));
    }

    private DepartureCore core(int grace, int safeMinimum) {
        return core(grace, Duration.ZERO, safeMinimum);
    }

    private DepartureCore core(int grace, Duration floor, int safeMinimum) {
        DepartureConfig config =
                new DepartureConfig(
                        Duration.ofSeconds(grace),
                        floor,
                        Duration.ofSeconds(safeMinimum),
                        Hold.ENABLED,
                        TermMeaning.NATIVE_SIDECAR,
                        Optional.empty());
        return new DepartureCore(config, new RecordedEffects(effects));
    }

    /// What a control plane that warms up says as soon as it sees the deletion.
    private static ControlAnswer deletionWithoutVerdict() {
        return new ControlAnswer(
                Verdict.CANNOT_TELL,
                List.of(),
                0,
                "warming up",
                List.of(),
                OtherEndpoints.EXIST,
                Application.UNKNOWN,
                Optional.of(new Deletion(Optional.of(Duration.ofSeconds(30)), List.of())));
    }

    private static Duration at(double seconds) {
        return Duration.ofMillis(Math.round(seconds * 1_000));
    }
}
