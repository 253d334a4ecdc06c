package dev.ebb.controlplane.index;

import static dev.ebb.controlplane.index.Mesh.API;
import static dev.ebb.controlplane.index.Mesh.WEB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.ebb.controlplane.cluster.ClusterEndpoint.Condition;
import dev.ebb.controlplane.cluster.Life;
import dev.ebb.controlplane.model.Cause;
import dev.ebb.controlplane.model.DepartureReport.Outcome;
import dev.ebb.controlplane.model.DepartureStatus;
import dev.ebb.controlplane.model.DepartureStatus.Application;
import dev.ebb.controlplane.model.DepartureStatus.Deletion;
import dev.ebb.controlplane.model.Instance;
import dev.ebb.controlplane.model.Phase;
import dev.ebb.controlplane.model.PublishedEndpoint;
import dev.ebb.controlplane.model.Vote;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// An index with a cluster: names and departures that nobody had to announce.
class ClusterTest {
    private static final Deletion GRACE =
            new Deletion(Optional.of(Duration.ofSeconds(30)), List.of("app"));

    private final FakeCluster cluster = new FakeCluster();
    private final Mesh mesh = Mesh.warm(cluster);

    @Test
    void nameOfTheClusterIsAnsweredWhenItIsAskedFor() throws Exception {
        cluster.serves(WEB, "web-a", Condition.READY);
        cluster.serves(WEB, "web-bb", Condition.NOT_READY);

        FakeProxy client = mesh.proxy("client").subscribes(1, WEB);

        assertThat(client.stream.view(1).holdsReady("web-a")).isTrue();
        assertThat(client.stream.view(1).endpoints).hasSize(1);
        assertThat(mesh.index.endpoints(WEB).orElseThrow())
                .extracting(PublishedEndpoint::source)
                .containsExactly(PublishedEndpoint.Source.CLUSTER);
    }

    @Test
    void changeIsPublishedToTheSubscribersOfItsHosts() throws Exception {
        cluster.serves(WEB, "web-a", Condition.READY);
        FakeProxy client = mesh.proxy("client").subscribes(1, WEB).subscribes(2, API);
        cluster.serves(WEB, "web-bb", Condition.READY);

        mesh.index.changed(Set.of(API.host()));

        assertThat(client.stream.view(1).holdsReady("web-bb")).isFalse();

        mesh.index.changed(Set.of(WEB.host()));

        assertThat(client.stream.view(1).holdsReady("web-bb")).isTrue();
    }

    @Test
    void deletionStartsADepartureThatIsReleasedWhenItHasBeenApplied() throws Exception {
        cluster.serves(WEB, "web-a", Condition.READY);
        cluster.serves(WEB, "web-bb", Condition.READY);
        FakeProxy client = mesh.proxy("client").subscribes(1, WEB).applies(1);

        mesh.index.leaves(new Instance("web-a", "web-a"), GRACE);

        assertThat(client.stream.view(1).holdsLeaving("web-a")).isTrue();
        FakeProxy leaving = mesh.proxy("web-a");
        mesh.index.question(leaving.connection);
        assertThat(leaving.toldState()).isEqualTo(DepartureStatus.State.WAITING);
        assertThat(leaving.stream.lastDeparture().deletion()).contains(GRACE);

        client.applies(1);

        assertThat(leaving.isReleased()).isTrue();
        assertThat(client.stream.view(1).holdsLeaving("web-a")).as("unpublished").isFalse();
        assertThat(mesh.report(leaving).cause()).contains(Cause.DELETED);
    }

    @Test
    void whoHasAppliedWhatTheSliceToldAheadOfThePodHasVoted() throws Exception {
        cluster.serves(WEB, "web-a", Condition.READY);
        cluster.serves(WEB, "web-bb", Condition.READY);
        FakeProxy quick = mesh.proxy("quick").subscribes(1, WEB).applies(1);
        FakeProxy slow = mesh.proxy("slow").subscribes(1, WEB).applies(1);
        cluster.serves(WEB, "web-a", Condition.LEAVING);
        mesh.index.changed(Set.of(WEB.host()));
        quick.applies(1);
        FakeProxy leaving = mesh.proxy("web-a");

        mesh.index.leaves(leaving.instance, GRACE);

        assertThat(mesh.report(leaving).votes())
                .extracting(vote -> vote.subscriber().name(), Vote::outcome)
                .containsExactlyInAnyOrder(
                        tuple("quick", Vote.Outcome.APPLIED), tuple("slow", Vote.Outcome.WAITING));
        assertThat(leaving.isReleased()).isFalse();

        slow.applies(1);

        assertThat(leaving.isReleased()).isTrue();
    }

    @Test
    void deletionIsToldUnaskedAndSoIsEveryChangeUntilTheRelease() throws Exception {
        cluster.serves(WEB, "web-a", Condition.READY);
        cluster.serves(WEB, "web-bb", Condition.READY);
        FakeProxy client = mesh.proxy("client").subscribes(1, WEB).applies(1);
        FakeProxy leaving = mesh.proxy("web-a");

        mesh.index.leaves(leaving.instance, GRACE);

        assertThat(leaving.toldState()).isEqualTo(DepartureStatus.State.WAITING);
        assertThat(leaving.stream.lastDeparture().deletion()).contains(GRACE);

        client.applies(1);

        assertThat(leaving.isReleased()).isTrue();
        assertThat(leaving.stream.departures).as("each change once").hasSize(2);
    }

    @Test
    void sameNewsOfADeletionIsNotToldTwice() throws Exception {
        cluster.serves(WEB, "web-a", Condition.READY);
        FakeProxy leaving = mesh.proxy("web-a");
        mesh.index.leaves(leaving.instance, GRACE);
        int told = leaving.stream.departures.size();

        mesh.index.leaves(leaving.instance, GRACE);

        assertThat(leaving.stream.departures).hasSize(told);
    }

    @Test
    void deletionIsToldToWhoConnectsLater() throws Exception {
        cluster.serves(WEB, "web-a", Condition.READY);
        cluster.serves(WEB, "web-bb", Condition.READY);
        FakeProxy leaving = mesh.proxy("web-a");
        leaving.disconnects();
        mesh.index.leaves(leaving.instance, GRACE);

        leaving.reconnects();

        assertThat(leaving.stream.departures)
                .singleElement()
                .satisfies(told -> assertThat(told.deletion()).contains(GRACE));
    }

    @Test
    void deletionIsToldWhileWarmingUp() throws Exception {
        Mesh fresh = new Mesh(IndexSettings.DEFAULT, cluster);
        cluster.serves(WEB, "web-a", Condition.READY);
        FakeProxy leaving = fresh.proxy("web-a");

        fresh.index.leaves(leaving.instance, GRACE);

        assertThat(leaving.toldState()).isEqualTo(DepartureStatus.State.CANNOT_TELL);
        assertThat(leaving.stream.lastDeparture().deletion()).contains(GRACE);
    }

    @Test
    void nothingIsToldUnaskedOfADepartureThatTheInstanceItselfBegan() throws Exception {
        FakeProxy held = mesh.proxy("web-a").leaves();
        held.disconnects();

        held.reconnects();

        assertThat(held.stream.departures).isEmpty();
    }

    @Test
    void leavingIsStickyWhateverTheClusterSaysLater() throws Exception {
        cluster.serves(WEB, "web-a", Condition.READY);
        cluster.serves(WEB, "web-bb", Condition.READY);
        FakeProxy client = mesh.proxy("client").subscribes(1, WEB).applies(1);
        mesh.index.leaves(new Instance("web-a", "web-a"), GRACE);
        client.applies(1);

        mesh.index.changed(Set.of(WEB.host()));

        assertThat(client.stream.view(1).endpoints).hasSize(1);
        assertThat(client.stream.view(1).holdsReady("web-bb")).isTrue();
    }

    @Test
    void questionBeforeTheNewsIsAnsweredByALookAtThePod() throws Exception {
        cluster.serves(WEB, "web-a", Condition.READY);
        cluster.serves(WEB, "web-bb", Condition.READY);
        mesh.proxy("client").subscribes(1, WEB).applies(1);
        FakeProxy asking = mesh.proxy("web-a");

        mesh.index.question(asking.connection);

        assertThat(asking.stream.departures).as("nothing before the look").isEmpty();

        cluster.answer(new Life.Leaves(GRACE));

        assertThat(asking.toldState()).isEqualTo(DepartureStatus.State.WAITING);
    }

    @Test
    void podThatIsAliveHasNoDeparture() throws Exception {
        FakeProxy asking = mesh.proxy("web-a");

        mesh.index.question(asking.connection);
        cluster.answer(new Life.Alive());

        assertThat(asking.toldState()).isEqualTo(DepartureStatus.State.NONE);
        assertThat(mesh.index.departures("")).isEmpty();
    }

    @Test
    void podThatCannotBeReadGetsCannotTell() throws Exception {
        FakeProxy asking = mesh.proxy("web-a");

        mesh.index.question(asking.connection);
        cluster.answer(new Life.CannotTell("the pod could not be read: timeout"));

        assertThat(asking.toldState()).isEqualTo(DepartureStatus.State.CANNOT_TELL);
        assertThat(asking.stream.lastDeparture().reason()).contains("timeout");
    }

    @Test
    void lookThatIsOvertakenByTheNewsChangesNothing() throws Exception {
        cluster.serves(WEB, "web-a", Condition.READY);
        FakeProxy asking = mesh.proxy("web-a");
        mesh.index.question(asking.connection);
        mesh.index.leaves(asking.instance, GRACE);

        cluster.answer(new Life.Alive());

        assertThat(asking.toldState()).isNotEqualTo(DepartureStatus.State.NONE);
        assertThat(mesh.index.departures("")).hasSize(1);
    }

    @Test
    void shorterGraceThatComesLaterIsTold() throws Exception {
        cluster.serves(WEB, "web-a", Condition.READY);
        cluster.serves(WEB, "web-bb", Condition.READY);
        mesh.proxy("client").subscribes(1, WEB).applies(1);
        FakeProxy leaving = mesh.proxy("web-a");
        mesh.index.leaves(leaving.instance, GRACE);
        mesh.index.question(leaving.connection);

        mesh.index.leaves(leaving.instance, Deletion.within(Duration.ofSeconds(5)));
        mesh.index.leaves(leaving.instance, Deletion.within(Duration.ofSeconds(60)));

        assertThat(leaving.stream.lastDeparture().deletion())
                .contains(new Deletion(Optional.of(Duration.ofSeconds(5)), List.of("app")));
    }

    @Test
    void departureOfAPodOutlivesTheStreamOfItsProxy() throws Exception {
        cluster.serves(WEB, "web-a", Condition.READY);
        cluster.serves(WEB, "web-bb", Condition.READY);
        FakeProxy client = mesh.proxy("client").subscribes(1, WEB).applies(1);
        FakeProxy leaving = mesh.proxy("web-a");
        mesh.index.leaves(leaving.instance, GRACE);

        leaving.disconnects();
        mesh.pass(Duration.ofSeconds(5));

        assertThat(client.stream.view(1).holdsLeaving("web-a")).isTrue();
        assertThat(mesh.events.ended).isEmpty();

        cluster.phases.put("web-a", Phase.GONE);
        mesh.index.vanished("web-a");

        assertThat(mesh.events.ended)
                .singleElement()
                .satisfies(end -> assertThat(end.outcome()).isInstanceOf(Outcome.Vanished.class));
    }

    @Test
    void ledgerOfAPodThatTheClusterHasForgottenIsStillTaken() throws Exception {
        cluster.serves(WEB, "web-a", Condition.READY);
        FakeProxy leaving = mesh.proxy("web-a");
        mesh.index.leaves(leaving.instance, GRACE);
        cluster.phases.put("web-a", Phase.GONE);
        mesh.index.vanished("web-a");

        leaving.sendsLedger();

        assertThat(mesh.events.ended)
                .singleElement()
                .satisfies(end -> assertThat(end.outcome()).isInstanceOf(Outcome.Recorded.class));
    }

    @Test
    void proxyThatWasRestartedInALivingPodServesAgain() throws Exception {
        cluster.serves(WEB, "web-a", Condition.READY);
        FakeProxy client = mesh.proxy("client").subscribes(1, WEB);
        FakeProxy restarted = mesh.proxy("web-a").leaves();
        restarted.sendsLedger();
        restarted.disconnects();
        assertThat(client.stream.view(1).endpoints).isEmpty();

        restarted.reconnects();

        assertThat(client.stream.view(1).holdsReady("web-a")).isTrue();
    }

    @Test
    void proxyThatComesBackInAPodThatLeavesStaysGone() throws Exception {
        cluster.serves(WEB, "web-a", Condition.READY);
        FakeProxy client = mesh.proxy("client").subscribes(1, WEB);
        FakeProxy leaving = mesh.proxy("web-a");
        cluster.phases.put("web-a", Phase.LEAVING);
        mesh.index.leaves(leaving.instance, GRACE);
        leaving.sendsLedger();
        leaving.disconnects();

        leaving.reconnects();
        mesh.index.leaves(leaving.instance, GRACE);

        assertThat(client.stream.view(1).holdsReady("web-a")).isFalse();
        assertThat(mesh.events.ended).hasSize(1);
    }

    @Test
    void applicationThatHasGoneIsToldUnasked() throws Exception {
        FakeProxy job = mesh.proxy("job");

        cluster.applications.put("job", Application.GONE);
        mesh.index.applicationGone("job");

        assertThat(job.toldState()).isEqualTo(DepartureStatus.State.NONE);
        assertThat(job.stream.lastDeparture().application()).isEqualTo(Application.GONE);
    }

    @Test
    void applicationThatHasGoneIsToldAfterAReconnect() throws Exception {
        cluster.applications.put("job", Application.GONE);

        FakeProxy job = mesh.proxy("job");

        assertThat(job.stream.lastDeparture().application()).isEqualTo(Application.GONE);
    }

    @Test
    void applicationThatGoesAfterTheReleaseIsTold() throws Exception {
        cluster.serves(WEB, "web-a", Condition.READY);
        cluster.serves(WEB, "web-bb", Condition.READY);
        FakeProxy leaving = mesh.proxy("web-a");
        mesh.index.leaves(leaving.instance, GRACE);
        mesh.index.question(leaving.connection);
        assertThat(leaving.isReleased()).isTrue();
        assertThat(leaving.stream.lastDeparture().application()).isEqualTo(Application.RUNNING);

        cluster.applications.put("web-a", Application.GONE);
        mesh.index.applicationGone("web-a");

        assertThat(leaving.isReleased()).isTrue();
        assertThat(leaving.stream.lastDeparture().application()).isEqualTo(Application.GONE);
    }

    @Test
    void releaseOfTheLastEndpointWaitsForAPodThatIsNotReadyYet() throws Exception {
        cluster.serves(WEB, "web-a", Condition.READY);
        cluster.serves(WEB, "web-bb", Condition.NOT_READY);
        FakeProxy client = mesh.proxy("client").subscribes(1, WEB).applies(1);
        FakeProxy leaving = mesh.proxy("web-a");
        mesh.index.leaves(leaving.instance, GRACE);
        mesh.index.question(leaving.connection);
        client.appliesAsLastResort(1);

        mesh.pass(Duration.ofSeconds(10));

        assertThat(leaving.toldState()).isEqualTo(DepartureStatus.State.WAITING);

        cluster.serves(WEB, "web-bb", Condition.READY);
        mesh.index.changed(List.of(WEB.host()));
        client.applies(1);

        assertThat(leaving.isReleased()).isTrue();
    }
}
