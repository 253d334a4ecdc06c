package dev.ebb.proxy.testing;

import dev.ebb.proto.destination.v1.ControlMessage;
import dev.ebb.proto.destination.v1.DestinationGrpc;
import dev.ebb.proto.destination.v1.Hello;
import dev.ebb.proto.destination.v1.Instance;
import dev.ebb.proto.destination.v1.ProxyMessage;
import dev.ebb.proto.destination.v1.Subscribe;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A subscriber that listens, lives, and never acknowledges anything.
public final class TestSubscriber implements AutoCloseable {

    private final ManagedChannel channel;
    private final CountDownLatch state = new CountDownLatch(1);

    private TestSubscriber(ManagedChannel channel) {
        this.channel = channel;
    }

    public static TestSubscriber connect(int port, String name, String destination) {
        TestSubscriber subscriber =
                new TestSubscriber(
                        NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build());
        StreamObserver<ProxyMessage> stream =
                DestinationGrpc.newStub(subscriber.channel).connect(subscriber.new Incoming());
        stream.onNext(
                ProxyMessage.newBuilder()
                        .setHello(
                                Hello.newBuilder()
                                        .setInstance(
                                                Instance.newBuilder()
                                                        .setUid("uid-of-" + name)
                                                        .setName(name)))
                        .build());
        stream.onNext(
                ProxyMessage.newBuilder()
                        .setSubscribe(
                                Subscribe.newBuilder()
                                        .setSubscription(1)
                                        .setDestination(destination))
                        .build());
        return subscriber;
    }

    /// Blocks until a state has come.
    public void awaitState() throws InterruptedException {
        if (!state.await(10, TimeUnit.SECONDS)) {
            throw new AssertionError("states: none came (expected: one)");
        }
    }

    /// Dies.
    @Override
    public void close() {
        channel.shutdownNow();
    }

    private final class Incoming implements StreamObserver<ControlMessage> {

        @Override
        public void onNext(ControlMessage message) {
            if (message.hasSnapshot()) {
                state.countDown();
            }
        }

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onCompleted() {}
    }
}
