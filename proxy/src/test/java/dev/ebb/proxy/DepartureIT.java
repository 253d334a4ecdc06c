package dev.ebb.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.proto.destination.v1.Ledger;
import dev.ebb.proxy.EndOfProcess.Reason;
import dev.ebb.proxy.TestMesh.Replica;
import dev.ebb.proxy.testing.AdminClient;
import dev.ebb.proxy.testing.TestLoad;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// One replica of two leaves under load. Re-sending is off, so the hold is judged alone.
class DepartureIT {

    private static final Duration LAG = Duration.ofSeconds(1);

    @Test
    void departureOfOneReplicaLosesNothing() throws Exception {
        try (TestMesh mesh = new TestMesh()) {
            Replica leaving = mesh.replica("web-1");
            mesh.replica("web-2");
            mesh.plane().awaitReady(TestMesh.DESTINATION, 2);
            mesh.plane().lag("slow", LAG);
            TestLoad fast = mesh.load(mesh.clientWithoutResending("fast"), "fast");
            TestLoad slow = mesh.load(mesh.clientWithoutResending("slow"), "slow");
            fast.awaitAnswered(100);
            slow.awaitAnswered(100);

            AdminClient.holdAndWait(leaving.proxy().admin());
            leaving.origin().close();
            leaving.proxy().end(Reason.SHUTDOWN);
            leaving.proxy().awaitEnd();
            fast.awaitAnswered(100);
            slow.awaitAnswered(100);
            fast.close();
            slow.close();

            assertThat(fast.lost()).isEmpty();
            assertThat(slow.lost()).isEmpty();
            Ledger ledger = mesh.plane().awaitLedger("web-1");
            assertThat(ledger.getReleaseReason()).isEqualTo("released");
            assertThat(ledger.getLostMap()).isEmpty();
        }
    }
}
