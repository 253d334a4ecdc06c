package dev.ebb.lifecycle;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The phase of the process and whether it is ready.
///
/// Ready means: [#started()] was called and every latch was released, once. From then on it stays
/// ready, whatever the phase, until the application has gone: a pod that drains must not be taken
/// for a broken one. Thread-safe.
public final class Lifecycle {

    /// The latches that hold readiness back, by identity, with their names.
    private final Map<ReadinessLatch, String> pending = new LinkedHashMap<>();

    private Phase phase = Phase.STARTING;
    private boolean started;
    private boolean wasReady;
    private boolean applicationGone;

    public synchronized Phase phase() {
        return phase;
    }

    public synchronized boolean isReady() {
        return wasReady && !applicationGone && phase != Phase.STOPPED;
    }

    /// What readiness still waits for, by name.
    public synchronized List<String> waitingFor() {
        return List.copyOf(pending.values());
    }

    /// Makes readiness wait for one more thing. Legal before [#started()] only.
    public synchronized ReadinessLatch latch(String name) {
        if (started) {
            throw new IllegalStateException(
                    "latch " + name + ": made too late (expected: before started())");
        }
        ReadinessLatch latch =
                new ReadinessLatch() {
                    @Override
                    public void release() {
                        released(this);
                    }
                };
        pending.put(latch, name);
        return latch;
    }

    /// All latches have been made; ready as soon as the last is released. Does nothing if the
    /// process drains already.
    public synchronized void started() {
        started = true;
        becomeReadyIfDue();
    }

    /// Begins to drain; legal in every phase.
    ///
    /// @return whether this call began it
    public synchronized boolean draining() {
        if (phase.compareTo(Phase.DRAINING) >= 0) {
            return false;
        }
        phase = Phase.DRAINING;
        return true;
    }

    /// The application that this process serves has gone for good: ready no more.
    public synchronized void applicationGone() {
        applicationGone = true;
    }

    /// About to exit; legal after a drain or a failed start.
    public synchronized void stopped() {
        if (phase == Phase.READY) {
            throw new IllegalStateException("phase: READY -> STOPPED (expected: DRAINING between)");
        }
        phase = Phase.STOPPED;
    }

    private synchronized void released(ReadinessLatch latch) {
        pending.remove(latch);
        becomeReadyIfDue();
    }

    private void becomeReadyIfDue() {
        if (started && pending.isEmpty() && phase == Phase.STARTING) {
            phase = Phase.READY;
            wasReady = true;
        }
    }
}
