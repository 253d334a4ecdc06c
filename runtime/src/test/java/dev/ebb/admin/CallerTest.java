package dev.ebb.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallerTest {

    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.8.9.10", "::1"})
    void loopbackPeersAreLocal(String peer) {
        assertThat(new Caller(InetAddress.ofLiteral(peer), null).isLocal()).isTrue();
    }

    @Test
    void mappedLoopbackPeersAreLocal() throws Exception {
        byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 127, 0, 0, 1};
        byte[] other = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 10, 0, 0, 1};

        assertThat(Caller.isLoopback(Inet6Address.getByAddress(null, mapped, 0))).isTrue();
        assertThat(Caller.isLoopback(Inet6Address.getByAddress(null, other, 0))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.1", "0.0.0.0", "::", "fe80::1", "2001:db8::7f00:1"})
    void otherPeersAreNot(String peer) {
        assertThat(new Caller(InetAddress.ofLiteral(peer), "localhost").isLocal()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST:4191", "127.0.0.1:4191", "[::1]:4191", "[::1]"})
    void loopbackHostsAreAdmitted(String host) {
        assertThat(new Caller(LOOPBACK, host).isLocal()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "localhost.evil.example",
                "10.0.0.1:4191",
                "[::2]",
                "[::1",
                "[::1]x",
                "[::1]:4191, evil.example",
                "localhost:80, evil.example",
                "localhost:evil.example",
                "::1",
                "",
                "127.0.0.1.evil.example:4191",
                "localhost@evil.example"
            })
    void otherHostsAreRefusedFromLoopbackToo(String host) {
        assertThat(new Caller(LOOPBACK, host).isLocal()).isFalse();
    }
}
