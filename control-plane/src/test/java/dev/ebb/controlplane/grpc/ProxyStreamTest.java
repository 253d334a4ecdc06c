package dev.ebb.controlplane.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.controlplane.cluster.Cluster;
import dev.ebb.controlplane.index.Index;
import dev.ebb.controlplane.index.IndexEvents;
import dev.ebb.controlplane.index.IndexSettings;
import dev.ebb.controlplane.model.DepartureReport;
import dev.ebb.controlplane.model.DestinationName;
import dev.ebb.controlplane.model.Instance;
import dev.ebb.proto.destination.v1.ControlMessage;
import dev.ebb.proto.destination.v1.Hello;
import dev.ebb.proto.destination.v1.ProxyMessage;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The end of a stream that was not welcomed, without waiting for the time that it had.
class ProxyStreamTest {
    private final SingleWriter writer = new SingleWriter();
    private final CompletableFuture<String> uid = new CompletableFuture<>();
    private final Call call = new Call();
    private final Index index =
            new Index(IndexSettings.DEFAULT, () -> 0, new NoEvents(), Cluster.NONE);
    private final ProxyStream stream =
            new ProxyStream(
                    index,
                    writer,
                    "replica",
                    new Peer(
                            InetAddress.getLoopbackAddress(),
                            new Peer.Trust.OwnToken("token", _ -> uid)),
                    call);

    @AfterEach
    void close() {
        writer.close();
    }

    @Test
    void streamWithoutAHelloIsToldThatItIsMissing() throws Exception {
        writer.execute(stream::endUnlessGreeted);

        Status end = call.end.get(10, TimeUnit.SECONDS);

        assertThat(end.getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        assertThat(end.getDescription()).isEqualTo("no message (expected: hello within 5 s)");
    }

    @Test
    void streamThatComesBeforeTheSourcesAreSyncedIsSentElsewhere() throws Exception {
        stream.onNext(hello());

        Status end = call.end.get(10, TimeUnit.SECONDS);

        assertThat(end.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(end.getDescription())
                .isEqualTo("the sources are not synced yet; connect to another replica, or again");
    }

    @Test
    void streamWhoseTokenIsStillBeingCheckedIsToldSo() throws Exception {
        writer.execute(index::synced);
        stream.onNext(hello());
        writer.execute(stream::endUnlessGreeted);

        Status end = call.end.get(10, TimeUnit.SECONDS);

        assertThat(end.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(end.getDescription())
                .isEqualTo(
                        "the token could not be checked: no answer yet (expected: one within 5 s of the start of the stream)");
    }

    private static ProxyMessage hello() {
        Hello.Builder hello = Hello.newBuilder();
        hello.getInstanceBuilder().setUid("web-1").setName("web-1");
        return ProxyMessage.newBuilder().setHello(hello).build();
    }

    private static final class NoEvents implements IndexEvents {
        @Override
        public void departureBegan(DepartureReport departure) {}

        @Override
        public void departureReleased(DepartureReport departure, Duration held) {}

        @Override
        public void departureEnded(DepartureReport departure) {}

        @Override
        public void voteLapsed(
                Instance subscriber, DestinationName destination, Instance departing) {}

        @Override
        public void ackIgnored(Instance subscriber) {}
    }

    /// Takes note of the end.
    private static final class Call extends ServerCallStreamObserver<ControlMessage> {
        final CompletableFuture<Status> end = new CompletableFuture<>();

        @Override
        public void onError(Throwable failure) {
            end.complete(Status.fromThrowable(failure));
        }

        @Override
        public void onCompleted() {
            end.complete(Status.OK);
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public void onNext(ControlMessage message) {}

        @Override
        public void request(int count) {}

        @Override
        public void disableAutoInboundFlowControl() {}

        @Override
        public void setMessageCompression(boolean enable) {}

        @Override
        public void setCompression(String compression) {}

        @Override
        public void setOnReadyHandler(Runnable handler) {}

        @Override
        public void setOnCancelHandler(Runnable handler) {}
    }
}
