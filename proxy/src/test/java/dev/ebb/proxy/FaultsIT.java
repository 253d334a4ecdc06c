package dev.ebb.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ebb.proxy.TestMesh.Replica;
import dev.ebb.proxy.testing.AdminClient;
import dev.ebb.proxy.testing.Faults;
import dev.ebb.proxy.testing.TestClient;
import dev.ebb.proxy.testing.TestLoad;
import dev.ebb.proxy.testing.Until;
import java.io.EOFException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// The mesh on wires that fail: what becomes of a request is always seen, and nothing is delivered
/// twice, whatever is lost.
class FaultsIT {

    @AutoClose private final TestMesh mesh = new TestMesh();

    @Test
    void resetWhileTheApplicationWorksIsAnsweredOnceWith502AndNotSentElsewhere() throws Exception {
        Replica web = mesh.replica("web-1");
        Faults wire = mesh.wireToApplication("web-2", web.origin());
        TestProxy client = mesh.client("client");
        mesh.plane().awaitReady(TestMesh.DESTINATION, 2);
        web.origin().shut();
        List<CompletableFuture<Integer>> calls = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            calls.add(get(client, "/r-" + i));
        }
        web.origin().awaitSeen(8);
        int onTheWire = wire.open();

        wire.reset();
        Until.holds(
                () -> onTheWire + " calls have ended",
                () -> calls.stream().filter(CompletableFuture::isDone).count() == onTheWire);
        web.origin().open();

        List<Integer> statuses = calls.stream().map(CompletableFuture::join).sorted().toList();
        assertThat(onTheWire).isPositive();
        assertThat(statuses).filteredOn(status -> status == 502).hasSize(onTheWire);
        assertThat(statuses).filteredOn(status -> status == 200).hasSize(8 - onTheWire);
        assertThat(web.origin().seen()).doesNotHaveDuplicates().hasSize(8);
    }

    @Test
    void loadAcrossResetsBetweenProxiesIsAnsweredOnceOrVisiblyFailed() throws Exception {
        Faults wire = mesh.wireToInbound();
        Replica web = mesh.replicaBehind(wire, "web-1");
        Replica other = mesh.replica("web-2");
        mesh.plane().awaitReady(TestMesh.DESTINATION, 2);
        TestLoad load = mesh.load(mesh.client("client"), "load");
        load.awaitAnswered(100);

        for (int i = 0; i < 20; i++) {
            wire.reset();
            load.awaitAnswered(20);
        }
        load.close();

        assertThat(load.lost()).allMatch(each -> each.contains("status=502"));
        // Only what was under way in the instant of a reset can be lost: four clients.
        assertThat(load.lost()).hasSizeLessThanOrEqualTo(20 * 4);
        List<String> seen = new ArrayList<>(web.origin().seen());
        seen.addAll(other.origin().seen());
        assertThat(web.origin().seen()).isNotEmpty();
        assertThat(seen).doesNotHaveDuplicates();
        assertThat(new HashSet<>(seen)).hasSizeGreaterThanOrEqualTo(load.answered());
    }

    @Test
    void answerWhoseConnectionFinishesInTheMiddleIsSeenAsCut() throws Exception {
        Replica web = mesh.replica("web-1");
        Faults wire = mesh.wireToApplication("web-2", web.origin());
        web.proxy().end(EndOfProcess.Reason.SHUTDOWN);
        web.proxy().awaitEnd();
        TestProxy client = mesh.client("client");
        mesh.plane().awaitReady(TestMesh.DESTINATION, 1);
        // The head, and the first bytes of the body.
        wire.finishAfter("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nweb".length());

        try (TestClient caller = TestClient.connect(client.outbound())) {
            assertThatThrownBy(() -> caller.get(TestMesh.WEB, "/r-1"))
                    .isInstanceOf(EOFException.class)
                    .hasMessageContaining("in the middle of a body");
        }
        assertThat(web.origin().seen()).containsExactly("r-1");
    }

    @Test
    void readerThatStopsMakesItsSenderWaitAndLosesNothing() throws Exception {
        Replica web = mesh.replica("web-1");
        Faults wire = mesh.wireToApplication("web-2", web.origin());
        web.proxy().end(EndOfProcess.Reason.SHUTDOWN);
        web.proxy().awaitEnd();
        TestProxy client = mesh.client("client");
        mesh.plane().awaitReady(TestMesh.DESTINATION, 1);
        int size = 64 << 20;
        String piece = "x".repeat(1 << 16);
        AtomicLong written = new AtomicLong();
        wire.blackHole();
        try (TestClient caller = TestClient.connect(client.outbound())) {
            caller.write(
                    "POST /r-1 HTTP/1.1\r\nHost: web.demo\r\nContent-Length: " + size + "\r\n\r\n");
            Thread sender =
                    Thread.ofVirtual()
                            .start(() -> {
                                for (int at = 0; at < size; at += piece.length()) {
                                    caller.writeUnchecked(piece);
                                    written.addAndGet(piece.length());
                                }
                            });

            Until.standsStill(written::get);
            long held = written.get();
            wire.heal();
            int status = caller.read().status();
            sender.join();

            // What two proxies and six sockets hold, and far from the whole.
            assertThat(held).isLessThan(size / 2);
            assertThat(status).isEqualTo(200);
            assertThat(web.origin().seen()).containsExactly("r-1");
        }
    }

    @Test
    void blackHoleBetweenProxiesEndsInA504AndIsNotSentElsewhere() throws Exception {
        Faults wire = mesh.wireToInbound();
        Replica web = mesh.replicaBehind(wire, "web-1");
        mesh.plane().awaitReady(TestMesh.DESTINATION, 1);
        TestProxy client = mesh.client("client", it -> it.set("RESPONSE_TIMEOUT", "1s"));
        assertThat(get(client, "/r-1").get(10, TimeUnit.SECONDS)).isEqualTo(200);
        wire.blackHole();

        int status = get(client, "/r-2").get(20, TimeUnit.SECONDS);

        assertThat(status).isEqualTo(504);
        assertThat(AdminClient.counted(client.admin(), "ebb_resent_total")).isZero();
        assertThat(AdminClient.counted(client.admin(), "ebb_errors_total")).isEqualTo(1);
        assertThat(web.origin().seen()).containsExactly("r-1");
    }

    private static CompletableFuture<Integer> get(TestProxy client, String target) {
        CompletableFuture<Integer> status = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(() -> {
                    try (TestClient caller = TestClient.connect(client.outbound())) {
                        status.complete(caller.get(TestMesh.WEB, target).status());
                    } catch (Exception e) {
                        status.completeExceptionally(e);
                    }
                });
        return status;
    }
}
