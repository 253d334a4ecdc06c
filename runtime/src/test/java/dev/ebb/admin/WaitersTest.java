package dev.ebb.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class WaitersTest {

    private final Waiters waiters = new Waiters();

    @Test
    void aPeerHasSixteenPlaces() {
        InetAddress peer = InetAddress.ofLiteral("10.0.0.1");
        for (int i = 0; i < 16; i++) {
            assertThat(waiters.enter(peer)).isTrue();
        }

        assertThat(waiters.enter(peer)).isFalse();
        assertThat(waiters.enter(InetAddress.ofLiteral("10.0.0.2"))).isTrue();
        waiters.leave(peer);

        assertThat(waiters.enter(peer)).isTrue();
    }

    @Test
    void allPeersTogetherAreBounded() {
        for (int i = 0; i < 256; i++) {
            assertThat(waiters.enter(InetAddress.ofLiteral("10.0.1." + i))).isTrue();
        }

        assertThat(waiters.enter(InetAddress.ofLiteral("10.0.2.1"))).isFalse();
    }
}
