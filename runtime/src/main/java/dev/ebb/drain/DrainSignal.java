package dev.ebb.drain;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Begins the drain of a process, waits for what is held, within a grace. Thread-safe; leases cost
/// no lock.
public final class DrainSignal {

    private static final Logger LOG = LoggerFactory.getLogger(DrainSignal.class);

    private final ScheduledExecutorService timer;
    private final LongSupplier nanoTime;
    private final CompletableFuture<DrainOutcome> outcome = new CompletableFuture<>();
    private final Watch watch = new Watch();
    private final Set<Lease> leases = ConcurrentHashMap.newKeySet();

    /// The number of leases. Kept apart from the set, whose size is not exact while it changes.
    private final AtomicInteger held = new AtomicInteger();

    /// Guarded by itself, as is the moment at which `draining` becomes true.
    private final Set<DrainAction> actions = new LinkedHashSet<>();

    private volatile boolean draining;
    private volatile long beganAt;
    private volatile @Nullable ScheduledFuture<?> graceEnd;

    /// A signal that has not been given.
    ///
    /// @param timer measures the grace
    public DrainSignal(ScheduledExecutorService timer) {
        this(timer, System::nanoTime);
    }

    /// A signal with a clock of its own, for tests.
    ///
    /// @param timer measures the grace
    /// @param nanoTime a monotonic clock; says how long the drain took
    public DrainSignal(ScheduledExecutorService timer, LongSupplier nanoTime) {
        this.timer = timer;
        this.nanoTime = nanoTime;
    }

    /// The side of the signal that the rest of the process sees.
    public DrainWatch watch() {
        return watch;
    }

    /// Begins the drain: tells all that registered, then waits until nothing is held, or for
    /// `grace`. Later calls change nothing and return the same outcome. The stage completes on the
    /// thread that closes the last lease, or on the timer.
    public CompletionStage<DrainOutcome> begin(Duration grace) {
        if (grace.isNegative()) {
            throw new IllegalArgumentException("grace: " + grace + " (expected: >= 0s)");
        }
        List<DrainAction> toRun;
        synchronized (actions) {
            if (draining) {
                return outcome.minimalCompletionStage();
            }
            beganAt = nanoTime.getAsLong();
            // Holds the drain itself, so that it cannot complete before everyone has been told.
            held.incrementAndGet();
            draining = true;
            toRun = List.copyOf(actions);
            actions.clear();
        }
        graceEnd = timer.schedule(this::expire, grace.toNanos(), TimeUnit.NANOSECONDS);
        toRun.forEach(DrainAction::run);
        letGo();
        return outcome.minimalCompletionStage();
    }

    /// How many leases are open.
    public int held() {
        return leases.size();
    }

    /// The names of the open leases, in no particular order.
    public List<String> holders() {
        List<String> names = new ArrayList<>();
        for (Lease lease : leases) {
            names.add(lease.what.toString());
        }
        return names;
    }

    private void expire() {
        outcome.complete(new DrainOutcome.GraceExpired(holders()));
    }

    private void letGo() {
        if (held.decrementAndGet() == 0 && draining) {
            Duration took = Duration.ofNanos(nanoTime.getAsLong() - beganAt);
            outcome.complete(new DrainOutcome.Complete(took));
            ScheduledFuture<?> end = graceEnd;
            if (end != null) {
                end.cancel(false);
            }
        }
    }

    private final class Watch implements DrainWatch {

        @Override
        public boolean isDraining() {
            return draining;
        }

        @Override
        public Registration onDrain(Runnable action) {
            DrainAction registered = new DrainAction(action);
            synchronized (actions) {
                if (!draining) {
                    actions.add(registered);
                    return registered;
                }
            }
            registered.run();
            return registered;
        }

        @Override
        public DrainLease hold(Object what) {
            held.incrementAndGet();
            Lease lease = new Lease(what);
            leases.add(lease);
            return lease;
        }
    }

    private final class Lease extends AtomicBoolean implements DrainLease {

        private final Object what;

        Lease(Object what) {
            this.what = what;
        }

        @Override
        public void close() {
            if (compareAndSet(false, true)) {
                leases.remove(this);
                letGo();
            }
        }
    }

    private final class DrainAction extends AtomicBoolean implements DrainWatch.Registration {

        private final Runnable action;

        DrainAction(Runnable action) {
            this.action = action;
        }

        void run() {
            if (!compareAndSet(false, true)) {
                return;
            }
            try {
                action.run();
            } catch (RuntimeException e) {
                LOG.atError().setCause(e).log("A part of the process failed to begin its drain");
            }
        }

        @Override
        public void close() {
            set(true);
            synchronized (actions) {
                actions.remove(this);
            }
        }
    }
}
