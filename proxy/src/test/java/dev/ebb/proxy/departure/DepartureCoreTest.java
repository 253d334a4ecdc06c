package dev.ebb.proxy.departure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.proxy.departure.Bystanders.Wire;
import dev.ebb.proxy.departure.ControlAnswer.Application;
import dev.ebb.proxy.departure.ControlAnswer.OtherEndpoints;
import dev.ebb.proxy.departure.ControlAnswer.Verdict;
import dev.ebb.proxy.departure.DepartureConfig.Hold;
import dev.ebb.proxy.departure.DepartureConfig.TermMeaning;
import dev.ebb.proxy.departure.DepartureState.Released;
import dev.ebb.proxy.departure.DepartureState.Serving;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DepartureCoreTest {

    private final List<String> effects = new ArrayList<>();
    private DepartureCore core = core(30, 0, Hold.ENABLED);
    private @Nullable Duration lastOutside;
    private int connections = 1;
    private Wire wire = Wire.EMPTY;

    @Test
    void termAnnouncesAndAsks() {
        core.term(at(100));

        assertThat(effects).containsExactly("holding", "announce TERM PT30S", "ask");
    }

    @Test
    void releasedByTheControlPlaneEndsTheHold() {
        core.hold(at(100));
        core.answer(ControlAnswer.of(Verdict.WAITING), at(100.1));

        core.answer(ControlAnswer.of(Verdict.RELEASED), at(103));
        tick(103);

        assertThat(released().reason()).isEqualTo(ReleaseReason.RELEASED);
        assertThat(released().ended()).isEqualTo(at(103));
    }

    @Test
    void releaseWaitsForRequestsThatMayBeOnTheWire() {
        core.hold(at(100));
        wire = Wire.EXPECTANT;
        core.answer(ControlAnswer.of(Verdict.RELEASED), at(103));

        tick(103.9);
        assertThat(core.state().label()).isEqualTo("lingering");
        wire = Wire.EMPTY;
        tick(103.95);

        assertThat(released().ended()).isEqualTo(at(103.95));
    }

    @Test
    void requestsThatMayBeOnTheWireAreNotWaitedForLongerThanThreeSeconds() {
        core.hold(at(100));
        wire = Wire.EXPECTANT;
        core.answer(ControlAnswer.of(Verdict.RELEASED), at(103));

        tick(105.9);
        assertThat(core.state().label()).isEqualTo("lingering");
        tick(106);

        assertThat(released().ended()).isEqualTo(at(106));
    }

    @Test
    void wireOfAClientWhoseLeaseHasEndedIsWaitedForLikeThoseOutside() {
        core.hold(at(100));
        wire = Wire.EXPECTANT;
        core.answer(
                new ControlAnswer(
                        Verdict.RELEASED,
                        List.of(),
                        0,
                        "released",
                        List.of("frozen"),
                        OtherEndpoints.EXIST,
                        ControlAnswer.Application.UNKNOWN,
                        Optional.empty()),
                at(104));

        tick(105);

        assertThat(released().ended()).isEqualTo(at(105));
    }

    @Test
    void wireTellsNothingWhereNobodyHasLetGo() {
        core.hold(at(100));
        wire = Wire.EXPECTANT;

        tick(110);

        assertThat(released().reason()).isEqualTo(ReleaseReason.SAFE_MINIMUM);
        assertThat(released().ended()).isEqualTo(at(110));
    }

    @Test
    void releaseWithoutAnotherEndpointSaysSo() {
        core.hold(at(100));

        core.answer(
                new ControlAnswer(
                        Verdict.RELEASED,
                        List.of(),
                        0,
                        "",
                        List.of(),
                        OtherEndpoints.NONE,
                        Application.UNKNOWN,
                        Optional.empty()),
                at(101));
        tick(101);

        assertThat(released().reason()).isEqualTo(ReleaseReason.NO_OTHER_ENDPOINT);
    }

    @Test
    void waitingLastsUntilTheBudget() {
        core.hold(at(100));

        for (int tenths = 1_001; tenths < 1_180; tenths++) {
            core.answer(ControlAnswer.of(Verdict.WAITING), at(tenths / 10.0));
            tick(tenths / 10.0);
        }
        assertThat(core.state().label()).isEqualTo("holding");
        tick(118);

        assertThat(released().reason()).isEqualTo(ReleaseReason.BUDGET);
    }

    @Test
    void controlPlaneThatCannotTellMeansTheSafeMinimum() {
        core.hold(at(100));
        core.answer(ControlAnswer.of(Verdict.CANNOT_TELL), at(100.1));

        tick(109.9);
        assertThat(core.state().label()).isEqualTo("holding");
        tick(110);

        assertThat(released().reason()).isEqualTo(ReleaseReason.SAFE_MINIMUM);
    }

    @Test
    void silentControlPlaneMeansTheSafeMinimumSinceTheBeginning() {
        core.hold(at(100));

        tick(109.9);
        assertThat(core.state().label()).isEqualTo("holding");
        tick(110);

        assertThat(released().reason()).isEqualTo(ReleaseReason.SAFE_MINIMUM);
    }

    @Test
    void controlPlaneThatFallsSilentLateReleasesAfterThreeSeconds() {
        core.hold(at(100));
        core.answer(ControlAnswer.of(Verdict.WAITING), at(112));
        core.unreachable(at(112.1));

        tick(115);
        assertThat(core.state().label()).isEqualTo("holding");
        tick(115.1);

        assertThat(released().reason()).isEqualTo(ReleaseReason.SAFE_MINIMUM);
    }

    @Test
    void controlPlaneThatComesBackIsBelievedAgain() {
        core.hold(at(100));
        core.unreachable(at(100.1));
        tick(105);

        core.answer(ControlAnswer.of(Verdict.WAITING), at(109));
        tick(110);

        assertThat(core.state().label()).isEqualTo("holding");
    }

    @Test
    void safeMinimumNeverExceedsTheBudget() {
        core = core(10, 0, Hold.ENABLED);

        core.hold(at(0));
        tick(3);

        assertThat(released().ended()).isEqualTo(at(3));
    }

    @Test
    void questionIsRepeatedWhileHeld() {
        core.hold(at(100));
        core.answer(ControlAnswer.of(Verdict.WAITING), at(100.1));
        effects.clear();

        tick(100.5);
        tick(100.6);
        tick(100.9);

        assertThat(effects).containsExactly("ask");
    }

    @Test
    void hookOfALivingInstanceChangesNothing() {
        core.hook(at(100));

        core.answer(ControlAnswer.of(Verdict.NONE), at(100.2));

        assertThat(core.state()).isEqualTo(new Serving());
        assertThat(effects).containsExactly("asked", "ask", "none");
    }

    @Test
    void hookOfALeavingInstanceBeginsTheDepartureAtTheHook() {
        core.hook(at(100));

        core.answer(ControlAnswer.of(Verdict.WAITING), at(100.4));
        core.answer(ControlAnswer.of(Verdict.RELEASED), at(102));
        tick(102);

        assertThat(released().cause()).isEqualTo(Cause.HOOK);
        assertThat(released().began()).isEqualTo(at(100));
        assertThat(effects).doesNotContain("announce HOOK PT30S");
    }

    @Test
    void answerThatNobodyAskedForBeginsNothing() {
        core.answer(ControlAnswer.of(Verdict.WAITING), at(100));

        assertThat(core.state()).isEqualTo(new Serving());
    }

    @Test
    void holdThatNobodyFollowsUpLapses() {
        core.hold(at(100));
        core.answer(ControlAnswer.of(Verdict.RELEASED), at(101));
        tick(101);

        tick(130.9);
        assertThat(effects).doesNotContain("withdraw");
        tick(131);

        assertThat(core.state()).isEqualTo(new Serving());
        assertThat(effects).endsWith("none", "withdraw");
    }

    @Test
    void holdThatATermFollowsDoesNotLapse() {
        core.hold(at(100));
        core.answer(ControlAnswer.of(Verdict.RELEASED), at(101));
        tick(101);

        core.term(at(110));
        tick(200);

        assertThat(released().cause()).isEqualTo(Cause.HOLD);
    }

    @Test
    void answerToALapsedDepartureStartsNothing() {
        core.hold(at(100));
        core.answer(ControlAnswer.of(Verdict.RELEASED), at(101));
        tick(101);
        tick(131);

        core.answer(ControlAnswer.of(Verdict.RELEASED), at(131.1));

        assertThat(core.state()).isEqualTo(new Serving());
    }

    @Test
    void lapsedHoldCanBeAskedForAgain() {
        core.hold(at(100));
        core.answer(ControlAnswer.of(Verdict.RELEASED), at(101));
        tick(101);
        tick(131);
        effects.clear();

        core.hold(at(140));

        assertThat(effects).containsExactly("holding", "announce HOLD PT30S", "ask");
    }

    @Test
    void disabledHoldIsReleasedAtOnce() {
        core = core(30, 5, Hold.DISABLED);

        core.hold(at(100));

        assertThat(released().reason()).isEqualTo(ReleaseReason.NOT_HELD);
        assertThat(effects).contains("announce HOLD PT30S");
    }

    @Test
    void shutdownDoesNotWait() {
        core.hold(at(100));

        core.shutdown(at(101));

        assertThat(released().reason()).isEqualTo(ReleaseReason.NOT_HELD);
    }

    @Test
    void floorIsTheLeastTime() {
        core = core(30, 5, Hold.ENABLED);
        core.hold(at(100));
        core.answer(ControlAnswer.of(Verdict.RELEASED), at(101));

        tick(104.9);
        assertThat(core.state().label()).isEqualTo("lingering");
        tick(105);

        assertThat(released().ended()).isEqualTo(at(105));
        assertThat(released().decided()).isEqualTo(at(101));
    }

    @Test
    void floorEndsWithTheBudget() {
        core = core(10, 60, Hold.ENABLED);
        core.hold(at(0));
        core.answer(ControlAnswer.of(Verdict.RELEASED), at(1));

        tick(3);

        assertThat(released().ended()).isEqualTo(at(3));
    }

    @Test
    void clientsOutsideTheMeshAreWaitedForUntilTheyAreQuiet() {
        core.hold(at(100));
        core.answer(ControlAnswer.of(Verdict.RELEASED), at(100.1));
        lastOutside = at(102);

        tick(102.9);
        assertThat(core.state().label()).isEqualTo("lingering");
        tick(103);

        assertThat(released().ended()).isEqualTo(at(103));
    }

    @Test
    void quietIsCountedFromTheBeginning() {
        lastOutside = at(99.9);
        core.hold(at(100));
        core.answer(ControlAnswer.of(Verdict.RELEASED), at(100.1));

        tick(100.95);
        assertThat(core.state().label()).isEqualTo("lingering");
        tick(101);

        assertThat(released().ended()).isEqualTo(at(101));
    }

    /// A proxy that was given no processor has not read what may have come.
    @Test
    void silenceIsNoQuietBeforeTheProxyHasLooked() {
        lastOutside = at(100);
        core.hold(at(100));
        core.answer(ControlAnswer.of(Verdict.RELEASED), at(100.1));

        core.tick(at(103), new Bystanders(lastOutside, connections, wire, at(100.9)));
        assertThat(core.state().label()).isEqualTo("lingering");
        core.tick(at(103.1), new Bystanders(lastOutside, connections, wire, at(103)));

        assertThat(released().ended()).isEqualTo(at(103.1));
    }

    @Test
    void aLookFromBeforeTheDecisionTellsNothing() {
        core.hold(at(100));
        core.answer(ControlAnswer.of(Verdict.RELEASED), at(105));

        core.tick(at(105.1), new Bystanders(null, connections, wire, at(104.9)));
        assertThat(core.state().label()).isEqualTo("lingering");
        core.tick(at(105.2), new Bystanders(null, connections, wire, at(105)));

        assertThat(released().ended()).isEqualTo(at(105.2));
    }

    @Test
    void trafficOfLongAgoIsNotWaitedFor() {
        lastOutside = at(69);
        core.hold(at(100));

        core.answer(ControlAnswer.of(Verdict.RELEASED), at(100.1));
        tick(100.1);

        assertThat(released().ended()).isEqualTo(at(100.1));
    }

    @Test
    void goneApplicationWithoutConnectionsIsNotHeld() {
        core.term(at(100));
        core.applicationGone();
        connections = 0;

        tick(100.01);

        assertThat(released().reason()).isEqualTo(ReleaseReason.APPLICATION_GONE);
    }

    @Test
    void goneApplicationWithConnectedClientsWaitsForTheirRelease() {
        core.term(at(100));
        core.applicationGone();

        tick(101);

        assertThat(core.state().label()).isEqualTo("holding");
    }

    @Test
    void laterShorterGraceWins() {
        core.hold(at(100));

        core.answer(waitingWithGrace(10), at(101));
        tick(103);

        assertThat(released().reason()).isEqualTo(ReleaseReason.BUDGET);
    }

    @Test
    void laterLongerGraceDoesNotWin() {
        core.hold(at(100));

        core.answer(waitingWithGrace(600), at(117.9));
        tick(118);

        assertThat(released().reason()).isEqualTo(ReleaseReason.BUDGET);
    }

    @Test
    void sleepOfTheWholeMachineUsesTheBudgetUp() {
        core.hold(at(100));
        core.answer(ControlAnswer.of(Verdict.WAITING), at(100.1));

        tick(3_700);

        assertThat(released().reason()).isEqualTo(ReleaseReason.BUDGET);
    }

    @Test
    void secondTermChangesNothing() {
        core.term(at(100));
        effects.clear();

        core.term(at(105));

        assertThat(effects).isEmpty();
    }

    private Released released() {
        assertThat(core.state()).isInstanceOf(Released.class);
        return (Released) core.state();
    }

    private void tick(double seconds) {
        core.tick(at(seconds), new Bystanders(lastOutside, connections, wire, at(seconds)));
    }

    private static ControlAnswer waitingWithGrace(int seconds) {
        return new ControlAnswer(
                Verdict.WAITING,
                List.of(),
                1,
                "",
                List.of(),
                OtherEndpoints.EXIST,
                Application.UNKNOWN,
                Optional.of(
                        new ControlAnswer.Deletion(
                                Optional.of(Duration.ofSeconds(seconds)), List.of())));
    }

    private DepartureCore core(int grace, int floor, Hold hold) {
        DepartureConfig config =
                new DepartureConfig(
                        Duration.ofSeconds(grace),
                        Duration.ofSeconds(floor),
                        Duration.ofSeconds(10),
                        hold,
                        TermMeaning.PLAIN_CONTAINER,
                        Optional.empty());
        return new DepartureCore(config, new RecordedEffects(effects));
    }

    private static Duration at(double seconds) {
        return Duration.ofMillis(Math.round(seconds * 1_000));
    }
}
