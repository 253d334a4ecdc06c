package dev.ebb.proxy.outbound;

import static dev.ebb.proxy.outbound.OutboundFixture.leaving;
import static dev.ebb.proxy.outbound.OutboundFixture.meshed;
import static dev.ebb.proxy.outbound.OutboundFixture.settings;
import static dev.ebb.proxy.outbound.OutboundFixture.unmeshed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.proxy.balance.EndpointSet;
import dev.ebb.proxy.stream.StreamReset;
import dev.ebb.proxy.testing.FakeExchange;
import dev.ebb.proxy.testing.NoLeaks;
import dev.ebb.proxy.upstream.AcquireFailure.Reason;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The way of one outbound request; what is sent again is in ResendTest.
@ExtendWith(NoLeaks.class)
final class OutboundRequestTest {

    private final OutboundFixture mesh;

    OutboundRequestTest() throws SocketException {
        mesh = new OutboundFixture(settings());
    }

    @Test
    void passesRequestAndResponseThrough() {
        mesh.known(meshed(1));

        var call = mesh.post("web", 4);
        call.data("ping");
        call.end();
        FakeExchange exchange = mesh.peers.last();
        exchange.respond(200, "pong");

        assertThat(exchange.body()).isEqualTo("ping");
        assertThat(exchange.isEnded()).isTrue();
        assertThat(call.events()).containsExactly("head 200", "data pong", "end");
        assertThat(mesh.terminations()).containsExactly("-");
    }

    @Test
    void authorityIsLoweredAndGetsPort80() {
        mesh.get("WEB.demo");

        assertThat(mesh.resolving).containsOnlyKeys("web.demo:80");
    }

    @Test
    void requestWithoutAuthorityIsAnswered400() {
        var call = mesh.get("");

        assertThat(call.events()).startsWith("head 400");
        assertThat(call.error()).isEqualTo("no_authority");
    }

    @Test
    void ownListenerIsRefusedUnderAnyLocalName() {
        mesh.own.add(new InetSocketAddress(4191));

        List<String> errors =
                List.of(
                                "127.0.0.1:4191",
                                "localhost:4191",
                                "[::1]:4191",
                                "0.0.0.0:4191",
                                "127.9.9.9:4191")
                        .stream()
                        .map(authority -> mesh.get(authority).error())
                        .toList();

        assertThat(errors).containsOnly("loop");
        assertThat(mesh.resolving).isEmpty();
    }

    @Test
    void unknownDestinationIsAnswered502() {
        var call = mesh.get("web");

        mesh.publish("web:80", EndpointSet.UNKNOWN);

        assertThat(call.events()).startsWith("head 502");
        assertThat(call.error()).isEqualTo("unknown_destination");
        assertThat(mesh.terminations()).containsExactly("NR");
    }

    @Test
    void waitsForTheFirstStateThenSends() {
        var call = mesh.get("web");
        assertThat(call.events()).isEmpty();

        mesh.publish(meshed(1));
        mesh.peers.last().respond(200, "pong");

        assertThat(call.events()).containsExactly("head 200", "data pong", "end");
    }

    @Test
    void silenceOfDiscoveryIsAnswered503AfterTheWait() {
        var call = mesh.get("web");

        mesh.loop.pass(Duration.ofMillis(2_900));
        List<String> before = List.copyOf(call.events());
        mesh.loop.pass(Duration.ofMillis(200));

        assertThat(before).isEmpty();
        assertThat(call.events()).startsWith("head 503");
        assertThat(call.error()).isEqualTo("discovery_unavailable");
    }

    @Test
    void noEndpointIsAnswered503AfterTheWait() {
        mesh.known();

        var call = mesh.get("web");
        mesh.loop.pass(Duration.ofMillis(3_100));

        assertThat(call.error()).isEqualTo("no_endpoint");
        assertThat(mesh.terminations()).containsExactly("UH");
    }

    @Test
    void replacementThatComesWithinTheWaitServesTheRequest() {
        mesh.known();
        var call = mesh.get("web");
        mesh.loop.pass(Duration.ofSeconds(2));

        mesh.publish(meshed(1));
        mesh.peers.last().respond(200, "");

        assertThat(call.events()).startsWith("head 200");
    }

    @Test
    void privateHeadersOfTheApplicationAreReplacedByOurs() {
        mesh.known(meshed(1));

        mesh.get("web", "ebb-client", "streaming", "Ebb-Leaving", "x", "x-id", "7");

        assertThat(mesh.peers.last().headers().names())
                .containsExactlyInAnyOrder("x-id", "ebb-client");
        assertThat(mesh.peers.last().headers().getAll("ebb-client")).containsExactly("resendable");
    }

    @Test
    void bodyThatIsNotKeptWholeIsMarkedStreaming() {
        mesh.known(meshed(1));

        mesh.post("web", 64 * 1024 + 1).end();
        mesh.post("web", -1).end();
        mesh.post("web", 64 * 1024).end();

        assertThat(mesh.peers.exchanges())
                .extracting(exchange -> exchange.headers().get("ebb-client"))
                .containsExactly("streaming", "streaming", "resendable");
    }

    @Test
    void privateHeadersOfAMeshedResponseAreStrippedButForTheError() {
        mesh.known(meshed(1));
        var call = mesh.get("web");

        mesh.peers
                .last()
                .respond(
                        200,
                        "",
                        "ebb-leaving",
                        "uid-1",
                        "ebb-proxy-error",
                        "overloaded",
                        "x-id",
                        "7");

        assertThat(call.downstream.headers().names())
                .containsExactlyInAnyOrder("ebb-proxy-error", "x-id");
    }

    @Test
    void privateHeadersOfAnUnmeshedResponseAreAllStripped() {
        mesh.known(unmeshed(1));
        var call = mesh.get("web");

        mesh.peers.last().respond(200, "", "ebb-leaving", "uid-1", "ebb-proxy-error", "made up");

        assertThat(call.downstream.headers().names()).isEmpty();
    }

    @Test
    void interimResponseIsPassedOn() {
        mesh.known(meshed(1));
        var call = mesh.post("web", 4);

        mesh.peers.last().informational(100);

        assertThat(call.events()).containsExactly("informational 100");
    }

    @Test
    void interimResponsesWaitForASlowDownstreamToo() {
        mesh.known(meshed(1));
        var call = mesh.get("web");
        FakeExchange exchange = mesh.peers.last();

        call.downstream.writable = false;
        exchange.informational(103);
        boolean pausedWhileFull = exchange.isPaused();
        call.listener.writable();

        assertThat(pausedWhileFull).isTrue();
        assertThat(exchange.isPaused()).isFalse();
    }

    @Test
    void privateHeadersPassInNoTrailers() {
        mesh.known(meshed(1));
        var call = mesh.post("web", -1);
        HttpHeaders up = new DefaultHttpHeaders().set("ebb-client", "resendable").set("sum", "1");

        call.listener.end(up);

        assertThat(up.names()).containsExactly("sum");
    }

    @Test
    void slowUpstreamPausesDownstreamUntilItCanTakeMore() {
        mesh.known(meshed(1));
        var call = mesh.post("web", -1);
        FakeExchange exchange = mesh.peers.last();

        exchange.writable = false;
        call.data("x");
        boolean pausedWhileFull = call.downstream.isPaused();
        exchange.becomeWritable();

        assertThat(pausedWhileFull).isTrue();
        assertThat(call.downstream.isPaused()).isFalse();
    }

    @Test
    void slowDownstreamPausesUpstreamUntilItCanTakeMore() {
        mesh.known(meshed(1));
        var call = mesh.get("web");
        FakeExchange exchange = mesh.peers.last();
        exchange.head(200);

        call.downstream.writable = false;
        exchange.respondData("x");
        boolean pausedWhileFull = exchange.isPaused();
        call.listener.writable();

        assertThat(pausedWhileFull).isTrue();
        assertThat(exchange.isPaused()).isFalse();
    }

    @Test
    void bodyWaitsForTheConnectionWithinItsBound() {
        mesh.peers.hang(1);
        mesh.known(meshed(1));
        var call = mesh.post("web", -1);

        call.data("x".repeat(64 * 1024));
        boolean pausedWhenFull = call.downstream.isPaused();
        mesh.peers.hanging().getFirst().complete();
        call.end();

        assertThat(pausedWhenFull).isTrue();
        assertThat(call.downstream.isPaused()).isFalse();
        assertThat(mesh.peers.last().body()).hasSize(64 * 1024);
        assertThat(mesh.peers.last().isEnded()).isTrue();
    }

    @Test
    void callerThatGoesAwayCancelsTheRequest() {
        mesh.known(meshed(1));
        var call = mesh.get("web");

        call.listener.reset(new StreamReset(StreamReset.Cause.PEER_CLOSED, "test"));

        assertThat(mesh.peers.last().resetCause()).isEqualTo(StreamReset.Cause.CANCELLED);
        assertThat(mesh.terminations()).containsExactly("DC");
    }

    @Test
    void callerThatGoesAwayWhileItWaitsIsForgotten() {
        var call = mesh.get("web");

        call.listener.reset(new StreamReset(StreamReset.Cause.PEER_CLOSED, "test"));
        mesh.publish(meshed(1));

        assertThat(mesh.peers.exchanges()).isEmpty();
        assertThat(call.events()).isEmpty();
    }

    @Test
    void callerThatGoesAwayWhileConnectingLeavesTheConnectionToOthers() {
        mesh.peers.hang(1);
        mesh.known(meshed(1));
        var gone = mesh.get("web");
        gone.listener.reset(new StreamReset(StreamReset.Cause.PEER_CLOSED, "test"));

        mesh.peers.hanging().getFirst().complete();
        mesh.get("web");

        assertThat(mesh.peers.connections()).hasSize(1);
        assertThat(mesh.peers.exchanges()).hasSize(1);
    }

    @Test
    void earlyResponseEndsTheUpload() {
        mesh.known(meshed(1));
        var call = mesh.post("web", -1);
        call.data("part");

        mesh.peers.last().respond(413, "too large");
        call.data("more");

        assertThat(call.events()).containsExactly("head 413", "data too large", "end");
        assertThat(mesh.peers.last().resetCause()).isEqualTo(StreamReset.Cause.CANCELLED);
        assertThat(mesh.peers.last().body()).isEqualTo("part");
        assertThat(call.downstream.isPaused()).isFalse();
    }

    @Test
    void responseThatIsCutIsCutDownstream() {
        mesh.known(meshed(1));
        var call = mesh.get("web");
        mesh.peers.last().head(200);
        mesh.peers.last().respondData("half");

        mesh.peers.last().breakOff(StreamReset.Cause.PEER_CLOSED);

        assertThat(call.events()).containsExactly("head 200", "data half", "reset PEER_CLOSED");
        assertThat(mesh.terminations()).containsExactly("UC");
    }

    @Test
    void responseThatIsNotUnderstoodIsAnswered502() {
        mesh.known(meshed(1));
        var call = mesh.get("web");

        mesh.peers.last().breakOff(StreamReset.Cause.PROTOCOL);

        assertThat(call.error()).isEqualTo("upstream_protocol");
        assertThat(call.events()).startsWith("head 502");
    }

    @Test
    void responseThatDoesNotBeginInTimeIsAnswered504() throws SocketException {
        OutboundSettings usual = settings();
        OutboundFixture impatient =
                new OutboundFixture(
                        new OutboundSettings(
                                usual.uid(),
                                usual.opaquePorts(),
                                usual.resend(),
                                usual.connectTimeout(),
                                Duration.ofSeconds(1),
                                usual.http1(),
                                usual.limits()));
        impatient.known(meshed(1));
        var call = impatient.get("web");

        impatient.loop.pass(Duration.ofMillis(1_100));

        assertThat(call.events()).startsWith("head 504");
        assertThat(call.error()).isEqualTo("upstream_timeout");
        assertThat(impatient.peers.last().resetCause()).isEqualTo(StreamReset.Cause.TIMEOUT);
    }

    @Test
    void switchedConnectionIsOpenUntilBothHalvesHaveEnded() {
        mesh.known(meshed(1));
        var call = mesh.get("web", "upgrade", "websocket");
        FakeExchange exchange = mesh.peers.last();
        exchange.head(101);

        exchange.respondData("hello");
        call.data("bye");
        exchange.respondEnd();
        call.data(" bye");
        boolean stillOpen =
                mesh.outbound.destinations().size() == 1 && !call.events().contains("reset");
        call.end();

        assertThat(stillOpen).isTrue();
        assertThat(call.events()).containsExactly("head 101", "data hello", "end");
        assertThat(exchange.body()).isEqualTo("bye bye");
        assertThat(mesh.terminations()).containsExactly("-");
    }

    @Test
    void instanceThatSaysItLeavesIsNotPickedAgain() {
        mesh.known(meshed(1), meshed(2));
        mesh.get("web");
        int leaving = mesh.peers.last().port();
        mesh.peers.last().respond(200, "", "ebb-leaving", "uid-" + leaving);

        for (int i = 0; i < 20; i++) {
            mesh.get("web");
            mesh.peers.last().respond(200, "");
        }

        assertThat(mesh.peers.exchanges().subList(1, 21))
                .extracting(FakeExchange::port)
                .containsOnly(3 - leaving);
        assertThat(mesh.peers.connections())
                .filteredOn(connection -> connection.port() == leaving)
                .allMatch(connection -> connection.isClosed());
    }

    @Test
    void unmeshedInstanceIsNotBelievedToLeave() {
        mesh.known(unmeshed(1), unmeshed(2));
        mesh.get("web");
        int liar = mesh.peers.last().port();
        mesh.peers.last().respond(200, "", "ebb-leaving", "uid-" + liar);

        mesh.loop.pass(Duration.ofSeconds(40));
        for (int i = 0; i < 50; i++) {
            mesh.known(unmeshed(1), unmeshed(2));
            mesh.get("web");
            mesh.peers.last().respond(200, "");
        }

        assertThat(mesh.peers.exchanges().subList(1, 51))
                .extracting(FakeExchange::port)
                .contains(liar);
    }

    @Test
    void lastResortServesWhileNothingIsReady() {
        mesh.known(leaving(1));

        var call = mesh.get("web");
        mesh.peers.last().respond(200, "");

        assertThat(call.events()).startsWith("head 200");
    }

    @Test
    void tooManyWaitersForOneConnectionAreAnswered503() {
        mesh.peers.hang(1);
        mesh.known(meshed(1));
        for (int i = 0; i < 4; i++) {
            mesh.get("web");
        }

        var fifth = mesh.get("web");

        assertThat(fifth.error()).isEqualTo("overloaded");
        assertThat(mesh.errors("overloaded")).isEqualTo(1);
    }

    @Test
    void endpointThatIsOurselvesIsRefused() {
        mesh.peers.refuse(1, Reason.OWN_LISTENER);
        mesh.known(meshed(1));

        var call = mesh.get("web");

        assertThat(call.events()).startsWith("head 403");
        assertThat(call.error()).isEqualTo("loop");
    }
}
