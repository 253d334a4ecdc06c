package dev.ebb.proxy.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Nobody borrows the proxy's loopback (edge case D 63 for the address forms).
final class OwnListenersTest {

    private final OwnListeners own;

    OwnListenersTest() {
        own = new OwnListeners(Set.of(literal("10.1.2.3"), literal("fe80::1"), literal("fd00::7")));
        own.add(new InetSocketAddress(4191));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.255.0.9",
                "::1",
                "0.0.0.0",
                "::",
                "10.1.2.3",
                "fd00::7",
                "::ffff:127.0.0.1",
                "::ffff:10.1.2.3"
            })
    void everyAddressOfThisMachineIsOwn(String address) throws UnknownHostException {
        InetSocketAddress resolved = new InetSocketAddress(literal(address), 4191);
        InetSocketAddress literal = InetSocketAddress.createUnresolved(address, 4191);

        assertThat(own.isOwn(resolved)).isTrue();
        assertThat(own.isOwn(literal)).isTrue();
    }

    @Test
    void scopeOfALinkLocalAddressDoesNotMatter() throws UnknownHostException {
        byte[] bytes = literal("fe80::1").getAddress();
        InetAddress scoped = java.net.Inet6Address.getByAddress("", bytes, 3);

        assertThat(own.isOwn(new InetSocketAddress(scoped, 4191))).isTrue();
    }

    @Test
    void localhostIsOwnWhateverItsCase() {
        assertThat(own.isOwn(InetSocketAddress.createUnresolved("LocalHost", 4191))).isTrue();
    }

    @Test
    void otherPortsAndOtherMachinesAreNot() {
        assertThat(own.isOwn(new InetSocketAddress(literal("127.0.0.1"), 4192))).isFalse();
        assertThat(own.isOwn(new InetSocketAddress(literal("10.1.2.4"), 4191))).isFalse();
        assertThat(own.isOwn(InetSocketAddress.createUnresolved("web.demo", 4191))).isFalse();
    }

    @Test
    void loopbackIsNotAnAddressThatOthersReachThisMachineBy() {
        assertThat(own.isReachableAddress(new InetSocketAddress(literal("10.1.2.3"), 80))).isTrue();
        assertThat(own.isReachableAddress(new InetSocketAddress(literal("fd00::7"), 80))).isTrue();
        assertThat(own.isReachableAddress(new InetSocketAddress(literal("127.0.0.1"), 80)))
                .isFalse();
        assertThat(own.isReachableAddress(new InetSocketAddress(literal("::1"), 80))).isFalse();
        assertThat(own.isReachableAddress(new InetSocketAddress(literal("10.1.2.4"), 80)))
                .isFalse();
    }

    private static InetAddress literal(String address) {
        return Objects.requireNonNull(NetUtil.createInetAddressFromIpAddressString(address));
    }
}
