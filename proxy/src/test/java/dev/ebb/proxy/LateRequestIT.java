package dev.ebb.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.proxy.TestMesh.Replica;
import dev.ebb.proxy.testing.AdminClient;
import dev.ebb.proxy.testing.TestClient;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A request that an Ebb client sent just before it acknowledged is still on the wire when the
/// release comes. The client is played by hand, and cannot send anything a second time.
class LateRequestIT {

    /// Of a client that may send it a second time, and of one that may not.
    private static final String REQUEST =
            "GET /late HTTP/1.1\r\nHost: web\r\nebb-client: %s\r\n\r\n";

    @AutoClose private final TestMesh mesh = new TestMesh();

    @AutoClose("shutdownNow")
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @ParameterizedTest
    @ValueSource(strings = {"streaming", "resendable"})
    void applicationIsNotToldBeforeARequestOnTheWireHasArrived(String mark) throws Exception {
        Replica leaving = mesh.replica("web-1");
        mesh.replica("web-2");
        mesh.plane().awaitReady(TestMesh.DESTINATION, 2);
        try (TestClient client = TestClient.connect(leaving.proxy().inbound())) {
            client.write(REQUEST.formatted(mark));
            client.read();

            assertHeldFor(client, mark, leaving);
        }
    }

    /// A loop that is given no processor reads late what had been there before the release.
    @ParameterizedTest
    @ValueSource(strings = {"streaming", "resendable"})
    void applicationIsNotToldBeforeTheFirstRequestOfAConnectionHasArrived(String mark)
            throws Exception {
        Replica leaving = mesh.replica("web-1");
        mesh.replica("web-2");
        mesh.plane().awaitReady(TestMesh.DESTINATION, 2);
        try (TestClient client = TestClient.connect(leaving.proxy().inbound())) {
            assertHeldFor(client, mark, leaving);
        }
    }

    @Test
    void connectionThatItsClientHasClosedIsNotWaitedFor() throws Exception {
        Replica leaving = mesh.replica("web-1");
        mesh.replica("web-2");
        mesh.plane().awaitReady(TestMesh.DESTINATION, 2);
        try (TestClient client = TestClient.connect(leaving.proxy().inbound())) {
            client.write(REQUEST.formatted("streaming"));
            client.read();
        }

        AdminClient.holdAndWait(leaving.proxy().admin());
        long held = System.nanoTime();

        assertThat(held - mesh.plane().requireReleasedNanos("web-1")).isLessThan(900_000_000L);
    }

    /// The release alone does not answer the hold; the late request is served, and then it ends.
    private void assertHeldFor(TestClient client, String mark, Replica leaving) throws Exception {
        CompletableFuture<Void> hold = hold(leaving);
        mesh.plane().awaitReleased("web-1");
        boolean toldTooEarly = endsSoon(hold);
        client.write(REQUEST.formatted(mark));

        assertThat(client.read().status()).isEqualTo(200);
        assertThat(toldTooEarly).isFalse();
        assertThat(hold).succeedsWithin(Duration.ofSeconds(10));
    }

    /// Long enough for several looks at the connections, and shorter than late requests get.
    private static boolean endsSoon(CompletableFuture<Void> hold) throws Exception {
        try {
            hold.get(700, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    private CompletableFuture<Void> hold(Replica replica) {
        return CompletableFuture.runAsync(
                () -> AdminClient.holdUnchecked(replica.proxy().admin()), threads);
    }
}
