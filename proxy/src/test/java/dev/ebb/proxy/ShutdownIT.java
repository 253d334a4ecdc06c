package dev.ebb.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.proto.destination.v1.Ledger;
import dev.ebb.proxy.EndOfProcess.Reason;
import dev.ebb.proxy.TestMesh.Replica;
import dev.ebb.proxy.testing.AdminClient;
import dev.ebb.proxy.testing.TestClient;
import dev.ebb.proxy.testing.Until;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// The end of one proxy: what is waited for, what is cut, what is told.
class ShutdownIT {

    @AutoClose private final TestMesh mesh = new TestMesh();

    @Test
    void activeRequestFinishesAfterShutdown() throws Exception {
        Replica web = mesh.replica("web-1");
        mesh.plane().awaitReady(TestMesh.DESTINATION, 1);
        try (TestClient client = TestClient.connect(web.proxy().inbound())) {
            web.origin().shut();
            client.write("GET /r-1 HTTP/1.1\r\nHost: web.demo\r\n\r\n");
            web.origin().awaitSeen(1);

            web.proxy().end(Reason.SHUTDOWN);
            awaitRefused(web.proxy());
            web.origin().open();
            TestClient.Response response = client.read();
            web.proxy().awaitEnd();

            assertThat(response.status()).isEqualTo(200);
            assertThat(response.fields()).contains("connection: close");
            assertThat(mesh.plane().awaitLedger("web-1"))
                    .returns(1L, Ledger::getInFlight)
                    .returns(1L, Ledger::getAnswered)
                    .returns(0L, Ledger::getCut);
        }
    }

    @Test
    void requestThatOutlastsTheGraceIsCutAndNamed() throws Exception {
        Replica web = mesh.replica("web-1", it -> it.set("GRACE", "2s"));
        mesh.plane().awaitReady(TestMesh.DESTINATION, 1);
        try (TestClient client = TestClient.connect(web.proxy().inbound())) {
            web.origin().shut();
            client.write("GET /r-1 HTTP/1.1\r\nHost: web.demo\r\n\r\n");
            web.origin().awaitSeen(1);

            web.proxy().end(Reason.SHUTDOWN);
            web.proxy().awaitEnd();

            Ledger ledger = mesh.plane().awaitLedger("web-1");
            assertThat(ledger.getCut()).isOne();
            assertThat(ledger.getCutNamesList())
                    .singleElement()
                    .asString()
                    .startsWith("GET web.demo on connection from /127.0.0.1:");
            assertThat(client.read())
                    .returns(504, TestClient.Response::status)
                    .extracting(TestClient.Response::fields)
                    .asString()
                    .contains("ebb-proxy-error:");
        }
    }

    /// Its FIN alone could be that of a client that waits for the response.
    @Test
    void clientThatIsGoneDoesNotHoldTheDrain() throws Exception {
        Replica web = mesh.replica("web-1");
        mesh.plane().awaitReady(TestMesh.DESTINATION, 1);
        web.origin().shut();
        try (TestClient client = TestClient.connect(web.proxy().inbound())) {
            client.write("GET /r-1 HTTP/1.1\r\nHost: web.demo\r\n\r\n");
            web.origin().awaitSeen(1);
            web.proxy().end(Reason.SHUTDOWN);
        }

        web.proxy().awaitEnd();

        assertThat(mesh.plane().awaitLedger("web-1"))
                .returns(1L, Ledger::getInFlight)
                .returns(1L, Ledger::getAbandoned)
                .returns(0L, Ledger::getCut);
    }

    @Test
    void clientThatEndsItsHalfIsAnsweredBeforeTheEnd() throws Exception {
        Replica web = mesh.replica("web-1");
        mesh.plane().awaitReady(TestMesh.DESTINATION, 1);
        web.origin().shut();
        try (TestClient client = TestClient.connect(web.proxy().inbound())) {
            client.write("GET /r-1 HTTP/1.1\r\nHost: web.demo\r\n\r\n");
            client.finish();
            web.origin().awaitSeen(1);
            web.proxy().end(Reason.SHUTDOWN);
            awaitRefused(web.proxy());
            web.origin().open();

            assertThat(client.read().status()).isEqualTo(200);
            web.proxy().awaitEnd();
        }

        assertThat(mesh.plane().awaitLedger("web-1"))
                .returns(1L, Ledger::getAnswered)
                .returns(0L, Ledger::getAbandoned);
    }

    @Test
    void nothingIsHeldBeforeTheEnd() throws Exception {
        Replica web = mesh.replica("web-1");
        try (TestClient client = TestClient.connect(web.proxy().inbound())) {
            client.get(TestMesh.WEB, "/r-1");

            String metrics = AdminClient.ask(web.proxy().admin(), "GET", "/metrics").body();

            assertThat(metrics).contains("ebb_drain_leases 0.0");
        }
    }

    @Test
    void termBeforeTheListenersAreBoundEndsTheProxy() throws Exception {
        TestProxy early =
                TestProxy.named("early").controlPlane(mesh.plane().port()).startAfterTerm();

        early.awaitEnd();

        assertThat(early.hasEnded()).isTrue();
    }

    @Test
    void idleConnectionDoesNotHoldTheEnd() throws Exception {
        Replica web = mesh.replica("web-1");
        mesh.plane().awaitReady(TestMesh.DESTINATION, 1);
        try (TestClient client = TestClient.connect(web.proxy().inbound())) {
            client.get(TestMesh.WEB, "/r-1");

            web.proxy().end(Reason.SHUTDOWN);
            boolean closed = client.isClosedByPeer();

            assertThat(closed).isTrue();
        }
        web.proxy().awaitEnd();
        assertThat(mesh.plane().awaitLedger("web-1").getCut()).isZero();
    }

    @Test
    void plainContainerServesOnAfterTermUntilTheApplicationHasGone() throws Exception {
        Replica web = mesh.replica("web-1");
        mesh.replica("web-2");
        mesh.plane().awaitReady(TestMesh.DESTINATION, 2);
        TestProxy ownOutbound = web.proxy();

        web.proxy().end(Reason.TERM);
        mesh.plane().awaitReleased("web-1");
        TestClient.Response inbound = get(web.proxy(), "/in");
        TestClient.Response outbound;
        try (TestClient application = TestClient.connect(ownOutbound.outbound())) {
            outbound = application.get(TestMesh.WEB, "/out");
        }
        boolean endedEarly = web.proxy().hasEnded();
        web.origin().close();
        web.proxy().awaitEnd();

        assertThat(inbound.status()).isEqualTo(200);
        assertThat(outbound.status()).isEqualTo(200);
        assertThat(endedEarly).isFalse();
        Ledger ledger = mesh.plane().awaitLedger("web-1");
        assertThat(ledger.getCause()).isEqualTo("TERM");
        assertThat(ledger.hasGone()).isTrue();
    }

    @Test
    void nativeSidecarEndsAtTerm() throws Exception {
        Replica web = mesh.replica("web-1", it -> it.set("NATIVE_SIDECAR", "true"));
        mesh.plane().awaitReady(TestMesh.DESTINATION, 1);

        web.proxy().end(Reason.TERM);
        web.proxy().awaitEnd();

        assertThat(mesh.plane().awaitLedger("web-1").getReleaseReason())
                .isEqualTo("application gone");
    }

    @Test
    void nativeSidecarLeavesPostShutdownToKubernetes() throws Exception {
        Replica web = mesh.replica("web-1", it -> it.set("NATIVE_SIDECAR", "true"));

        TestClient.Response answer = AdminClient.ask(web.proxy().admin(), "POST", "/shutdown");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(get(web.proxy(), "/after").status()).isEqualTo(200);
        assertThat(web.proxy().hasEnded()).isFalse();
    }

    @Test
    void secondTermChangesNothing() throws Exception {
        Replica web = mesh.replica("web-1");
        web.proxy().end(Reason.TERM);

        web.proxy().end(Reason.TERM);

        assertThat(get(web.proxy(), "/after").status()).isEqualTo(200);
        assertThat(web.proxy().hasEnded()).isFalse();
    }

    @Test
    void termBeforeReadyEndsTheProxy() throws Exception {
        mesh.plane().close();
        TestProxy early = mesh.client("early");
        assertThat(AdminClient.ask(early.admin(), "GET", "/ready").status()).isEqualTo(503);

        early.end(Reason.TERM);
        early.awaitEnd();

        assertThat(early.hasEnded()).isTrue();
    }

    @Test
    void readyOutlivesTheControlPlaneAndEndsWithTheApplication() throws Exception {
        Replica web = mesh.replica("web-1");
        mesh.plane().awaitReady(TestMesh.DESTINATION, 1);
        mesh.plane().close();
        int withoutControlPlane = AdminClient.ask(web.proxy().admin(), "GET", "/ready").status();
        web.origin().shut();
        TestClient client = TestClient.connect(web.proxy().inbound());
        client.write("GET /r-1 HTTP/1.1\r\nHost: web.demo\r\n\r\n");
        web.origin().awaitSeen(1);

        web.proxy().end(Reason.SHUTDOWN);
        awaitRefused(web.proxy());
        int afterShutdown = AdminClient.ask(web.proxy().admin(), "GET", "/ready").status();
        int live = AdminClient.ask(web.proxy().admin(), "GET", "/live").status();
        web.origin().open();
        client.read();
        client.close();

        assertThat(withoutControlPlane).isEqualTo(200);
        assertThat(afterShutdown).isEqualTo(503);
        assertThat(live).isEqualTo(200);
    }

    @Test
    void floorHoldsWithoutSubscribers() throws Exception {
        Replica web = mesh.replica("web-1", it -> it.set("WAIT_BEFORE_EXIT", "3s"));
        mesh.replica("web-2");
        mesh.plane().awaitReady(TestMesh.DESTINATION, 2);

        long began = System.nanoTime();
        AdminClient.holdAndWait(web.proxy().admin());

        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .isGreaterThanOrEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void withoutSubscribersTheHoldIsOver() throws Exception {
        Replica web = mesh.replica("web-1");
        mesh.replica("web-2");
        mesh.plane().awaitReady(TestMesh.DESTINATION, 2);

        long began = System.nanoTime();
        AdminClient.holdAndWait(web.proxy().admin());

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofMillis(500));
    }

    private static TestClient.Response get(TestProxy proxy, String target) throws IOException {
        try (TestClient client = TestClient.connect(proxy.inbound())) {
            return client.get(TestMesh.WEB, target);
        }
    }

    private static void awaitRefused(TestProxy proxy) {
        Until.holds(
                () -> "the inbound listener is closed",
                () -> {
                    try {
                        TestClient.connect(proxy.inbound()).close();
                        return false;
                    } catch (ConnectException _) {
                        return true;
                    } catch (IOException _) {
                        return false;
                    }
                });
    }
}
