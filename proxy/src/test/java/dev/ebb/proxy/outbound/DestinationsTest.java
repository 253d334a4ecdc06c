package dev.ebb.proxy.outbound;

import static dev.ebb.proxy.outbound.OutboundFixture.meshed;
import static dev.ebb.proxy.outbound.OutboundFixture.settings;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.SocketException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class DestinationsTest {

    private final OutboundFixture mesh;

    DestinationsTest() throws SocketException {
        mesh = new OutboundFixture(settings());
    }

    @Test
    void unusedDestinationIsForgottenWithItsConnections() {
        mesh.known(meshed(1));
        mesh.get("web");
        mesh.peers.last().respond(200, "");

        mesh.loop.pass(Duration.ofSeconds(11));

        assertThat(mesh.closedResolutions).containsExactly("web:80");
        assertThat(mesh.outbound.destinations().size()).isZero();
        assertThat(mesh.peers.connections().getFirst().isClosed()).isTrue();
    }

    @Test
    void destinationInUseIsKept() {
        mesh.known(meshed(1));
        mesh.get("web");

        mesh.loop.pass(Duration.ofSeconds(60));

        assertThat(mesh.closedResolutions).isEmpty();
    }

    @Test
    void forgottenDestinationIsResolvedAnew() {
        mesh.known(meshed(1));
        mesh.loop.pass(Duration.ofSeconds(11));

        mesh.get("web");
        mesh.publish(meshed(2));

        assertThat(mesh.peers.last().port()).isEqualTo(2);
    }

    @Test
    void destinationsAreBounded() {
        for (int i = 0; i < Destinations.MAX; i++) {
            mesh.get("web-" + i);
        }

        var oneMore = mesh.get("one-more");

        assertThat(oneMore.error()).isEqualTo("overloaded");
        assertThat(mesh.outbound.destinations().size()).isEqualTo(Destinations.MAX);
    }

    @Test
    void waitersAreBounded() {
        for (int i = 0; i < 1_024; i++) {
            mesh.get("web");
        }

        var oneMore = mesh.get("web");

        assertThat(oneMore.error()).isEqualTo("overloaded");
    }
}
