package dev.ebb.proxy.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.unix.RawUnixChannelOption;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Asks the kernel's connection tracking where a connection wanted to go that the rules of
/// netfilter have redirected here; one system call. Needs epoll's channels. Thread-safe.
final class RedirectedDestination implements OriginalDestination {

    // linux/netfilter_ipv4.h and linux/netfilter_ipv6/ip6_tables.h: SO_ORIGINAL_DST and
    // IP6T_SO_ORIGINAL_DST, at the levels SOL_IP and SOL_IPV6. What they give are a sockaddr_in and
    // a sockaddr_in6: family, port, (flow,) address, …, in network order but for the family.
    private static final RawUnixChannelOption IPV4 =
            new RawUnixChannelOption("SO_ORIGINAL_DST", 0, 80, 16);
    private static final RawUnixChannelOption IPV6 =
            new RawUnixChannelOption("IP6T_SO_ORIGINAL_DST", 41, 80, 28);
    private static final int PORT = 2;
    private static final int IPV4_ADDRESS = 4;
    private static final int IPV6_ADDRESS = 8;

    /// Null if the connection was not redirected.
    @Override
    public @Nullable InetSocketAddress of(Channel accepted) {
        // A listener for both families has IPv4 clients, too: the address tells, not the socket.
        if (!(accepted.localAddress() instanceof InetSocketAddress local)) {
            return null;
        }
        InetSocketAddress original =
                local.getAddress() instanceof Inet6Address
                        ? ask(accepted, IPV6, IPV6_ADDRESS, 16)
                        : ask(accepted, IPV4, IPV4_ADDRESS, 4);
        // A connection that is tracked but was not redirected tells where it is.
        return original == null || original.equals(local) ? null : original;
    }

    /// Null if nothing is known of the connection (ENOENT), or nothing is tracked on this machine
    /// (ENOPROTOOPT).
    private static @Nullable InetSocketAddress ask(
            Channel accepted, RawUnixChannelOption option, int addressAt, int addressLength) {
        ByteBuffer told;
        try {
            told = accepted.config().getOption(option);
        } catch (ChannelException _) {
            return null;
        }
        return told == null ? null : address(told, addressAt, addressLength);
    }

    private static InetSocketAddress address(ByteBuffer told, int addressAt, int addressLength) {
        byte[] address = new byte[addressLength];
        told.get(addressAt, address);
        // Two bytes in network order, whatever order the buffer has.
        int port = (told.get(PORT) & 0xff) << 8 | (told.get(PORT + 1) & 0xff);
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address), port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(addressLength + " bytes (expected: 4 or 16)", e);
        }
    }
}
