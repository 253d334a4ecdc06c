package dev.ebb.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.proto.destination.v1.Ledger;
import dev.ebb.proxy.EndOfProcess.Reason;
import dev.ebb.proxy.TestMesh.Replica;
import dev.ebb.proxy.testing.AdminClient;
import dev.ebb.proxy.testing.TestLoad;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A pod whose application has a preStop hook of its own: nobody asks the proxy, which is a native
/// sidecar and gets its TERM when the application has gone.
class OwnHookIT {

    private static final Duration GRACE = Duration.ofSeconds(60);

    /// What is asked while the application's hook sleeps.
    private static final int MEANWHILE = 100;

    private TestMesh mesh;
    private Replica leaving;
    private TestLoad outside;
    private TestLoad meshed;
    private AtomicReference<InetSocketAddress> balancer;

    @BeforeEach
    void start() throws Exception {
        mesh = new TestMesh();
        leaving = mesh.replica("web-1", it -> it.set("NATIVE_SIDECAR", "true"));
        Replica staying = mesh.replica("web-2");
        mesh.plane().awaitReady(TestMesh.DESTINATION, 2);
        meshed = mesh.load(mesh.clientWithoutResending("client"), "meshed");
        // As kube-proxy does it: connections that stand stay, new ones avoid who leaves.
        balancer = new AtomicReference<>(leaving.proxy().inbound());
        outside = mesh.load(balancer::get, "outside");
        outside.awaitAnswered(MEANWHILE);
        meshed.awaitAnswered(MEANWHILE);
        balancer.set(staying.proxy().inbound());
    }

    @AfterEach
    void stop() throws Exception {
        mesh.close();
    }

    @Test
    void clientsMoveWhileTheHookSleepsAndNothingIsLost() throws Exception {
        mesh.plane().delete("web-1", GRACE);

        hookSleepsAndTheApplicationEnds();
        outside.close();
        meshed.close();

        assertThat(outside.lost()).isEmpty();
        assertThat(meshed.lost()).isEmpty();
        Ledger ledger = mesh.plane().awaitLedger("web-1");
        assertThat(ledger.getCause()).isEqualTo("DELETED");
        assertThat(ledger.getReleaseReason()).isEqualTo("released");
        assertThat(ledger.getOwnHooksList()).containsExactly("app");
        assertThat(ledger.hasHook()).as("nobody has asked the proxy").isFalse();
        assertThat(ledger.getLostMap()).isEmpty();
    }

    /// The negative control: a control plane that answers questions only.
    @Test
    void proxyThatIsNotToldLosesRequests() throws Exception {
        mesh.plane().deleteUntold("web-1");

        hookSleepsAndTheApplicationEnds();

        outside.awaitLost();
        assertThat(mesh.plane().awaitLedger("web-1").getCause()).isEqualTo("TERM");
    }

    @Test
    void hookThatComesAfterTheNewsWaitsForTheSameDeparture() throws Exception {
        mesh.plane().delete("web-1", GRACE);
        mesh.plane().awaitReleased("web-1");

        String answer = AdminClient.hook(leaving.proxy().admin());

        assertThat(answer).contains("\"state\":\"released\"").contains("\"reason\":\"released\"");
    }

    private void hookSleepsAndTheApplicationEnds() throws Exception {
        outside.awaitAnswered(MEANWHILE);
        meshed.awaitAnswered(MEANWHILE);
        leaving.origin().close();
        leaving.proxy().end(Reason.TERM);
        leaving.proxy().awaitEnd();
    }
}
