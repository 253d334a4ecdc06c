package dev.ebb.proxy.transport;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One value for each event loop, made once at the start; read without a lock. The values
/// themselves belong to their loops.
///
/// @param <T> the values' type
public final class PerLoop<T> {

    private final IdentityHashMap<EventLoop, T> values = new IdentityHashMap<>();

    public PerLoop(EventLoopGroup loops, Function<EventLoop, T> create) {
        for (EventExecutor each : loops) {
            EventLoop loop = (EventLoop) each;
            values.put(loop, create.apply(loop));
        }
    }

    private PerLoop() {}

    /// Another value for each of the same loops.
    public <U> PerLoop<U> map(BiFunction<EventLoop, T, U> create) {
        PerLoop<U> mapped = new PerLoop<>();
        values.forEach((loop, value) -> mapped.values.put(loop, create.apply(loop, value)));
        return mapped;
    }

    /// The value of one of the loops that this was made for.
    public T of(EventLoop loop) {
        @Nullable T value = values.get(loop);
        if (value == null) {
            throw new IllegalArgumentException(loop + " (expected: a loop of this transport)");
        }
        return value;
    }

    /// Every loop with its value.
    public Set<Map.Entry<EventLoop, T>> entries() {
        return values.entrySet();
    }
}
