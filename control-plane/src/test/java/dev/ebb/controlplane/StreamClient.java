package dev.ebb.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.net.InetAddresses;
import dev.ebb.proto.destination.v1.Announce;
import dev.ebb.proto.destination.v1.Applied;
import dev.ebb.proto.destination.v1.ControlMessage;
import dev.ebb.proto.destination.v1.DepartureState;
import dev.ebb.proto.destination.v1.DestinationGrpc;
import dev.ebb.proto.destination.v1.Endpoint;
import dev.ebb.proto.destination.v1.Hello;
import dev.ebb.proto.destination.v1.Instance;
import dev.ebb.proto.destination.v1.ProxyMessage;
import dev.ebb.proto.destination.v1.Refused;
import dev.ebb.proto.destination.v1.Register;
import dev.ebb.proto.destination.v1.Served;
import dev.ebb.proto.destination.v1.Snapshot;
import dev.ebb.proto.destination.v1.SocketAddress;
import dev.ebb.proto.destination.v1.Subscribe;
import dev.ebb.proto.destination.v1.Unsubscribe;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.MetadataUtils;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A proxy's control stream over a real socket, driven message by message.
final class StreamClient implements AutoCloseable {
    static final String WEB = "web.demo:80";
    static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private static final long LIMIT_SECONDS = 10;

    private final ManagedChannel channel;
    private final BlockingQueue<ControlMessage> received = new LinkedBlockingQueue<>();
    private final CompletableFuture<Status> end = new CompletableFuture<>();
    private final Observer observer;

    private StreamClient(ManagedChannel channel, Reading reading, Metadata headers) {
        this.channel = channel;
        this.observer = new Observer(reading);
        var _ =
                DestinationGrpc.newStub(channel)
                        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                        .connect(observer);
    }

    /// A stream on a connection of its own that has not said anything.
    static StreamClient open(int port) {
        return open(port, Reading.AT_ONCE, new Metadata());
    }

    static StreamClient open(int port, Reading reading, Metadata headers) {
        return new StreamClient(channel(port), reading, headers);
    }

    /// One of many streams on a connection.
    static StreamClient on(ManagedChannel channel, String uid) {
        return new StreamClient(channel, Reading.AT_ONCE, new Metadata()).hello(uid);
    }

    static ManagedChannel channel(int port) {
        return NettyChannelBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .usePlaintext()
                .flowControlWindow(64 * 1024)
                .directExecutor()
                .build();
    }

    /// A stream that has said hello and was welcomed.
    static StreamClient connect(int port, String uid) throws InterruptedException {
        StreamClient client = open(port);
        client.hello(uid);
        assertThat(client.next().hasWelcome()).isTrue();
        return client;
    }

    StreamClient hello(String uid) {
        Instance instance = Instance.newBuilder().setUid(uid).setName(uid).build();
        return send(
                ProxyMessage.newBuilder()
                        .setHello(Hello.newBuilder().setInstance(instance))
                        .build());
    }

    StreamClient register(String destination, String ip, int port) {
        return register(served(destination, ip, port));
    }

    StreamClient register(Served... served) {
        Register register = Register.newBuilder().addAllServed(List.of(served)).build();
        return send(ProxyMessage.newBuilder().setRegister(register).build());
    }

    StreamClient subscribe(long number, String destination, Endpoint... held) {
        Subscribe subscribe =
                Subscribe.newBuilder()
                        .setSubscription(number)
                        .setDestination(destination)
                        .addAllHeld(List.of(held))
                        .build();
        return send(ProxyMessage.newBuilder().setSubscribe(subscribe).build());
    }

    StreamClient unsubscribe(long number) {
        return send(
                ProxyMessage.newBuilder()
                        .setUnsubscribe(Unsubscribe.newBuilder().setSubscription(number))
                        .build());
    }

    StreamClient applied(long number, long generation) {
        Applied applied =
                Applied.newBuilder().setSubscription(number).setGeneration(generation).build();
        return send(ProxyMessage.newBuilder().setApplied(applied).build());
    }

    StreamClient announce() {
        return send(
                ProxyMessage.newBuilder()
                        .setAnnounce(Announce.newBuilder().setCause(Announce.Cause.TERM))
                        .build());
    }

    StreamClient send(ProxyMessage message) {
        observer.requests().onNext(message);
        return this;
    }

    /// The next message; fails if none comes.
    ControlMessage next() throws InterruptedException {
        ControlMessage message = received.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
        assertThat(message).as("a message within %d s", LIMIT_SECONDS).isNotNull();
        return message;
    }

    /// Reads on until the control plane says this of the departure.
    DepartureState awaitDeparture(DepartureState.State state) throws InterruptedException {
        while (true) {
            ControlMessage message = next();
            if (message.hasDeparture() && message.getDeparture().getState() == state) {
                return message.getDeparture();
            }
        }
    }

    /// Reads on until the snapshot of this subscription comes.
    Snapshot awaitSnapshot(long number) throws InterruptedException {
        while (true) {
            ControlMessage message = next();
            if (message.getSnapshot().getSubscription() == number) {
                return message.getSnapshot();
            }
        }
    }

    /// Reads on until something is refused.
    Refused awaitRefused() throws InterruptedException {
        while (true) {
            ControlMessage message = next();
            if (message.hasRefused()) {
                return message.getRefused();
            }
        }
    }

    @Nullable ControlMessage nextNow() {
        return received.poll();
    }

    int waitingToBeRead() {
        return received.size();
    }

    /// Reads on after [Reading#NOT_AT_ALL].
    void read(int messages) {
        observer.requests().request(messages);
    }

    /// Ends the stream in order.
    void finish() {
        observer.requests().onCompleted();
    }

    /// How the control plane ended the stream.
    Status end() throws Exception {
        return end.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    /// Ends the stream as a process does that dies.
    @Override
    public void close() {
        channel.shutdownNow();
    }

    static Served served(String destination, String ip, int port) {
        assertThat(InetAddresses.isInetAddress(ip)).isTrue();
        return Served.newBuilder()
                .setDestination(destination)
                .setAddress(SocketAddress.newBuilder().setIp(ip).setPort(port))
                .setReady(true)
                .build();
    }

    /// Whether the client reads what it gets.
    enum Reading {
        AT_ONCE,
        NOT_AT_ALL
    }

    private final class Observer implements ClientResponseObserver<ProxyMessage, ControlMessage> {
        private final Reading reading;
        private @Nullable ClientCallStreamObserver<ProxyMessage> requests;

        Observer(Reading reading) {
            this.reading = reading;
        }

        ClientCallStreamObserver<ProxyMessage> requests() {
            return Objects.requireNonNull(requests, "the stream has not started");
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<ProxyMessage> stream) {
            requests = stream;
            if (reading == Reading.NOT_AT_ALL) {
                stream.disableAutoRequestWithInitial(0);
            }
        }

        @Override
        public void onNext(ControlMessage message) {
            received.add(message);
        }

        @Override
        public void onError(Throwable failure) {
            end.complete(Status.fromThrowable(failure));
        }

        @Override
        public void onCompleted() {
            end.complete(Status.OK);
        }
    }
}
