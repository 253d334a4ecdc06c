package dev.ebb.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.proxy.TestMesh.Replica;
import dev.ebb.proxy.testing.AdminClient;
import dev.ebb.proxy.testing.TestClient;
import dev.ebb.proxy.testing.TestControlPlane.Mood;
import dev.ebb.proxy.testing.Until;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// The preStop hook, which anybody may call at any time.
class HookIT {

    @AutoClose private final TestMesh mesh = new TestMesh();

    @Test
    void hookOfALivingInstanceReturnsAtOnceAndChangesNothing() throws Exception {
        Replica web = mesh.replica("web-1");
        mesh.plane().awaitReady(TestMesh.DESTINATION, 1);

        String answer = AdminClient.hook(web.proxy().admin());

        assertThat(answer).contains("\"state\":\"none\"");
        mesh.plane().awaitReady(TestMesh.DESTINATION, 1);
        assertThat(mesh.plane().releasedNanos("web-1")).isNull();
    }

    @Test
    void hooksOfTwoContainersShareOneDeparture() throws Exception {
        Replica web = mesh.replica("web-1", it -> it.set("WAIT_BEFORE_EXIT", "2s"));
        mesh.replica("web-2");
        mesh.plane().awaitReady(TestMesh.DESTINATION, 2);
        List<String> answers = new CopyOnWriteArrayList<>();

        Thread hold =
                Thread.ofVirtual().start(() -> AdminClient.holdUnchecked(web.proxy().admin()));
        mesh.plane().awaitLeaving("web-1");
        Thread first = Thread.ofVirtual().start(() -> answers.add(hookOf(web)));
        Thread second = Thread.ofVirtual().start(() -> answers.add(hookOf(web)));
        first.join();
        second.join();
        hold.join();

        assertThat(answers).hasSize(2).allMatch(each -> each.contains("\"reason\":\"released\""));
    }

    @Test
    void hookAfterTheReleaseReturnsAtOnce() throws Exception {
        Replica web = mesh.replica("web-1");
        mesh.replica("web-2");
        mesh.plane().awaitReady(TestMesh.DESTINATION, 2);
        AdminClient.holdAndWait(web.proxy().admin());

        String answer = AdminClient.hook(web.proxy().admin());

        assertThat(answer).contains("\"state\":\"released\"");
    }

    @Test
    void callerThatGoesAwayDoesNotEndTheDeparture() throws Exception {
        Replica web = mesh.replica("web-1", it -> it.set("WAIT_BEFORE_EXIT", "2s"));
        mesh.replica("web-2");
        mesh.plane().awaitReady(TestMesh.DESTINATION, 2);
        try (TestClient caller = TestClient.connect(web.proxy().admin())) {
            caller.write("POST /departure HTTP/1.1\r\nHost: localhost\r\n\r\n");
            mesh.plane().awaitLeaving("web-1");
        }

        String answer = AdminClient.hook(web.proxy().admin());

        assertThat(answer).contains("\"state\":\"released\"");
    }

    @Test
    void hookThatNobodyAnswersWaitsForTheSafeMinimumAndServesOn() throws Exception {
        Replica web = mesh.replica("web-1", it -> it.set("SAFE_MINIMUM", "2s"));
        mesh.plane().awaitReady(TestMesh.DESTINATION, 1);
        mesh.plane().mood(Mood.SILENT);

        long began = System.nanoTime();
        String answer = AdminClient.hook(web.proxy().admin());

        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .isGreaterThanOrEqualTo(Duration.ofSeconds(2));
        assertThat(answer).contains("\"state\":\"unconfirmed\"");
        mesh.plane().awaitReady(TestMesh.DESTINATION, 1);
    }

    @Test
    void deletionAfterAHookThatNobodyAnsweredIsHeard() throws Exception {
        Replica web = mesh.replica("web-1", it -> it.set("SAFE_MINIMUM", "1s"));
        mesh.replica("web-2");
        mesh.plane().awaitReady(TestMesh.DESTINATION, 2);
        mesh.plane().mood(Mood.SILENT);
        assertThat(AdminClient.hook(web.proxy().admin())).contains("\"state\":\"unconfirmed\"");
        mesh.plane().mood(Mood.NORMAL);

        mesh.plane().delete("web-1", Duration.ofSeconds(60));

        Until.holds(
                () -> "a departure that was held, though nobody asks the proxy any more",
                () -> AdminClient.counted(web.proxy().admin(), "ebb_hold_seconds_count") == 1);
    }

    private static String hookOf(Replica replica) {
        try {
            return AdminClient.hook(replica.proxy().admin());
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
