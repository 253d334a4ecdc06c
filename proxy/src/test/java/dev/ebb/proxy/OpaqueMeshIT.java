package dev.ebb.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ebb.proto.destination.v1.Ledger;
import dev.ebb.proxy.EndOfProcess.Reason;
import dev.ebb.proxy.testing.AdminClient;
import dev.ebb.proxy.testing.LineOrigin;
import dev.ebb.proxy.testing.TestClient;
import dev.ebb.proxy.testing.TestControlPlane;
import java.net.SocketException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Opaque bytes through the whole mesh, from a configured listener (`EBB_PROXY_OUTBOUND_OPAQUE`) to
/// an application that speaks first.
class OpaqueMeshIT {

    private static final String DESTINATION = "lines.demo:7000";

    private TestControlPlane plane;
    private LineOrigin firstOrigin;
    private TestProxy first;
    private TestProxy client;

    @BeforeEach
    void start() throws Exception {
        plane = TestControlPlane.start();
        firstOrigin = LineOrigin.start("lines-1");
        first = replica("lines-1", firstOrigin);
        plane.awaitReady(DESTINATION, 1);
        client =
                TestProxy.named("client")
                        .controlPlane(plane.port())
                        .set("OUTBOUND_OPAQUE", "127.0.0.1:0=" + DESTINATION)
                        .start();
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        first.close();
        firstOrigin.close();
        plane.close();
    }

    @Test
    void eachHalfEndsByItselfThroughTheWholeMesh() throws Exception {
        try (TestClient caller = greeted("lines-1")) {
            caller.write("a line\nanother");
            assertThat(caller.readLine()).isEqualTo("lines-1: a line");

            caller.finish();

            assertThat(caller.readLine()).isEqualTo("lines-1: another");
            assertThat(caller.readLine()).isEqualTo("bye");
            assertThat(caller.readLine()).isNull();
        }
    }

    @Test
    void openConnectionOutlivesTheDepartureAndNewOnesGoElsewhere() throws Exception {
        try (TestClient old = greeted("lines-1");
                LineOrigin secondOrigin = LineOrigin.start("lines-2");
                TestProxy second = replica("lines-2", secondOrigin)) {
            plane.awaitReady(DESTINATION, 2);

            AdminClient.holdAndWait(first.admin());
            firstOrigin.stopAccepting();
            first.end(Reason.SHUTDOWN);
            greeted("lines-2").close();
            old.write("still there?\n");
            assertThat(old.readLine()).isEqualTo("lines-1: still there?");
            old.finish();
            assertThat(old.readLine()).isEqualTo("bye");
            assertThat(old.readLine()).isNull();
            first.awaitEnd();

            assertThat(plane.awaitLedger("lines-1").getCutNamesList()).isEmpty();
            assertThat(second.hasEnded()).isFalse();
        }
    }

    @Test
    void connectionThatNobodyEndsIsCutWithTheGraceAndNamed() throws Exception {
        LineOrigin origin = LineOrigin.start("lines-3");
        TestProxy hasty =
                TestProxy.named("lines-3")
                        .controlPlane(plane.port())
                        .serves(DESTINATION, origin.address())
                        .set("OPAQUE_PORTS", Integer.toString(origin.address().getPort()))
                        .set("GRACE", "2s")
                        .start();
        try (origin;
                hasty;
                TestClient caller = TestClient.connect(hasty.inbound())) {
            assertThat(caller.readLine()).isEqualTo("hello from lines-3");

            hasty.end(Reason.SHUTDOWN);
            hasty.awaitEnd();

            Ledger ledger = plane.awaitLedger("lines-3");
            assertThat(ledger.getCutNamesList())
                    .singleElement()
                    .asString()
                    .startsWith("opaque connection from /127.0.0.1:");
        }
    }

    @Test
    void connectionThatTheStoppingApplicationResetsIsLost() throws Exception {
        try (TestClient caller = greeted("lines-1")) {
            AdminClient.holdAndWait(first.admin());

            firstOrigin.reset();
            assertThatThrownBy(caller::readLine).isInstanceOf(SocketException.class);
            first.end(Reason.SHUTDOWN);
            first.awaitEnd();

            Ledger ledger = plane.awaitLedger("lines-1");
            assertThat(ledger.getLostMap()).containsExactly(Map.entry("upstream_reset", 1L));
            assertThat(ledger.getAbandoned()).isZero();
        }
    }

    /// A connection that has reached its endpoint: one that was only accepted may still choose
    /// another.
    private TestClient greeted(String origin) throws Exception {
        TestClient caller = TestClient.connect(client.opaque());
        assertThat(caller.readLine()).isEqualTo("hello from " + origin);
        return caller;
    }

    private TestProxy replica(String name, LineOrigin origin) throws StartException {
        return TestProxy.named(name)
                .controlPlane(plane.port())
                .serves(DESTINATION, origin.address())
                .set("OPAQUE_PORTS", Integer.toString(origin.address().getPort()))
                .start();
    }
}
