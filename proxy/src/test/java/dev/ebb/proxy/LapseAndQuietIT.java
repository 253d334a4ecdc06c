package dev.ebb.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.proxy.TestMesh.Replica;
import dev.ebb.proxy.testing.AdminClient;
import dev.ebb.proxy.testing.TestClient;
import dev.ebb.proxy.testing.TestLoad;
import dev.ebb.proxy.testing.Until;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// A departure that comes to nothing, and one that clients outside the mesh still look at.
@Execution(ExecutionMode.CONCURRENT)
class LapseAndQuietIT {

    @AutoClose private final TestMesh mesh = new TestMesh();

    @Test
    void instanceThatIsReleasedAndNeverStoppedServesAgainAfterThirtySeconds() throws Exception {
        Replica held = mesh.replica("web-1");
        mesh.replica("web-2");
        mesh.plane().awaitReady(TestMesh.DESTINATION, 2);
        TestProxy client = mesh.client("client");
        TestLoad load = mesh.load(client, "load");
        load.awaitAnswered(100);

        AdminClient.holdAndWait(held.proxy().admin());
        long released = System.nanoTime();
        load.awaitAnswered(100);
        int seen = held.origin().seen().size();
        load.awaitAnswered(100);
        int seenWhileReleased = held.origin().seen().size() - seen;
        load.close();
        Awaitility.await()
                .atMost(Duration.ofSeconds(45))
                .until(() -> mesh.plane().ready(TestMesh.DESTINATION) == 2);
        Duration lapsed = Duration.ofNanos(System.nanoTime() - released);
        TestLoad later = mesh.load(client, "later");
        Until.holds(() -> "a request to web-1", () -> held.origin().seen().size() > seen);
        later.close();

        assertThat(seenWhileReleased).isZero();
        assertThat(lapsed).isBetween(Duration.ofSeconds(29), Duration.ofSeconds(40));
        assertThat(load.lost()).isEmpty();
        assertThat(later.lost()).isEmpty();
    }

    @Test
    void releaseWaitsUntilClientsOutsideTheMeshHaveBeenQuietForASecond() throws Exception {
        Replica web = mesh.replica("web-1");
        mesh.replica("web-2");
        mesh.plane().awaitReady(TestMesh.DESTINATION, 2);
        long[] last = new long[1];
        Thread outside = Thread.ofVirtual().unstarted(() -> askForTwoSeconds(web, last));
        outside.start();
        web.origin().awaitSeen(1);

        long began = System.nanoTime();
        String answer = AdminClient.holdAndWait(web.proxy().admin());
        long released = System.nanoTime();
        outside.join();

        assertThat(answer).contains("\"reason\":\"released\"");
        assertThat(Duration.ofNanos(released - last[0]))
                .isGreaterThanOrEqualTo(Duration.ofMillis(900));
        assertThat(Duration.ofNanos(released - began)).isLessThan(Duration.ofSeconds(8));
    }

    /// As a client without a proxy does: straight to the inbound listener.
    private static void askForTwoSeconds(Replica web, long[] last) {
        long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
        int id = 0;
        while (System.nanoTime() < end) {
            try (TestClient client = TestClient.connect(web.proxy().inbound())) {
                client.get(TestMesh.WEB, "/outside-" + id++);
                last[0] = System.nanoTime();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
