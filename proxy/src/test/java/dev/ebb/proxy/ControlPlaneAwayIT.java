package dev.ebb.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.proxy.EndOfProcess.Reason;
import dev.ebb.proxy.TestMesh.Replica;
import dev.ebb.proxy.testing.AdminClient;
import dev.ebb.proxy.testing.TestClient;
import dev.ebb.proxy.testing.TestControlPlane.Mood;
import dev.ebb.proxy.testing.TestLoad;
import dev.ebb.proxy.testing.Until;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// A pod is deleted while no control plane can be asked: its proxy, a native sidecar, hears of it
/// from the hook alone, and gets its TERM when the application has gone. A client proxy that does
/// not re-send does not listen to who leaves either, so re-sending is on, and counted.
@Execution(ExecutionMode.CONCURRENT)
class ControlPlaneAwayIT {

    private static final Duration SAFE_MINIMUM = Duration.ofSeconds(4);
    private static final int MEANWHILE = 100;

    private TestMesh mesh;
    private Replica leaving;
    private TestProxy client;
    private TestLoad meshed;
    private TestLoad outside;

    @BeforeEach
    void start() throws Exception {
        mesh = new TestMesh();
        leaving =
                mesh.replica(
                        "web-1",
                        it ->
                                it.set("NATIVE_SIDECAR", "true")
                                        .set("SAFE_MINIMUM", SAFE_MINIMUM.toSeconds() + "s"));
        Replica staying = mesh.replica("web-2");
        mesh.plane().awaitReady(TestMesh.DESTINATION, 2);
        client = mesh.client("client");
        meshed = mesh.load(client, "meshed");
        // As kube-proxy does it: connections that stand stay, new ones avoid who leaves.
        AtomicReference<InetSocketAddress> balancer =
                new AtomicReference<>(leaving.proxy().inbound());
        outside = mesh.load(balancer::get, "outside");
        awaitTraffic();
        balancer.set(staying.proxy().inbound());
    }

    @AfterEach
    void stop() throws Exception {
        mesh.close();
    }

    @Test
    void clientsMoveBeforeTheApplicationStopsAndNothingIsLost() throws Exception {
        mesh.plane().close();

        long asked = System.nanoTime();
        String answer = AdminClient.hook(leaving.proxy().admin());
        Duration held = Duration.ofNanos(System.nanoTime() - asked);
        int seen = leaving.origin().seen().size();
        awaitTraffic();
        int seenAfterTheHook = leaving.origin().seen().size() - seen;
        leaving.origin().close();
        leaving.proxy().end(Reason.TERM);
        leaving.proxy().awaitEnd();
        awaitTraffic();
        outside.close();
        meshed.close();

        assertThat(answer).contains("\"state\":\"unconfirmed\"");
        assertThat(held).isBetween(SAFE_MINIMUM, SAFE_MINIMUM.plusSeconds(2));
        assertThat(seenAfterTheHook).isZero();
        assertThat(outside.lost()).isEmpty();
        assertThat(meshed.lost()).isEmpty();
        assertThat(resent()).isZero();
    }

    /// The negative control: nobody asks the proxy.
    @Test
    void withoutTheQuestionRequestsAreLostOrReSent() throws Exception {
        mesh.plane().close();

        leaving.origin().close();

        outside.awaitLost();
        Until.holds(() -> "a request that was sent again", () -> resent() > 0);
    }

    @Test
    void instanceThatTurnsOutToBeAliveServesOn() throws Exception {
        mesh.plane().mood(Mood.CANNOT_TELL);
        String answer = AdminClient.hook(leaving.proxy().admin());
        boolean saidSo = saysThatItLeaves();

        mesh.plane().mood(Mood.NORMAL);
        Until.holds(() -> "an answer that does not say so", () -> !saysThatItLeaves());
        awaitTraffic();
        outside.close();
        meshed.close();

        assertThat(answer).contains("\"state\":\"unconfirmed\"");
        assertThat(saidSo).isTrue();
        assertThat(outside.lost()).isEmpty();
        assertThat(meshed.lost()).isEmpty();
    }

    private void awaitTraffic() {
        outside.awaitAnswered(MEANWHILE);
        meshed.awaitAnswered(MEANWHILE);
    }

    private double resent() {
        return AdminClient.counted(client.admin(), "ebb_resent_total");
    }

    private boolean saysThatItLeaves() {
        try (TestClient client = TestClient.connect(leaving.proxy().inbound())) {
            return client.get(TestMesh.WEB, "/look").fields().contains("connection: close");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
