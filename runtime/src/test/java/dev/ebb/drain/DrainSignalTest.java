package dev.ebb.drain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class DrainSignalTest {

    private static final Duration GRACE = Duration.ofSeconds(30);

    private final FakeTimer timer = new FakeTimer();
    private final DrainSignal signal = new DrainSignal(timer, timer::nanoTime);
    private final DrainWatch watch = signal.watch();

    @Test
    void completesAtOnceIfNothingIsHeld() {
        CompletionStage<DrainOutcome> outcome = signal.begin(GRACE);

        assertThat(outcome).isCompletedWithValue(new DrainOutcome.Complete(Duration.ZERO));
        assertThat(timer.pending()).isZero();
    }

    @Test
    void waitsForTheLastLeaseAndSaysHowLongItTook() {
        DrainLease first = watch.hold("first");
        DrainLease second = watch.hold("second");
        CompletionStage<DrainOutcome> outcome = signal.begin(GRACE);

        first.close();
        timer.advance(Duration.ofSeconds(7));
        assertThat(outcome.toCompletableFuture()).isNotDone();
        second.close();

        assertThat(outcome).isCompletedWithValue(new DrainOutcome.Complete(Duration.ofSeconds(7)));
        assertThat(timer.pending()).isZero();
    }

    @Test
    void namesWhatIsHeldWhenTheGraceEnds() {
        DrainLease done = watch.hold("done");
        DrainLease _ = watch.hold("GET /slow");
        CompletionStage<DrainOutcome> outcome = signal.begin(GRACE);
        done.close();

        timer.advance(GRACE.minusNanos(1));
        assertThat(outcome.toCompletableFuture()).isNotDone();
        timer.advance(Duration.ofNanos(1));

        assertThat(outcome)
                .isCompletedWithValue(new DrainOutcome.GraceExpired(List.of("GET /slow")));
    }

    @Test
    void aLeaseIsNamedOnlyWhenSomeoneAsks() {
        AtomicBoolean named = new AtomicBoolean();
        Object what =
                new Object() {
                    @Override
                    public String toString() {
                        named.set(true);
                        return "named";
                    }
                };

        DrainLease _ = watch.hold(what);

        assertThat(named).isFalse();
        assertThat(signal.holders()).containsExactly("named");
    }

    @Test
    void closingALeaseTwiceCountsOnce() {
        DrainLease twice = watch.hold("twice");
        DrainLease _ = watch.hold("open");
        CompletionStage<DrainOutcome> outcome = signal.begin(GRACE);

        twice.close();
        twice.close();

        assertThat(outcome.toCompletableFuture()).isNotDone();
        assertThat(signal.held()).isEqualTo(1);
    }

    @Test
    void aLeaseTakenWhileDrainingIsWaitedFor() {
        DrainLease first = watch.hold("first");
        CompletionStage<DrainOutcome> outcome = signal.begin(GRACE);
        DrainLease late = watch.hold("late");

        first.close();
        assertThat(outcome.toCompletableFuture()).isNotDone();
        late.close();

        assertThat(outcome.toCompletableFuture()).isDone();
    }

    @Test
    void beginningTwiceIsBeginningOnce() {
        DrainLease lease = watch.hold("lease");
        List<String> told = new ArrayList<>();
        DrainWatch.Registration _ = watch.onDrain(() -> told.add("told"));

        CompletionStage<DrainOutcome> first = signal.begin(GRACE);
        CompletionStage<DrainOutcome> second = signal.begin(Duration.ZERO);
        lease.close();

        assertThat(told).containsExactly("told");
        assertThat(first).isCompletedWithValue(new DrainOutcome.Complete(Duration.ZERO));
        assertThat(second).isCompletedWithValue(new DrainOutcome.Complete(Duration.ZERO));
    }

    @Test
    void actionsRunInOrderAndSeeTheDrain() {
        List<String> told = new ArrayList<>();
        DrainWatch.Registration _ = watch.onDrain(() -> told.add("first " + watch.isDraining()));
        DrainWatch.Registration _ = watch.onDrain(() -> told.add("second"));
        assertThat(watch.isDraining()).isFalse();

        var _ = signal.begin(GRACE);

        assertThat(told).containsExactly("first true", "second");
    }

    @Test
    void aLateActionRunsAtOnce() {
        var _ = signal.begin(GRACE);
        List<String> told = new ArrayList<>();

        DrainWatch.Registration _ = watch.onDrain(() -> told.add("late"));

        assertThat(told).containsExactly("late");
    }

    @Test
    void anActionTakenBackDoesNotRun() {
        List<String> told = new ArrayList<>();
        DrainWatch.Registration registration = watch.onDrain(() -> told.add("told"));

        registration.close();
        var _ = signal.begin(GRACE);

        assertThat(told).isEmpty();
    }

    @Test
    void anActionThatThrowsDoesNotStopTheOthers() {
        List<String> told = new ArrayList<>();
        DrainWatch.Registration _ =
                watch.onDrain(() -> {
                    throw new IllegalStateException("thrown by the test");
                });
        DrainWatch.Registration _ = watch.onDrain(() -> told.add("second"));

        CompletionStage<DrainOutcome> outcome = signal.begin(GRACE);

        assertThat(told).containsExactly("second");
        assertThat(outcome.toCompletableFuture()).isDone();
    }

    @Test
    void theDrainDoesNotCompleteBeforeEveryoneHasBeenTold() {
        List<Boolean> doneWhenTold = new ArrayList<>();
        DrainLease lease = watch.hold("idle connection");
        CompletableFuture<DrainOutcome> outcome = new CompletableFuture<>();
        DrainWatch.Registration _ = watch.onDrain(lease::close);
        DrainWatch.Registration _ =
                watch.onDrain(
                        () -> doneWhenTold.add(signal.begin(GRACE).toCompletableFuture().isDone()));

        var _ = signal.begin(GRACE).thenAccept(outcome::complete);

        assertThat(doneWhenTold).containsExactly(false);
        assertThat(outcome).isDone();
    }

    @Test
    void aNegativeGraceIsRefused() {
        assertThatThrownBy(() -> signal.begin(Duration.ofSeconds(-1)))
                .hasMessage("grace: PT-1S (expected: >= 0s)");
    }

    /// The promise of [DrainWatch#hold]: who is told that nothing drains, after having been
    /// counted, is waited for.
    @Test
    void whoeverHearsNoAfterHoldingIsWaitedFor() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            for (int round = 0; round < 2000; round++) {
                DrainSignal raced = new DrainSignal(timer, timer::nanoTime);
                CyclicBarrier together = new CyclicBarrier(2);
                CountDownLatch judged = new CountDownLatch(1);
                Future<Boolean> accepted =
                        threads.submit(() -> {
                            together.await();
                            DrainLease lease = raced.watch().hold("request");
                            boolean accept = !raced.watch().isDraining();
                            if (accept) {
                                judged.await(10, TimeUnit.SECONDS);
                            }
                            lease.close();
                            return accept;
                        });
                together.await();
                CompletableFuture<DrainOutcome> outcome = raced.begin(GRACE).toCompletableFuture();
                boolean doneTooEarly = outcome.isDone();

                judged.countDown();

                boolean wasAccepted = accepted.get(10, TimeUnit.SECONDS);
                assertThat(wasAccepted && doneTooEarly).isFalse();
                assertThat(outcome.get(10, TimeUnit.SECONDS))
                        .isInstanceOf(DrainOutcome.Complete.class);
            }
        }
    }
}
