package dev.ebb.proxy.outbound;

import dev.ebb.proxy.stream.LoopTick;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The destinations that one event loop uses. Callers choose the names, so they are bounded, and
/// forgotten when nobody has used them for a while.
final class Destinations {

    /// Per event loop.
    static final int MAX = 1_024;

    /// After this an unused destination is closed. While it is kept its connections stay, and the
    /// control plane waits for this proxy when an endpoint leaves.
    static final Duration UNUSED_TIME = Duration.ofSeconds(5);

    private final LoopTick tick;
    private final Function<DestinationName, Destination> open;
    private final Map<DestinationName, Destination> destinations = new HashMap<>();
    private boolean checkIsSet;

    /// @param open makes a destination and starts its resolution
    Destinations(LoopTick tick, Function<DestinationName, Destination> open) {
        this.tick = tick;
        this.open = open;
    }

    /// The destination of that name, entered once for the caller; null if there are too many.
    @Nullable Destination enter(DestinationName name) {
        Destination destination = destinations.get(name);
        if (destination == null) {
            if (destinations.size() >= MAX) {
                return null;
            }
            destination = open.apply(name);
            destinations.put(name, destination);
            checkLater(UNUSED_TIME);
        }
        destination.enter();
        return destination;
    }

    int size() {
        return destinations.size();
    }

    /// Closes all; the loop is about to end.
    void close() {
        destinations.values().forEach(Destination::close);
        destinations.clear();
    }

    private void checkLater(Duration delay) {
        if (!checkIsSet) {
            checkIsSet = true;
            tick.after(delay, this::check);
        }
    }

    private void check() {
        checkIsSet = false;
        for (Iterator<Destination> each = destinations.values().iterator(); each.hasNext(); ) {
            Destination destination = each.next();
            if (destination.unusedNanos() >= UNUSED_TIME.toNanos()) {
                each.remove();
                destination.close();
            }
        }
        if (!destinations.isEmpty()) {
            checkLater(UNUSED_TIME);
        }
    }
}
