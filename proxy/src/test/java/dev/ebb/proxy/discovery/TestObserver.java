package dev.ebb.proxy.discovery;

import dev.ebb.proxy.balance.Endpoint;
import dev.ebb.proxy.balance.EndpointObserver;
import dev.ebb.proxy.balance.EndpointSet;
import dev.ebb.proxy.balance.EndpointState;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Keeps the states that it applies, and takes as long as the test wants.
final class TestObserver implements EndpointObserver {

    private final BlockingQueue<EndpointSet> states = new LinkedBlockingQueue<>();
    private volatile CountDownLatch gate = new CountDownLatch(0);

    /// From now on nothing is applied until [#open].
    void shut() {
        gate = new CountDownLatch(1);
    }

    void open() {
        gate.countDown();
    }

    @Override
    public Applied apply(EndpointSet endpoints) {
        try {
            if (!gate.await(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("gate: shut (expected: opened by the test)");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        states.add(endpoints);
        boolean anyReady =
                endpoints.endpoints().stream().anyMatch(e -> e.state() == EndpointState.READY);
        return anyReady || endpoints.endpoints().isEmpty() ? Applied.NORMAL : Applied.LAST_RESORT;
    }

    /// The next state that was applied.
    EndpointSet take() throws InterruptedException {
        EndpointSet state = states.poll(10, TimeUnit.SECONDS);
        if (state == null) {
            throw new AssertionError("states: none was applied (expected: one)");
        }
        return state;
    }

    /// The uids of the next state that was applied.
    List<String> takeUids() throws InterruptedException {
        return take().endpoints().stream().map(Endpoint::uid).toList();
    }

    boolean hasMore() {
        return !states.isEmpty();
    }
}
