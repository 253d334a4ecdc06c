package dev.ebb.proxy.drain;

import dev.ebb.drain.DrainLease;
import dev.ebb.drain.DrainWatch;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/// The connections of one event loop, as a drain sees them.
///
/// Before a drain nothing is held: the normal way of a request touches nothing that loops share.
/// When the drain begins, one lease stands for the loop until each connection has been told, and
/// has taken a lease of its own for what must be waited for. So what is still held at the end of
/// the grace has a name. All methods but [#cut], [#input] and [#expectant] are called on the event
/// loop.
public final class LoopDrain {

    private final EventExecutor loop;
    private final DrainWatch watch;
    private final Set<Drainable> connections = Collections.newSetFromMap(new IdentityHashMap<>());
    private IntSupplier undelivered = () -> 0;
    private boolean draining;
    private boolean told;

    /// Starts to watch. May be called on any thread.
    public LoopDrain(EventExecutor loop, DrainWatch watch) {
        this.loop = loop;
        this.watch = watch;
        AutoCloseable _ = watch.onDrain(this::hear);
    }

    /// Adds a connection; it hears of the drain at once if that has begun.
    public void join(Drainable connection) {
        connections.add(connection);
        if (told) {
            connection.drain();
        }
    }

    /// Takes a connection out. Idempotent.
    public void leave(Drainable connection) {
        connections.remove(connection);
    }

    /// Whether the drain has begun: new work is answered, and the connection closed after it.
    public boolean isDraining() {
        return draining;
    }

    /// Makes the drain wait until the lease is closed.
    ///
    /// @param what names it, by its toString, if the grace ends first
    public DrainLease hold(Object what) {
        return watch.hold(what);
    }

    /// Has requests counted that have arrived and have not reached the application.
    ///
    /// @param count is asked on the event loop
    public void countUndelivered(IntSupplier count) {
        undelivered = count;
    }

    /// Completes once the loop has looked at its sockets: what waited to be accepted has been
    /// handed to the loop that will read it. Thread-safe.
    public CompletionStage<Void> input() {
        return CompletableFuture.runAsync(() -> {}, this::afterInput);
    }

    /// Counts the connections on which a request of an Ebb client may be on its way, once
    /// everything that has arrived on them by now was read, and the requests that wait for the
    /// application. Thread-safe.
    public CompletionStage<Integer> expectant() {
        return CompletableFuture.supplyAsync(this::countExpectant, this::afterInput);
    }

    /// The loop reads its sockets between a task that sets a timer and that timer.
    private void afterInput(Runnable task) {
        loop.execute(() -> {
            var _ = loop.schedule(task, 1, TimeUnit.MILLISECONDS);
        });
    }

    private int countExpectant() {
        long coming = connections.stream().filter(Drainable::mayBringRequest).count();
        return (int) coming + undelivered.getAsInt();
    }

    /// Cuts every connection that is left, because the grace has ended. Thread-safe.
    ///
    /// @return completes with the number of connections when they have been cut
    public CompletionStage<Integer> cut() {
        CompletableFuture<Integer> done = new CompletableFuture<>();
        loop.execute(() -> {
            var left = new ArrayList<>(connections);
            left.forEach(Drainable::cut);
            done.complete(left.size());
        });
        return done;
    }

    /// On the thread that begins the drain, which does not complete before this returns.
    private void hear() {
        DrainLease untold = watch.hold("connections of an event loop that does not answer");
        loop.execute(() -> begin(untold));
    }

    /// Connections are told one turn of the loop later: a request that waits in a socket's buffer
    /// is read first, and so counts as under way.
    private void begin(DrainLease untold) {
        draining = true;
        var _ = loop.schedule(() -> tell(untold), 1, TimeUnit.MILLISECONDS);
    }

    private void tell(DrainLease untold) {
        told = true;
        new ArrayList<>(connections).forEach(Drainable::drain);
        untold.close();
    }
}
