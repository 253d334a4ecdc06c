package dev.ebb.proxy.discovery;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Makes the gRPC channels to control planes. Everything of them, callbacks included, runs on one
/// event loop, the control loop.
final class ControlChannels {

    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

    /// gRPC allows a client no shorter one. The control plane itself pings every second.
    private static final Duration KEEPALIVE = Duration.ofSeconds(10);

    private static final Duration KEEPALIVE_TIMEOUT = Duration.ofSeconds(2);

    /// Some ten thousand endpoints in one state.
    private static final int MAX_MESSAGE_BYTES = 4 << 20;

    private final EventLoopGroup group;
    private final EventLoop loop;
    private final Class<? extends Channel> type;
    private final Optional<Path> tokenFile;

    ControlChannels(EventLoopGroup group, Class<? extends Channel> type, Optional<Path> tokenFile) {
        this.group = group;
        this.loop = group.next();
        this.type = type;
        this.tokenFile = tokenFile;
    }

    EventLoop loop() {
        return loop;
    }

    ManagedChannel open(InetSocketAddress address) {
        return NettyChannelBuilder.forAddress(address)
                .usePlaintext()
                .eventLoopGroup(group)
                .channelType(type)
                .executor(loop)
                .disableRetry()
                .withOption(
                        ChannelOption.CONNECT_TIMEOUT_MILLIS,
                        Math.toIntExact(CONNECT_TIMEOUT.toMillis()))
                .keepAliveTime(KEEPALIVE.toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(KEEPALIVE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .build();
    }

    /// What a call carries beside its messages. Reads a small local file, so not for the loop.
    Metadata credentials() {
        Metadata metadata = new Metadata();
        tokenFile.ifPresent(file -> metadata.put(AUTHORIZATION, "Bearer " + token(file)));
        return metadata;
    }

    private static String token(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
