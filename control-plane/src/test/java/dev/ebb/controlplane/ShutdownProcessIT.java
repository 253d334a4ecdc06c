package dev.ebb.controlplane;

import static dev.ebb.controlplane.StreamClient.WEB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ebb.controlplane.StreamClient.Reading;
import dev.ebb.proto.destination.v1.ControlMessage;
import dev.ebb.proto.destination.v1.DepartureQuestion;
import dev.ebb.proto.destination.v1.DepartureState;
import dev.ebb.proto.destination.v1.ProxyMessage;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The control plane's own end, as a process that gets TERM, with proxies on its streams.
class ShutdownProcessIT {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    /// One second for the calls, one for the server, one for its loops.
    private static final Duration GRACE = Duration.ofSeconds(4);

    /// Nobody answers.
    private static final int GONE = -1;

    private ControlPlaneProcess process;

    @BeforeEach
    void start() throws Exception {
        process =
                ControlPlaneProcess.start(
                        "standalone",
                        "--listen=127.0.0.1:0",
                        "--admin-listen=127.0.0.1:0",
                        "--warm-up=0s");
        process.awaitStarted();
        await().atMost(LIMIT).until(() -> process.ready() == 200);
    }

    @AfterEach
    void stop() {
        process.close();
    }

    @Test
    void whatWasTakenBeforeTheTermReachesEverySubscriberBeforeTheEnd() throws Exception {
        try (StreamClient subscriber = StreamClient.connect(process.port(), "client");
                StreamClient server = StreamClient.connect(process.port(), "web-1")) {
            subscriber.subscribe(1, WEB).awaitSnapshot(1);
            server.register(WEB, "127.0.0.1", 4143).send(question());
            server.awaitDeparture(DepartureState.State.NONE);

            process.signal("TERM");

            ControlMessage last = subscriber.next();
            assertThat(last.getDelta().getChangedList()).hasSize(1);
            assertThat(subscriber.end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(subscriber.end().getDescription()).contains("connect again");
            assertThat(process.exitCode()).isZero();
        }
    }

    @Test
    void whatWasSentIsReadBeforeTheEndByAPeerThatIsSlow() throws Exception {
        try (StreamClient slow =
                StreamClient.open(process.port(), Reading.NOT_AT_ALL, new Metadata())) {
            slow.hello("slow").subscribe(1, WEB);
            slow.read(1);
            assertThat(slow.next().hasWelcome()).isTrue();
            slow.send(question());
            slow.read(1);
            assertThat(slow.next().hasSnapshot()).isTrue();

            process.signal("TERM");
            await().atMost(LIMIT).until(() -> process.ready() != 200);
            slow.read(1);

            assertThat(slow.next().getDeparture().getState()).isEqualTo(DepartureState.State.NONE);
            assertThat(slow.end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        }
    }

    @Test
    void readinessDropsWhileStreamsAreStillServedAndNobodyNewComesIn() throws Exception {
        try (FreezingRelay relay = new FreezingRelay(process.port());
                StreamClient frozen = StreamClient.connect(relay.port(), "frozen")) {
            relay.freeze();
            Queue<Integer> seen = new ConcurrentLinkedQueue<>(List.of(process.ready()));
            Thread prober = Thread.ofPlatform().start(() -> probe(seen));
            long since = System.nanoTime();

            process.signal("TERM");

            await().atMost(LIMIT).until(() -> seen.size() > 1);
            try (StreamClient late = StreamClient.open(process.port())) {
                late.hello("late");
                assertThat(late.end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            }
            assertThat(process.exitCode()).isZero();
            assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(GRACE);
            prober.join();
            assertThat(seen).containsExactly(200, 503, GONE);
            relay.thaw();
            assertThat(frozen.end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        }
    }

    /// What a probe that never rests sees, each change once, until nobody answers any more.
    private void probe(Queue<Integer> seen) {
        int last = 200;
        try {
            while (last != GONE) {
                int status = process.ready();
                if (status != last) {
                    seen.add(status);
                    last = status;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ProxyMessage question() {
        return ProxyMessage.newBuilder()
                .setQuestion(DepartureQuestion.getDefaultInstance())
                .build();
    }
}
