package dev.ebb.cli.demo.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ebb.proto.destination.v1.Applied;
import dev.ebb.proto.destination.v1.ControlMessage;
import dev.ebb.proto.destination.v1.Delta;
import dev.ebb.proto.destination.v1.DestinationGrpc;
import dev.ebb.proto.destination.v1.Hello;
import dev.ebb.proto.destination.v1.ProxyMessage;
import dev.ebb.proto.destination.v1.Snapshot;
import dev.ebb.proto.destination.v1.Welcome;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SlowRelayTest {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final ProxyMessage HELLO =
            ProxyMessage.newBuilder().setHello(Hello.getDefaultInstance()).build();
    private static final ProxyMessage APPLIED =
            ProxyMessage.newBuilder()
                    .setApplied(Applied.newBuilder().setSubscription(1).setGeneration(7))
                    .build();
    private static final ControlMessage WELCOME =
            ControlMessage.newBuilder().setWelcome(Welcome.getDefaultInstance()).build();
    private static final ControlMessage SNAPSHOT =
            ControlMessage.newBuilder()
                    .setSnapshot(Snapshot.newBuilder().setSubscription(1).setGeneration(6))
                    .build();
    private static final ControlMessage DELTA =
            ControlMessage.newBuilder()
                    .setDelta(Delta.newBuilder().setSubscription(1).setGeneration(7))
                    .build();

    private final FakeControlPlane controlPlane = new FakeControlPlane();
    private final Gate gate = new Gate();
    private final Queue<String> tokens = new ConcurrentLinkedQueue<>();
    private final Queue<RelayNote> notes = new ConcurrentLinkedQueue<>();
    private final Receiver<ControlMessage> proxy =
            new Receiver<>(new LinkedBlockingQueue<>(), new CountDownLatch(1));
    private final String name = InProcessServerBuilder.generateName();
    private @Nullable Server server;
    private @Nullable ManagedChannel upstream;
    private @Nullable SlowRelay relay;
    private @Nullable ManagedChannel downstream;

    @BeforeEach
    void start() throws IOException {
        server =
                InProcessServerBuilder.forName(name)
                        .addService(controlPlane)
                        .intercept(noteToken())
                        .build()
                        .start();
        upstream = InProcessChannelBuilder.forName(name).build();
        relay = SlowRelay.start(upstream, gate, 0, notes::add);
        downstream =
                NettyChannelBuilder.forAddress("127.0.0.1", relay.port()).usePlaintext().build();
    }

    @AfterEach
    void stop() {
        Objects.requireNonNull(downstream).shutdownNow();
        Objects.requireNonNull(relay).close();
        Objects.requireNonNull(upstream).shutdownNow();
        Objects.requireNonNull(server).shutdownNow();
    }

    @Test
    void whatTheProxySaysGoesOnWhileTheDelayHoldsEverythingElse() throws Exception {
        StreamObserver<ProxyMessage> stream = connect();

        stream.onNext(HELLO);
        stream.onNext(APPLIED);

        assertThat(controlPlane.received.poll(10, TimeUnit.SECONDS)).isEqualTo(HELLO);
        assertThat(controlPlane.received.poll(10, TimeUnit.SECONDS)).isEqualTo(APPLIED);
        assertThat(notes).extracting(RelayNote::what).contains("applied 1 7");
    }

    @Test
    void theTokenOfTheProxyIsHandedOn() throws Exception {
        Metadata headers = new Metadata();
        headers.put(AUTHORIZATION, "Bearer token-of-the-proxy");

        DestinationGrpc.newStub(downstream)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                .connect(proxy)
                .onNext(HELLO);

        assertThat(controlPlane.received.poll(10, TimeUnit.SECONDS)).isEqualTo(HELLO);
        assertThat(tokens).containsExactly("Bearer token-of-the-proxy");
    }

    @Test
    void whatTheControlPlaneSaysWaitsForTheDelayAndKeepsItsOrder() throws Exception {
        StreamObserver<ControlMessage> toProxy = connected();
        toProxy.onNext(DELTA);
        toProxy.onNext(WELCOME);
        toProxy.onNext(SNAPSHOT);
        await().until(() -> gate.waiting() == 3);
        assertThat(proxy.received()).isEmpty();

        gate.open(2);

        assertThat(proxy.received().poll(10, TimeUnit.SECONDS)).isEqualTo(DELTA);
        assertThat(proxy.received().poll(10, TimeUnit.SECONDS)).isEqualTo(WELCOME);
        assertThat(proxy.received()).isEmpty();
        gate.open(1);
        assertThat(proxy.received().poll(10, TimeUnit.SECONDS)).isEqualTo(SNAPSHOT);
    }

    @Test
    void theFirstWordsOfTheControlPlaneGoOnAtOnce() throws Exception {
        StreamObserver<ControlMessage> toProxy = connected();

        toProxy.onNext(WELCOME);
        toProxy.onNext(SNAPSHOT);
        toProxy.onNext(DELTA);

        assertThat(proxy.received().poll(10, TimeUnit.SECONDS)).isEqualTo(WELCOME);
        assertThat(proxy.received().poll(10, TimeUnit.SECONDS)).isEqualTo(SNAPSHOT);
        await().until(() -> gate.waiting() == 1);
        assertThat(proxy.received()).isEmpty();
    }

    @Test
    void theEndOfTheControlPlanesStreamLeavesTimeForAnAnswerToWhatItSaid() throws Exception {
        StreamObserver<ControlMessage> toProxy = connected();
        toProxy.onNext(DELTA);
        toProxy.onError(Status.UNAVAILABLE.asRuntimeException());
        await().until(() -> gate.waiting() == 2);

        gate.open(2);

        assertThat(proxy.received().poll(10, TimeUnit.SECONDS)).isEqualTo(DELTA);
        assertThat(gate.waiting()).isOne();
        assertThat(proxy.ended().getCount()).isOne();
        gate.open(1);
        assertThat(proxy.ended().await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void refusalGoesOnAtOnceAndWhoHasStartedIsLateFromThenOn() throws Exception {
        connected().onError(Status.UNAVAILABLE.asRuntimeException());
        assertThat(proxy.ended().await(10, TimeUnit.SECONDS)).isTrue();
        StreamObserver<ControlMessage> toProxy = connected();
        toProxy.onNext(WELCOME);
        assertThat(proxy.received().poll(10, TimeUnit.SECONDS)).isEqualTo(WELCOME);
        toProxy.onError(Status.UNAVAILABLE.asRuntimeException());
        await().until(() -> gate.waiting() == 1);

        connected().onNext(WELCOME);

        await().until(() -> gate.waiting() == 2);
        assertThat(proxy.received()).isEmpty();
    }

    @Test
    void theControlPlaneLearnsAtOnceThatTheProxyHasGone() throws Exception {
        connected();

        Objects.requireNonNull(downstream).shutdownNow();

        assertThat(controlPlane.cancelled.await(10, TimeUnit.SECONDS)).isTrue();
    }

    private StreamObserver<ProxyMessage> connect() {
        return DestinationGrpc.newStub(downstream).connect(proxy);
    }

    private StreamObserver<ControlMessage> connected() throws InterruptedException {
        connect().onNext(HELLO);
        controlPlane.received.poll(10, TimeUnit.SECONDS);
        return Objects.requireNonNull(controlPlane.toProxy);
    }

    private ServerInterceptor noteToken() {
        return new ServerInterceptor() {
            @Override
            public <Q, A> ServerCall.Listener<Q> interceptCall(
                    ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
                String token = headers.get(AUTHORIZATION);
                if (token != null) {
                    tokens.add(token);
                }
                return next.startCall(call, headers);
            }
        };
    }

    /// Holds tasks until the test lets them go, in order.
    private static final class Gate implements Delay {
        private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

        @Override
        public void run(Runnable task) {
            tasks.add(task);
        }

        int waiting() {
            return tasks.size();
        }

        void open(int count) {
            for (int i = 0; i < count; i++) {
                Objects.requireNonNull(tasks.poll()).run();
            }
        }
    }

    private static final class FakeControlPlane extends DestinationGrpc.DestinationImplBase {
        private final BlockingQueue<ProxyMessage> received = new LinkedBlockingQueue<>();
        private final CountDownLatch cancelled = new CountDownLatch(1);
        private volatile @Nullable StreamObserver<ControlMessage> toProxy;

        @Override
        public StreamObserver<ProxyMessage> connect(StreamObserver<ControlMessage> responses) {
            ((ServerCallStreamObserver<ControlMessage>) responses)
                    .setOnCancelHandler(cancelled::countDown);
            toProxy = responses;
            return new Receiver<>(received, new CountDownLatch(1));
        }
    }

    private record Receiver<T>(BlockingQueue<T> received, CountDownLatch ended)
            implements StreamObserver<T> {
        @Override
        public void onNext(T message) {
            received.add(message);
        }

        @Override
        public void onError(Throwable failure) {
            ended.countDown();
        }

        @Override
        public void onCompleted() {
            ended.countDown();
        }
    }
}
