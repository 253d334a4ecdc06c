package dev.ebb.proxy.testing;

import dev.ebb.proto.destination.v1.ControlMessage;
import dev.ebb.proto.destination.v1.ProxyMessage;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// One control stream as the test's control plane sees it: everything that comes is kept until it
/// is taken, and nothing is said that the test does not say.
public final class TestStream implements StreamObserver<ProxyMessage> {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final StreamObserver<ControlMessage> outgoing;
    private final BlockingQueue<ProxyMessage> incoming = new LinkedBlockingQueue<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    TestStream(StreamObserver<ControlMessage> outgoing) {
        this.outgoing = outgoing;
    }

    /// The next message, which must be of this kind.
    public ProxyMessage take(ProxyMessage.KindCase kind) throws InterruptedException {
        ProxyMessage message = incoming.poll(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        if (message == null || message.getKindCase() != kind) {
            throw new AssertionError("message: " + message + " (expected: " + kind + ")");
        }
        return message;
    }

    /// The next message of this kind; those before it are thrown away.
    public ProxyMessage await(ProxyMessage.KindCase kind) throws InterruptedException {
        while (true) {
            ProxyMessage message = incoming.poll(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            if (message == null) {
                throw new AssertionError("no message (expected: " + kind + ")");
            }
            if (message.getKindCase() == kind) {
                return message;
            }
        }
    }

    /// Whether a message has come that was not taken.
    public boolean hasMore() {
        return !incoming.isEmpty();
    }

    public synchronized void send(ControlMessage message) {
        outgoing.onNext(message);
    }

    /// Ends the stream with an error.
    public synchronized void fail() {
        outgoing.onError(Status.UNAVAILABLE.withDescription("test").asRuntimeException());
        ended.complete(null);
    }

    /// Blocks until the peer has ended the stream.
    public void awaitEnd() throws Exception {
        try {
            ended.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("stream: still open (expected: ended by the peer)", e);
        }
    }

    @Override
    public void onNext(ProxyMessage message) {
        incoming.add(message);
    }

    @Override
    public void onError(Throwable failure) {
        ended.complete(null);
    }

    @Override
    public synchronized void onCompleted() {
        if (ended.complete(null)) {
            outgoing.onCompleted();
        }
    }
}
