package dev.ebb.proxy.outbound;

import static dev.ebb.proxy.outbound.OutboundFixture.leaving;
import static dev.ebb.proxy.outbound.OutboundFixture.meshed;
import static dev.ebb.proxy.outbound.OutboundFixture.settings;
import static dev.ebb.proxy.outbound.OutboundFixture.unmeshed;
import static dev.ebb.proxy.outbound.OutboundFixture.withoutResending;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.proxy.balance.EndpointObserver.Applied;
import dev.ebb.proxy.stream.StreamReset.Cause;
import dev.ebb.proxy.testing.FakeConnection;
import dev.ebb.proxy.testing.FakeExchange;
import dev.ebb.proxy.testing.NoLeaks;
import dev.ebb.proxy.upstream.AcquireFailure.Reason;
import java.net.SocketException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What is sent again, and what never is (edge cases D 19, 20, 54).
@ExtendWith(NoLeaks.class)
final class ResendTest {

    private final OutboundFixture mesh;

    ResendTest() throws SocketException {
        mesh = new OutboundFixture(settings());
    }

    @Test
    void refusedConnectionIsTriedElsewhere() {
        mesh.peers.refuse(1, Reason.CONNECT_FAILED);
        mesh.peers.refuse(2, Reason.CONNECT_TIMEOUT);
        mesh.known(meshed(1), meshed(2), meshed(3));

        for (int i = 0; i < 20; i++) {
            mesh.get("web");
            mesh.peers.last().respond(200, "");
        }

        assertThat(mesh.peers.exchanges()).extracting(FakeExchange::port).containsOnly(3);
        assertThat(mesh.resent("connect_failed")).isBetween(1.0, 2.0);
    }

    @Test
    void connectionThatWasClosedBeforeWritingIsTriedElsewhere() {
        mesh.peers.closeBeforeWriting(1);
        mesh.known(meshed(1), meshed(2));

        for (int i = 0; i < 20; i++) {
            var call = mesh.post("web", 4);
            call.data("ping");
            call.end();
            mesh.peers.last().respond(200, "");
        }

        assertThat(mesh.peers.exchanges()).hasSize(20).allMatch(one -> one.body().equals("ping"));
        assertThat(mesh.resent("not_sent")).isPositive();
    }

    @Test
    void handedBackPostIsSentElsewhereExactlyOnce() {
        mesh.known(meshed(1), meshed(2));
        var call = mesh.post("web", 4);
        call.data("ping");
        call.end();
        FakeExchange first = mesh.peers.last();

        first.respond(503, "no", "ebb-not-delivered", "uid-" + first.port());
        FakeExchange second = mesh.peers.last();
        second.respond(200, "pong");

        assertThat(mesh.peers.exchanges()).hasSize(2);
        assertThat(second.port()).isNotEqualTo(first.port());
        assertThat(second.body()).isEqualTo("ping");
        assertThat(second.isEnded()).isTrue();
        assertThat(call.events()).containsExactly("head 200", "data pong", "end");
        assertThat(mesh.resent("not_delivered")).isEqualTo(1);
    }

    @Test
    void handedBackWhileTheBodyIsStillComingIsSentWhole() {
        mesh.known(meshed(1), meshed(2));
        var call = mesh.post("web", 8);
        call.data("ping");

        mesh.peers.last().head(503, "ebb-not-delivered", "uid");
        call.data("ping");
        call.end();

        assertThat(mesh.peers.exchanges()).hasSize(2);
        assertThat(mesh.peers.exchanges().getFirst().resetCause()).isEqualTo(Cause.CANCELLED);
        assertThat(mesh.peers.last().body()).isEqualTo("pingping");
        assertThat(mesh.peers.last().isEnded()).isTrue();
    }

    @Test
    void markOfAnUnmeshedPeerIsNotBelieved() {
        mesh.known(unmeshed(1), unmeshed(2));
        var call = mesh.get("web");

        mesh.peers.last().respond(503, "no", "ebb-not-delivered", "uid");

        assertThat(mesh.peers.exchanges()).hasSize(1);
        assertThat(call.events()).containsExactly("head 503", "data no", "end");
        assertThat(call.downstream.headers().names()).isEmpty();
    }

    @Test
    void markOnAnotherStatusMeansNothing() {
        mesh.known(meshed(1), meshed(2));
        var call = mesh.get("web");

        mesh.peers.last().respond(200, "", "ebb-not-delivered", "uid");

        assertThat(mesh.peers.exchanges()).hasSize(1);
        assertThat(call.events()).startsWith("head 200");
    }

    @Test
    void plain503IsNotSentAgain() {
        mesh.known(meshed(1), meshed(2));
        var call = mesh.get("web");

        mesh.peers.last().respond(503, "");

        assertThat(mesh.peers.exchanges()).hasSize(1);
        assertThat(call.events()).startsWith("head 503");
    }

    /// A request that was written may have been processed, whatever its method.
    @ParameterizedTest
    @EnumSource(
            value = Cause.class,
            names = {"PEER_CLOSED", "PROTOCOL", "TIMEOUT", "CANCELLED", "GRACE_EXPIRED"})
    void writtenRequestIsNeverSentAgain(Cause cause) {
        mesh.known(meshed(1), meshed(2));
        var call = mesh.post("web", 4);
        call.data("ping");
        call.end();

        mesh.peers.last().breakOff(cause);

        assertThat(mesh.peers.exchanges()).hasSize(1);
        assertThat(call.events().getFirst()).isIn("head 502", "head 504");
    }

    @Test
    void responseThatHasBegunIsNeverRepeated() {
        mesh.known(meshed(1), meshed(2));
        var call = mesh.get("web");
        mesh.peers.last().head(200);

        mesh.peers.last().breakOff(Cause.NOT_SENT);

        assertThat(mesh.peers.exchanges()).hasSize(1);
        assertThat(call.events()).containsExactly("head 200", "reset NOT_SENT");
    }

    @Test
    void bodyThatIsTooLargeToKeepIsNotSentAgainOnceItWasSent() {
        mesh.known(meshed(1), meshed(2));
        var call = mesh.post("web", -1);
        call.data("x".repeat(64 * 1024));
        call.data("x");

        mesh.peers.last().respond(503, "", "ebb-not-delivered", "uid");

        assertThat(mesh.peers.exchanges()).hasSize(1);
        assertThat(call.error()).isEqualTo("none");
        assertThat(call.events()).startsWith("head 503");
    }

    @Test
    void largeBodyOfWhichNothingWasSentGoesElsewhere() {
        mesh.peers.refuse(1, Reason.CONNECT_FAILED);
        mesh.known(meshed(1), meshed(2));

        for (int i = 0; i < 10; i++) {
            var call = mesh.post("web", 100_000);
            call.data("x".repeat(100_000));
            call.end();
            mesh.peers.last().respond(200, "");
        }

        assertThat(mesh.peers.exchanges())
                .hasSize(10)
                .allMatch(one -> one.body().length() == 100_000);
    }

    @Test
    void attemptsAreBounded() {
        for (int port = 1; port <= 9; port++) {
            mesh.peers.refuse(port, Reason.CONNECT_FAILED);
        }
        mesh.known(
                meshed(1), meshed(2), meshed(3), meshed(4), meshed(5), meshed(6), meshed(7),
                meshed(8), meshed(9));

        var call = mesh.get("web");

        assertThat(call.error()).isEqualTo("connect_failed");
        assertThat(mesh.resent("connect_failed")).isEqualTo(Resending.MAX_ATTEMPTS - 1);
    }

    @Test
    void noEndpointIsTriedTwiceWhileThereAreOthers() {
        mesh.known(meshed(1), meshed(2), meshed(3));
        mesh.get("web");

        for (int i = 0; i < 3; i++) {
            mesh.peers.last().respond(503, "", "ebb-not-delivered", "uid");
        }

        assertThat(mesh.peers.exchanges().subList(0, 3))
                .extracting(FakeExchange::port)
                .containsExactlyInAnyOrder(1, 2, 3);
    }

    @Test
    void onlyEndpointThatRefusesIsNotTriedAgain() {
        mesh.peers.refuse(1, Reason.CONNECT_FAILED);
        mesh.known(meshed(1));

        var call = mesh.get("web");

        assertThat(call.error()).isEqualTo("connect_failed");
        assertThat(mesh.resent("connect_failed")).isZero();
    }

    @Test
    void handedBackByAllWaitsForTheReplacement() {
        mesh.known(meshed(1));
        var call = mesh.get("web");
        mesh.peers.last().respond(503, "", "ebb-not-delivered", "uid-1", "ebb-leaving", "uid-1");
        mesh.publish(leaving(1));
        int sentBefore = mesh.peers.exchanges().size();

        mesh.publish(leaving(1), meshed(2));
        mesh.peers.last().respond(200, "");

        assertThat(sentBefore).isEqualTo(1);
        assertThat(mesh.peers.last().port()).isEqualTo(2);
        assertThat(call.events()).startsWith("head 200");
    }

    @Test
    void handedBackByAllIsAnswered503WhenNothingComes() {
        mesh.known(meshed(1));
        var call = mesh.get("web");
        mesh.peers.last().respond(503, "", "ebb-not-delivered", "uid-1");

        mesh.publish();
        mesh.loop.pass(Duration.ofMillis(3_100));

        assertThat(mesh.peers.exchanges()).hasSize(1);
        assertThat(call.error()).isEqualTo("no_endpoint");
    }

    @Test
    void waitEndsHoweverOftenTheEndpointsChange() {
        mesh.known(meshed(1));
        var call = mesh.get("web");
        mesh.peers.last().respond(503, "", "ebb-not-delivered", "uid-1");

        for (int i = 0; i < 50; i++) {
            mesh.publish(i % 2 == 0 ? leaving(1) : meshed(1));
            mesh.loop.pass(Duration.ofMillis(100));
        }

        assertThat(mesh.peers.exchanges()).hasSize(1);
        assertThat(call.error()).isEqualTo("no_endpoint");
    }

    @Test
    void legThatEndsWhileTheBodyIsWrittenIsReplaced() {
        mesh.peers.hang(1);
        mesh.peers.hang(2);
        mesh.known(meshed(1), meshed(2));
        var call = mesh.post("web", -1);
        call.data("ping");
        call.data("pong");
        mesh.peers.resetOnData(Cause.NOT_SENT);
        mesh.peers.hanging().getFirst().complete();
        mesh.peers.resetOnData(null);

        mesh.peers.hanging().getFirst().complete();
        call.end();
        mesh.peers.last().respond(200, "");

        assertThat(mesh.peers.exchanges()).hasSize(2);
        assertThat(mesh.peers.last().body()).isEqualTo("pingpong");
        assertThat(mesh.peers.last().isEnded()).isTrue();
        assertThat(call.events()).startsWith("head 200");
        assertThat(call.downstream.isPaused()).isFalse();
    }

    @Test
    void largeBodyWhoseLegEndsWhileItIsWrittenIsNotSentAgain() {
        mesh.peers.hang(1);
        mesh.known(meshed(1), meshed(1));
        var call = mesh.post("web", -1);
        call.data("x".repeat(40_000));
        call.data("x".repeat(40_000));
        mesh.peers.resetOnData(Cause.NOT_SENT);

        mesh.peers.hanging().getFirst().complete();

        assertThat(mesh.peers.exchanges()).hasSize(1);
        assertThat(call.error()).isEqualTo("upstream_reset");
    }

    @Test
    void connectingRequestMovesWhenItsEndpointLeaves() {
        mesh.peers.hang(1);
        mesh.known(meshed(1));
        var call = mesh.get("web");

        Applied applied = mesh.publish(leaving(1), meshed(2));

        assertThat(applied).isEqualTo(Applied.NORMAL);
        assertThat(mesh.peers.hanging()).isEmpty();
        assertThat(mesh.peers.last().port()).isEqualTo(2);
        assertThat(call.events()).isEmpty();
        assertThat(mesh.resent("connect_failed")).isZero();
    }

    @Test
    void queuedRequestsMoveWhenTheirEndpointLeaves() {
        mesh.peers.hang(1);
        mesh.known(meshed(1));
        for (int i = 0; i < 4; i++) {
            mesh.get("web");
        }

        mesh.publish(meshed(2));

        assertThat(mesh.peers.exchanges()).hasSize(4).allMatch(one -> one.port() == 2);
        assertThat(mesh.peers.hanging()).isEmpty();
    }

    @Test
    void idleConnectionsToAnEndpointThatLeavesAreClosedBeforeItCountsAsApplied() {
        mesh.known(meshed(1));
        mesh.get("web");
        mesh.peers.last().respond(200, "");
        boolean before = mesh.peers.connections().getFirst().isClosed();

        mesh.publish(leaving(1), meshed(2));

        assertThat(before).isFalse();
        assertThat(mesh.peers.connections().getFirst().isClosed()).isTrue();
    }

    @Test
    void activeRequestToAnEndpointThatLeavesIsFinishedThenItsConnectionIsClosed() {
        mesh.known(meshed(1));
        var call = mesh.get("web");
        FakeConnection connection = mesh.peers.connections().getFirst();

        mesh.publish(leaving(1), meshed(2));
        boolean closedWhileActive = connection.isClosed();
        mesh.peers.last().respond(200, "");

        assertThat(closedWhileActive).isFalse();
        assertThat(call.events()).startsWith("head 200");
        assertThat(connection.isClosed()).isTrue();
    }

    @Test
    void withoutResendingNothingIsSentTwice() throws SocketException {
        OutboundFixture off = new OutboundFixture(withoutResending());
        off.known(meshed(1), meshed(2));
        var call = off.get("web");

        off.peers.last().respond(503, "", "ebb-not-delivered", "uid");

        assertThat(off.peers.exchanges()).hasSize(1);
        assertThat(call.events()).startsWith("head 503");
        assertThat(off.peers.last().headers().get("ebb-client")).isEqualTo("streaming");
    }

    @Test
    void withoutResendingTheLeavingHeaderIsIgnored() throws SocketException {
        OutboundFixture off = new OutboundFixture(withoutResending());
        off.known(meshed(1));
        off.get("web");
        off.peers.last().respond(200, "", "ebb-leaving", "uid-1");

        boolean idleKept = !off.peers.connections().getFirst().isClosed();

        assertThat(idleKept).isTrue();
    }

    @Test
    void withoutResendingARequestStillMovesFromAnEndpointThatLeaves() throws SocketException {
        OutboundFixture off = new OutboundFixture(withoutResending());
        off.peers.hang(1);
        off.known(meshed(1));
        off.get("web");

        off.publish(leaving(1), meshed(2));

        assertThat(off.peers.last().port()).isEqualTo(2);
    }

    @Test
    void withoutResendingARefusedConnectionIsAnswered502() throws SocketException {
        OutboundFixture off = new OutboundFixture(withoutResending());
        off.peers.refuse(1, Reason.CONNECT_FAILED);
        off.known(meshed(1));

        var call = off.get("web");

        assertThat(call.events()).startsWith("head 502");
    }
}
