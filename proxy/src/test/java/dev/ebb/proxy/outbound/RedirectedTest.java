package dev.ebb.proxy.outbound;

import static dev.ebb.proxy.outbound.OutboundFixture.OWN_UID;
import static dev.ebb.proxy.outbound.OutboundFixture.meshed;
import static dev.ebb.proxy.outbound.OutboundFixture.settings;
import static dev.ebb.proxy.outbound.OutboundFixture.unmeshed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.proxy.balance.Endpoint;
import dev.ebb.proxy.balance.EndpointSet;
import dev.ebb.proxy.balance.EndpointState;
import dev.ebb.proxy.testing.NoLeaks;
import dev.ebb.proxy.transport.OwnListeners;
import dev.ebb.proxy.upstream.AcquireFailure.Reason;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Requests on connections that the kernel has redirected here.
@ExtendWith(NoLeaks.class)
final class RedirectedTest {

    private static final String CLUSTER_IP = "10.96.0.10:80";
    private static final InetSocketAddress ORIGINAL = address("10.96.0.10", 80);

    private final OutboundFixture mesh;

    RedirectedTest() throws SocketException {
        mesh = new OutboundFixture(settings());
    }

    @Test
    void originalDestinationIsAskedForWhateverTheHostSays() {
        var call = mesh.redirected(ORIGINAL, "somewhere.else:8080");

        mesh.publish(CLUSTER_IP, new EndpointSet(true, List.of(meshed(1))));
        mesh.peers.last().respond(200, "");

        assertThat(mesh.resolving).containsOnlyKeys(CLUSTER_IP);
        assertThat(mesh.peers.last().port()).isEqualTo(1);
        assertThat(call.events()).startsWith("head 200");
    }

    @Test
    void requestWithoutAHostHasADestinationAllTheSame() {
        mesh.redirected(ORIGINAL, "");

        mesh.publish(CLUSTER_IP, EndpointSet.UNKNOWN);

        assertThat(mesh.peers.last().port()).isEqualTo(80);
    }

    @Test
    void ipv6IsAskedForInItsShortForm() {
        mesh.redirected(address("fd00:10:96:0:0:0:0:a", 80), "web");

        assertThat(mesh.resolving).containsOnlyKeys("[fd00:10:96::a]:80");
    }

    @Test
    void whatNobodyKnowsGoesWhereItWantedToGo() {
        mesh.redirected(ORIGINAL, "web");

        mesh.publish(CLUSTER_IP, EndpointSet.UNKNOWN);

        assertThat(mesh.peers.last().port()).isEqualTo(80);
    }

    @Test
    void withoutAWordItGoesWhereItWantedToGoAfterASecond() {
        mesh.redirected(ORIGINAL, "web");
        mesh.loop.pass(Duration.ofMillis(900));
        boolean early = !mesh.peers.exchanges().isEmpty();

        mesh.loop.pass(Duration.ofMillis(200));

        assertThat(early).isFalse();
        assertThat(mesh.peers.last().port()).isEqualTo(80);
    }

    @Test
    void theWordThatComesLateIsFollowedFromThenOn() {
        mesh.redirected(ORIGINAL, "web");
        mesh.loop.pass(Duration.ofSeconds(2));
        mesh.peers.last().respond(200, "");

        mesh.publish(CLUSTER_IP, new EndpointSet(true, List.of(meshed(1))));
        mesh.redirected(ORIGINAL, "web");

        assertThat(mesh.peers.last().port()).isEqualTo(1);
        assertThat(mesh.peers.connections().getFirst().isClosed()).isTrue();
    }

    @Test
    void aKnownDestinationIsNotReachedAsItIsBecauseNothingServesIt() {
        var call = mesh.redirected(ORIGINAL, "web");
        mesh.publish(CLUSTER_IP, new EndpointSet(true, List.of()));

        mesh.loop.pass(Duration.ofSeconds(4));

        assertThat(call.error()).isEqualTo("no_endpoint");
        assertThat(mesh.peers.connections()).isEmpty();
    }

    @Test
    void whatRefusesIsNotTriedTwice() {
        mesh.peers.refuse(80, Reason.CONNECT_FAILED);
        var call = mesh.redirected(ORIGINAL, "web");

        mesh.publish(CLUSTER_IP, EndpointSet.UNKNOWN);

        assertThat(call.events()).startsWith("head 502");
        assertThat(call.error()).isEqualTo("connect_failed");
        assertThat(mesh.resent("connect_failed")).isZero();
    }

    @Test
    void theSameAddressByNameIsStillUnknown() {
        var call = mesh.get(CLUSTER_IP);

        mesh.publish(CLUSTER_IP, EndpointSet.UNKNOWN);

        assertThat(call.error()).isEqualTo("unknown_destination");
    }

    @Test
    void ownListenersAreRefused() {
        mesh.own.add(new InetSocketAddress(4191));

        var call = mesh.redirected(address("127.0.0.1", 4191), "web");

        assertThat(call.events()).startsWith("head 403");
        assertThat(call.error()).isEqualTo("loop");
        assertThat(mesh.resolving).isEmpty();
    }

    @Test
    void privateHeadersGoToProxiesOnly() {
        mesh.known(meshed(1));
        mesh.get("web", "ebb-client", "forged");
        String toAProxy = mesh.peers.last().headers().get("ebb-client");

        mesh.redirected(ORIGINAL, "web");
        mesh.publish(CLUSTER_IP, EndpointSet.UNKNOWN);
        String toAnybody = mesh.peers.last().headers().get("ebb-client");

        assertThat(toAProxy).isEqualTo("resendable");
        assertThat(toAnybody).isNull();
    }

    @Test
    void aRequestThatMovesFromAProxyToAnotherServerTakesNoPrivateHeaderAlong() {
        mesh.known(meshed(1), unmeshed(2));
        mesh.peers.closeBeforeWriting(1);

        while (mesh.resent("not_sent") == 0) {
            mesh.get("web");
        }

        assertThat(mesh.peers.last().port()).isEqualTo(2);
        assertThat(mesh.peers.last().headers().contains("ebb-client")).isFalse();
    }

    @Test
    void moreAddressesThanCanBeKeptAreReachedAsTheyAre() {
        useAllThereIsRoomFor();

        mesh.redirected(address("10.0.0.2", 443), "web");

        assertThat(mesh.peers.last().port()).isEqualTo(443);
        assertThat(mesh.resolving).doesNotContainKey("10.0.0.2:443");
        assertThat(mesh.outbound.destinations().size()).isEqualTo(Destinations.MAX);
    }

    @Test
    void anAddressThatIsNotKeptIsClosedWithItsLastUse() {
        useAllThereIsRoomFor();
        mesh.redirected(address("10.0.0.2", 443), "web");

        mesh.peers.last().respond(200, "");

        assertThat(mesh.peers.connections().getLast().isClosed()).isTrue();
    }

    @Test
    void unusedAddressesMakeRoom() {
        for (int i = 0; i < 3 * Destinations.MAX; i++) {
            mesh.redirected(address("10.0.0.1", 1_000 + i), "web");
            mesh.publish("10.0.0.1:" + (1_000 + i), EndpointSet.UNKNOWN);
            mesh.peers.last().respond(200, "");
        }

        assertThat(mesh.outbound.destinations().size()).isEqualTo(Destinations.MAX);
        assertThat(mesh.closedResolutions).hasSize(2 * Destinations.MAX);
    }

    @Test
    void ownApplicationIsReachedWithoutItsProxyAndNotBelieved() {
        OwnListeners own = mesh.own;
        own.add(new InetSocketAddress(4143));
        LocalView view = new LocalView(OWN_UID, own);
        InetAddress loopback = InetAddress.getLoopbackAddress();
        EndpointSet told =
                new EndpointSet(
                        true,
                        List.of(
                                endpoint("other", new InetSocketAddress(loopback, 8080)),
                                endpoint(OWN_UID, new InetSocketAddress(loopback, 8080)),
                                endpoint(OWN_UID, new InetSocketAddress(loopback, 4143))));

        EndpointSet seen = view.of(told, null);

        assertThat(seen.endpoints())
                .extracting(Endpoint::meshed)
                .containsExactly(true, false, true);
        assertThat(seen.endpoints())
                .extracting(Endpoint::address)
                .isEqualTo(told.endpoints().stream().map(Endpoint::address).toList());
    }

    private void useAllThereIsRoomFor() {
        for (int i = 0; i < Destinations.MAX; i++) {
            mesh.redirected(address("10.0.0.1", 1_000 + i), "web");
        }
    }

    private static Endpoint endpoint(String uid, InetSocketAddress address) {
        return new Endpoint(uid, address, EndpointState.READY, true);
    }

    private static InetSocketAddress address(String literal, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(literal), port);
    }
}
