package dev.ebb.controlplane.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// One kind of object, and the informers that are made for it.
class WatchedTest {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final List<FakeInformer<Pod>> made = new ArrayList<>();
    private final List<String> heard = new ArrayList<>();
    private long nanos;
    private final Watched<Pod> watched =
            new Watched<>("pods", this::informer, new Ears(), () -> nanos);

    @Test
    void isSyncedWhenTheFirstListHasBeenTold() {
        watched.start();
        made.getFirst().add(pod("a", "u1"));
        assertThat(watched.isSynced()).isFalse();

        made.getFirst().synced();

        assertThat(watched.isSynced()).isTrue();
        assertThat(heard).containsExactly("put u1", "all [u1]");
    }

    @Test
    void silentWatchIsBegunAnewAndTheOldOneStopped() {
        started();
        nanos += LIMIT.plusSeconds(1).toNanos();

        watched.look(LIMIT);

        assertThat(made).hasSize(2);
        assertThat(made.getFirst().isStopped()).isTrue();
        assertThat(made.getLast().isStopped()).isFalse();
        assertThat(watched.silence()).isEqualTo(Duration.ZERO);
    }

    @Test
    void everySignOfLifeCounts() {
        FakeInformer<Pod> informer = started();
        List<Runnable> signs =
                List.of(
                        () -> informer.add(pod("b", "u2")),
                        () -> informer.update(pod("b", "u2"), pod("b", "u2")),
                        () -> informer.delete(pod("b", "u2")),
                        () -> informer.bookmark("17"));

        for (Runnable sign : signs) {
            nanos += LIMIT.toNanos();
            sign.run();
            watched.look(LIMIT);
        }

        assertThat(made).as("none begun anew").hasSize(1);
    }

    @Test
    void versionThatStaysIsNoSignOfLife() {
        FakeInformer<Pod> informer = started();
        informer.bookmark("17");
        watched.look(LIMIT);
        nanos += LIMIT.plusSeconds(1).toNanos();

        watched.look(LIMIT);

        assertThat(made).hasSize(2);
    }

    @Test
    void whatIsNotSyncedYetIsNotBegunAnew() {
        watched.start();
        nanos += LIMIT.multipliedBy(10).toNanos();

        watched.look(LIMIT);

        assertThat(made).hasSize(1);
    }

    @Test
    void whatWentWhileNobodyWatchedIsFoundByWhatIsThere() {
        started();
        heard.clear();
        nanos += LIMIT.plusSeconds(1).toNanos();
        watched.look(LIMIT);

        made.getLast().add(pod("b", "u2"));
        made.getLast().synced();

        assertThat(heard).containsExactly("put u2", "all [u2]");
    }

    @Test
    void podThatWasReplacedUnderItsNameIsRemovedFirst() {
        FakeInformer<Pod> informer = started();
        heard.clear();

        informer.update(pod("a", "u1"), pod("a", "u9"));
        informer.update(pod("a", "u9"), pod("a", "u9"));

        assertThat(heard).containsExactly("remove u1", "put u9", "put u9");
    }

    @Test
    void stoppedWatchIsNotBegunAnew() {
        started();
        watched.stop();
        nanos += LIMIT.plusSeconds(1).toNanos();

        watched.look(LIMIT);

        assertThat(made).hasSize(1);
        assertThat(made.getFirst().isStopped()).isTrue();
    }

    @Test
    void failedListIsTriedAgain() {
        watched.start();

        assertThat(made.getFirst().fail(new IllegalStateException("away"))).isTrue();
    }

    private FakeInformer<Pod> started() {
        watched.start();
        FakeInformer<Pod> informer = made.getLast();
        informer.add(pod("a", "u1"));
        informer.synced();
        return informer;
    }

    private SharedIndexInformer<Pod> informer() {
        FakeInformer<Pod> informer = new FakeInformer<>();
        made.add(informer);
        return informer.asInformer();
    }

    private static Pod pod(String name, String uid) {
        return new PodBuilder().withNewMetadata().withName(name).withUid(uid).endMetadata().build();
    }

    private static String uid(Pod pod) {
        return pod.getMetadata().getUid();
    }

    private final class Ears implements Watched.Listener<Pod> {

        @Override
        public void put(Pod pod) {
            heard.add("put " + uid(pod));
        }

        @Override
        public void remove(Pod pod) {
            heard.add("remove " + uid(pod));
        }

        @Override
        public void synced(Supplier<List<Pod>> all) {
            heard.add("all " + all.get().stream().map(WatchedTest::uid).toList());
        }
    }
}
