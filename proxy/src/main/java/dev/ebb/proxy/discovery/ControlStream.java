package dev.ebb.proxy.discovery;

import dev.ebb.proto.destination.v1.ControlMessage;
import dev.ebb.proto.destination.v1.DestinationGrpc;
import dev.ebb.proto.destination.v1.ProxyMessage;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.MetadataUtils;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/// One attempt at a control stream, to one address; it does not come back once it has ended. Used
/// on the control loop only.
final class ControlStream {

    private final InetSocketAddress address;
    private final ManagedChannel channel;
    private final Events events;
    private @Nullable ClientCallStreamObserver<ProxyMessage> outgoing;
    private boolean ended;

    private ControlStream(InetSocketAddress address, ManagedChannel channel, Events events) {
        this.address = address;
        this.channel = channel;
        this.events = events;
    }

    /// Starts to connect.
    static ControlStream open(
            ControlChannels channels,
            InetSocketAddress address,
            Metadata credentials,
            Events events) {
        ControlStream stream = new ControlStream(address, channels.open(address), events);
        var _ =
                DestinationGrpc.newStub(stream.channel)
                        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(credentials))
                        .connect(stream.new Incoming());
        return stream;
    }

    InetSocketAddress address() {
        return address;
    }

    /// Whether the peer takes more now; what is sent regardless is kept in memory.
    boolean isReady() {
        return outgoing != null && !ended && outgoing.isReady();
    }

    /// Sends, or drops the message if the stream has ended.
    void send(ProxyMessage message) {
        if (outgoing != null && !ended) {
            outgoing.onNext(message);
        }
    }

    /// The peer broke the protocol: ends the stream and tells so.
    void breakOff(String reason) {
        if (!ended) {
            end(Status.INTERNAL.withDescription(reason));
        }
    }

    /// Ends the stream in order, without telling.
    void close() {
        if (!ended) {
            ended = true;
            if (outgoing != null) {
                outgoing.onCompleted();
            }
            channel.shutdown();
        }
    }

    /// Ends the stream at once, without telling.
    void abort() {
        ended = true;
        channel.shutdownNow();
    }

    private void end(Status status) {
        if (!ended) {
            abort();
            events.ended(this, status);
        }
    }

    /// Told what comes, on the control loop.
    interface Events {

        void received(ControlStream stream, ControlMessage message);

        /// The peer takes more.
        void ready(ControlStream stream);

        /// Nothing more comes. Told once, unless this side has ended it.
        void ended(ControlStream stream, Status why);
    }

    private final class Incoming implements ClientResponseObserver<ProxyMessage, ControlMessage> {

        @Override
        public void beforeStart(ClientCallStreamObserver<ProxyMessage> call) {
            outgoing = call;
            call.setOnReadyHandler(() -> {
                if (!ended) {
                    events.ready(ControlStream.this);
                }
            });
        }

        @Override
        public void onNext(ControlMessage message) {
            if (!ended) {
                events.received(ControlStream.this, message);
            }
        }

        @Override
        public void onError(Throwable failure) {
            end(Status.fromThrowable(failure));
        }

        @Override
        public void onCompleted() {
            end(Status.UNAVAILABLE.withDescription("the control plane has ended the stream"));
        }
    }
}
