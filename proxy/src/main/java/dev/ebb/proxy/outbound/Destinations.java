package dev.ebb.proxy.outbound;

import dev.ebb.proxy.stream.LoopTick;
import dev.ebb.proxy.upstream.KeptWhileUsed;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The destinations that one event loop uses. Callers choose them, so they are bounded, and
/// forgotten when nobody has used them for a while.
final class Destinations {

    /// Per event loop.
    static final int MAX = 1_024;

    /// After this an unused destination is closed. While it is kept its connections stay, and the
    /// control plane waits for this proxy when an endpoint leaves.
    static final Duration UNUSED_TIME = Duration.ofSeconds(5);

    private final KeptWhileUsed<Target, Destination> destinations;
    private final Function<Target, Destination> openUnresolved;

    /// @param open makes a destination and starts its resolution
    /// @param openUnresolved makes one that is only ever reached as it is
    Destinations(
            LoopTick tick,
            Function<Target, Destination> open,
            Function<Target, Destination> openUnresolved) {
        destinations = new KeptWhileUsed<>(tick, MAX, UNUSED_TIME, open);
        this.openUnresolved = openUnresolved;
    }

    /// The destination, entered once for the caller; null if there are too many.
    ///
    /// An application that uses more addresses at a time than can be kept shall reach them all the
    /// same: what it was about to reach by itself is then not asked for.
    @Nullable Destination enter(Target target) {
        Destination destination = destinations.enter(target);
        if (destination == null && target.original() != null) {
            destination = openUnresolved.apply(target);
            destination.users().enter();
        }
        return destination;
    }

    int size() {
        return destinations.size();
    }

    /// Closes all; the loop is about to end.
    void close() {
        destinations.close();
    }
}
