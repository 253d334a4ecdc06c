package dev.ebb.controlplane.grpc;

import dev.ebb.controlplane.index.Index;
import dev.ebb.drain.DrainWatch;
import dev.ebb.proto.destination.v1.DestinationGrpc;
import dev.ebb.proto.destination.v1.InspectGrpc;
import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/// The control plane's gRPC server: control streams, inspection, health, reflection.
public final class GrpcServer {
    /// How often peers may send their own PINGs.
    private static final Duration PERMITTED_KEEPALIVE = Duration.ofMillis(500);

    /// Holds a subscribe that names some ten thousand endpoints.
    private static final int MAX_MESSAGE = 1024 * 1024;

    /// A control stream is opened once, not again and again (CVE-2023-44487).
    private static final int MAX_RESETS = 200;

    private static final int RESET_WINDOW_SECONDS = 30;
    private static final int MAX_METADATA = 8 * 1024;
    private static final int MAX_CALLS_PER_CONNECTION = 100;

    /// Held, because a logger that nobody refers to forgets its level.
    private static final Logger STREAM_LOGGER = Logger.getLogger("io.grpc.netty.NettyServerStream");

    private final EventLoopGroup eventLoops =
            new MultiThreadIoEventLoopGroup(
                    Runtime.getRuntime().availableProcessors(),
                    Thread.ofPlatform().name("grpc-", 0).daemon(true).factory(),
                    NioIoHandler.newFactory());
    private final HealthStatusManager health = new HealthStatusManager();
    private final Server server;

    /// @param replica identifies this process to proxies
    /// @param drain is held by every call
    public GrpcServer(
            Settings settings, Index index, SingleWriter writer, String replica, DrainWatch drain) {
        this.server =
                NettyServerBuilder.forAddress(settings.listen())
                        // Callbacks only hand over to the writer, so they may run on event loops.
                        .directExecutor()
                        .bossEventLoopGroup(eventLoops)
                        .workerEventLoopGroup(eventLoops)
                        .channelFactory(PingedServerChannel::new)
                        .permitKeepAliveTime(PERMITTED_KEEPALIVE.toMillis(), TimeUnit.MILLISECONDS)
                        .permitKeepAliveWithoutCalls(true)
                        .maxRstFramesPerWindow(MAX_RESETS, RESET_WINDOW_SECONDS)
                        .maxInboundMessageSize(MAX_MESSAGE)
                        .maxInboundMetadataSize(MAX_METADATA)
                        .maxConcurrentCallsPerConnection(MAX_CALLS_PER_CONNECTION)
                        .intercept(
                                new PeerInterceptor(
                                        settings.maxCallsPerPeer(),
                                        settings.authentication(),
                                        drain))
                        .addService(new DestinationService(index, writer, replica))
                        .addService(new InspectService(index, writer))
                        .addService(health.getHealthService())
                        .addService(ProtoReflectionServiceV1.newInstance())
                        .build();
        notServing();
        // What is wrong with a message is answered to the peer that sent it; gRPC would add a stack
        // trace to our log each time.
        STREAM_LOGGER.setLevel(Level.SEVERE);
    }

    /// Binds and accepts.
    public void start() throws IOException {
        server.start();
    }

    /// The port that was bound.
    public int port() {
        return server.getPort();
    }

    /// Tells health checks that the sources are synced.
    public void serving() {
        tell(ServingStatus.SERVING);
    }

    /// Tells health checks to send nobody here.
    public void notServing() {
        tell(ServingStatus.NOT_SERVING);
    }

    private void tell(ServingStatus status) {
        health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, status);
        health.setStatus(DestinationGrpc.SERVICE_NAME, status);
        health.setStatus(InspectGrpc.SERVICE_NAME, status);
    }

    /// Accepts no more connections and no more calls; those that there are go on.
    public void stopAccepting() {
        health.enterTerminalState();
        server.shutdown();
    }

    /// Cuts the calls that there still are and closes every connection.
    public void close(Duration limit) throws InterruptedException {
        server.shutdownNow();
        server.awaitTermination(limit.toNanos(), TimeUnit.NANOSECONDS);
        eventLoops
                .shutdownGracefully(0, limit.toNanos(), TimeUnit.NANOSECONDS)
                .await(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    /// Where and for whom to listen.
    ///
    /// @param listen where to listen; port 0 lets the system choose
    /// @param maxCallsPerPeer how many calls one address may have at once
    /// @param authentication what control streams have to show
    public record Settings(
            InetSocketAddress listen, int maxCallsPerPeer, Authentication authentication) {}
}
