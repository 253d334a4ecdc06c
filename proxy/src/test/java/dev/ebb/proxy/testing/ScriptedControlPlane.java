package dev.ebb.proxy.testing;

import dev.ebb.proto.destination.v1.ControlMessage;
import dev.ebb.proto.destination.v1.DestinationGrpc;
import dev.ebb.proto.destination.v1.ProxyMessage;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A control plane without a mind: a real gRPC server whose every word the test says itself.
public final class ScriptedControlPlane implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(15);

    private final BlockingQueue<TestStream> streams = new LinkedBlockingQueue<>();
    private final Server server;

    private ScriptedControlPlane(String ip, int port) throws IOException {
        server =
                NettyServerBuilder.forAddress(
                                new InetSocketAddress(InetAddress.ofLiteral(ip), port))
                        .addService(new Service())
                        .build()
                        .start();
    }

    public static ScriptedControlPlane start() throws IOException {
        return new ScriptedControlPlane("127.0.0.1", 0);
    }

    /// Starts where another one has been.
    public static ScriptedControlPlane startAt(int port) throws IOException {
        return startAt("127.0.0.1", port);
    }

    /// Another replica: all of 127.0.0.0/8 is this host.
    public static ScriptedControlPlane startAt(String ip, int port) throws IOException {
        return new ScriptedControlPlane(ip, port);
    }

    public int port() {
        return server.getPort();
    }

    public InetSocketAddress address() {
        return InetSocketAddress.createUnresolved("127.0.0.1", port());
    }

    /// The next stream that a proxy opens.
    public TestStream awaitStream() throws InterruptedException {
        TestStream stream = streams.poll(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        if (stream == null) {
            throw new AssertionError("streams: none came (expected: one)");
        }
        return stream;
    }

    /// Whether a stream has come that was not taken.
    public boolean hasMore() {
        return !streams.isEmpty();
    }

    @Override
    public void close() {
        server.shutdownNow();
        try {
            server.awaitTermination(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Service extends DestinationGrpc.DestinationImplBase {
        @Override
        public StreamObserver<ProxyMessage> connect(StreamObserver<ControlMessage> outgoing) {
            TestStream stream = new TestStream(outgoing);
            streams.add(stream);
            return stream;
        }
    }
}
