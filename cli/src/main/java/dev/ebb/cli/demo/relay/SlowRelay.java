package dev.ebb.cli.demo.relay;

import dev.ebb.cli.terminal.CommandFailure;
import dev.ebb.lifecycle.ExitCode;
import dev.ebb.proto.destination.v1.ControlMessage;
import dev.ebb.proto.destination.v1.DestinationGrpc;
import dev.ebb.proto.destination.v1.ProxyMessage;
import io.grpc.Channel;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// Stands between a proxy and its control plane. What the proxy says goes on at once; what the
/// control plane says goes on after a delay, message by message and in order, but for its first
/// words, the welcome and the endpoints: a slow proxy starts like any other. Each side has an
/// HTTP/2 connection of its own, so PINGs, and with them leases, are not delayed: the proxy is
/// late, not dead. The proxy's token is handed on, so that the control plane knows who speaks. A
/// stream that ends on one side is ended on the other, after what came before it, and that has had
/// time for its answer.
public final class SlowRelay implements AutoCloseable {
    private final Server server;

    private SlowRelay(Channel controlPlane, Delay delay, int port, Consumer<RelayNote> log) {
        Relay relay = new Relay(controlPlane, delay, log);
        server =
                NettyServerBuilder.forAddress(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                        .addService(ServerInterceptors.intercept(relay, Credentials.remember()))
                        .permitKeepAliveTime(500, TimeUnit.MILLISECONDS)
                        .permitKeepAliveWithoutCalls(true)
                        .build();
    }

    /// Listens on loopback from now on.
    ///
    /// @param port 0 for any
    /// @param log told of everything that passes, in order, by several threads
    public static SlowRelay start(
            Channel controlPlane, Delay delay, int port, Consumer<RelayNote> log) {
        SlowRelay relay = new SlowRelay(controlPlane, delay, port, log);
        try {
            relay.server.start();
            return relay;
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCode.UNAVAILABLE, "relay: cannot listen on port %d".formatted(port), e);
        }
    }

    public int port() {
        return server.getPort();
    }

    @Override
    public void close() {
        server.shutdownNow();
    }

    /// The service that the proxy sees.
    static final class Relay extends DestinationGrpc.DestinationImplBase {
        private final Channel controlPlane;
        private final Delay delay;
        private final Consumer<RelayNote> log;

        /// As long as no message has been delayed.
        private final AtomicBoolean starting = new AtomicBoolean(true);

        Relay(Channel controlPlane, Delay delay, Consumer<RelayNote> log) {
            this.controlPlane = controlPlane;
            this.delay = delay;
            this.log = log;
        }

        @Override
        public StreamObserver<ProxyMessage> connect(StreamObserver<ControlMessage> proxy) {
            StreamObserver<ProxyMessage> upstream =
                    DestinationGrpc.newStub(controlPlane)
                            .withInterceptors(Credentials.handOn())
                            .connect(new FromControlPlane(proxy, delay, log, starting));
            return new FromProxy(upstream, log);
        }
    }
}
