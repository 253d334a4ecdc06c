package dev.ebb.controlplane.index;

import static dev.ebb.controlplane.index.Mesh.WEB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.controlplane.model.DepartureStatus;
import dev.ebb.controlplane.model.Vote;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// The departure of an endpoint that nothing ready stands beside.
class LastEndpointTest {
    private final Mesh mesh = Mesh.warm();

    @Test
    void lastEndpointWithoutReplacementIsReleasedAfterASecond() throws Exception {
        FakeProxy leaving = mesh.proxy("web-1").serves(WEB);
        FakeProxy client = mesh.proxy("client").subscribes(1, WEB).applies(1);

        leaving.leaves();
        client.appliesAsLastResort(1);
        mesh.pass(Duration.ofMillis(900));

        assertThat(leaving.toldState()).isEqualTo(DepartureStatus.State.WAITING);

        mesh.pass(Duration.ofMillis(100));

        assertThat(leaving.isReleased()).isTrue();
        assertThat(leaving.stream.lastDeparture().noOtherEndpoint()).isTrue();
        assertThat(mesh.report(leaving).votes())
                .singleElement()
                .satisfies(vote -> assertThat(vote.outcome()).isEqualTo(Vote.Outcome.LAST_RESORT));
        assertThat(client.stream.view(1).endpoints).as("the last resort has ended").isEmpty();
        assertThat(client.stream.view(1).known).as("a known emptiness").isTrue();
    }

    @Test
    void releaseOfTheLastEndpointWaitsForAReplacementThatIsComing() throws Exception {
        FakeProxy leaving = mesh.proxy("web-1").serves(WEB);
        FakeProxy replacement = mesh.proxy("web-2").willServe(WEB);
        FakeProxy client = mesh.proxy("client").subscribes(1, WEB).applies(1);

        leaving.leaves();
        client.appliesAsLastResort(1);
        mesh.pass(Duration.ofSeconds(20));

        assertThat(leaving.toldState()).isEqualTo(DepartureStatus.State.WAITING);
        assertThat(leaving.stream.lastDeparture().reason()).isEqualTo("a replacement is coming");

        replacement.serves(WEB);
        client.applies(1);

        assertThat(leaving.isReleased()).isTrue();
        assertThat(leaving.stream.lastDeparture().noOtherEndpoint()).isFalse();
    }

    @Test
    void lastResortOfAnOldGenerationDoesNotCountOnceAReplacementIsReady() throws Exception {
        FakeProxy leaving = mesh.proxy("web-1").serves(WEB);
        FakeProxy replacement = mesh.proxy("web-2").willServe(WEB);
        FakeProxy client = mesh.proxy("client").subscribes(1, WEB).applies(1);
        leaving.leaves();
        client.appliesAsLastResort(1);
        long lastResort = client.stream.view(1).generation;

        replacement.serves(WEB);

        assertThat(leaving.toldState()).isEqualTo(DepartureStatus.State.WAITING);
        assertThat(leaving.stream.lastDeparture().waiting()).isEqualTo(1);

        client.applies(1, lastResort);

        assertThat(leaving.toldState()).isEqualTo(DepartureStatus.State.WAITING);

        client.applies(1);

        assertThat(leaving.isReleased()).isTrue();
    }

    @Test
    void clientThatStillPicksLeavingOnesAmongReadyOnesIsWaitedFor() throws Exception {
        FakeProxy leaving = mesh.proxy("web-1").serves(WEB);
        mesh.proxy("web-2").serves(WEB);
        FakeProxy client = mesh.proxy("client").subscribes(1, WEB).applies(1);

        leaving.leaves();
        client.appliesAsLastResort(1);
        mesh.pass(Duration.ofSeconds(5));

        assertThat(leaving.toldState()).isEqualTo(DepartureStatus.State.WAITING);
    }

    @Test
    void replacementThatNeverComesIsWaitedForNoLongerThanItLives() throws Exception {
        FakeProxy leaving = mesh.proxy("web-1").serves(WEB);
        FakeProxy replacement = mesh.proxy("web-2").willServe(WEB);
        leaving.leaves();
        mesh.pass(Duration.ofSeconds(5));
        assertThat(leaving.toldState()).isEqualTo(DepartureStatus.State.WAITING);

        replacement.disconnects();
        mesh.pass(Duration.ofSeconds(2));

        assertThat(leaving.isReleased()).isTrue();
    }

    @Test
    void replacementThatLeavesItselfIsNotComing() throws Exception {
        FakeProxy leaving = mesh.proxy("web-1").serves(WEB);
        FakeProxy other = mesh.proxy("web-2").willServe(WEB);

        other.leaves();
        leaving.leaves();
        mesh.pass(Duration.ofSeconds(1));

        assertThat(leaving.isReleased()).isTrue();
        assertThat(other.isReleased()).isTrue();
    }

    @Test
    void allEndpointsThatLeaveTogetherAreReleased() throws Exception {
        FakeProxy first = mesh.proxy("web-1").serves(WEB);
        FakeProxy second = mesh.proxy("web-2").serves(WEB);
        FakeProxy client = mesh.proxy("client").subscribes(1, WEB).applies(1);

        first.leaves();
        second.leaves();
        client.appliesAsLastResort(1);
        mesh.pass(Duration.ofSeconds(1));

        assertThat(first.isReleased()).isTrue();
        assertThat(second.isReleased()).isTrue();
        assertThat(client.stream.view(1).endpoints).isEmpty();
    }

    @Test
    void instanceThatServesNothingIsReleasedAtOnce() throws Exception {
        FakeProxy job = mesh.proxy("job").leaves();

        assertThat(job.isReleased()).isTrue();
        assertThat(job.stream.lastDeparture().noOtherEndpoint()).isFalse();
    }

    @Test
    void instanceThatWasNeverReadyIsReleasedWithoutVotes() throws Exception {
        FakeProxy starting = mesh.proxy("web-1").willServe(WEB);
        mesh.proxy("web-2").serves(WEB);
        mesh.proxy("client").subscribes(1, WEB).applies(1);

        starting.leaves();

        assertThat(starting.isReleased()).isTrue();
    }
}
