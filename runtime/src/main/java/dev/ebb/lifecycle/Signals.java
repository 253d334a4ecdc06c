package dev.ebb.lifecycle;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import sun.misc.Signal;

/// Takes POSIX signals over from the JVM.
///
/// `sun.misc.Signal` is in the supported module jdk.unsupported (JEP 260: critical, no
/// replacement).
public final class Signals {

    private Signals() {}

    /// Calls `listener` for each of the signals instead of what the JVM does by itself. Each call
    /// comes on a thread of its own, so two signals may be handled at once.
    ///
    /// @param names without `SIG`, such as `TERM`; `QUIT` and `USR1` belong to the JVM
    public static void handle(List<String> names, SignalListener listener) {
        for (String name : names) {
            AtomicInteger count = new AtomicInteger();
            Signal.handle(
                    new Signal(name),
                    signal -> listener.received(signal.getName(), count.incrementAndGet()));
        }
    }

    /// Is told of signals.
    @FunctionalInterface
    public interface SignalListener {

        /// A signal has arrived.
        ///
        /// @param name of the signal, without `SIG`
        /// @param count how many of this name there have been, this one included
        void received(String name, int count);
    }
}
