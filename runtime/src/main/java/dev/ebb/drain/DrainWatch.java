package dev.ebb.drain;

/// What a part of the process knows of the drain. Whoever takes part in draining takes one as a
/// constructor argument. Thread-safe.
public interface DrainWatch {

    /// Whether new work is to be refused.
    boolean isDraining();

    /// Runs `action` once, when the drain begins, on the thread that begins it; at once, on the
    /// caller's thread, if it has begun. Actions run in the order of registration and must not
    /// block; one that throws does not stop the others.
    Registration onDrain(Runnable action);

    /// Keeps the drain from completing until the lease is closed.
    ///
    /// The lease is counted before this returns. So who asks [#isDraining()] afterwards and hears
    /// no is certain to be waited for.
    ///
    /// @param what is held; its `toString` names it, asked only if someone wants to know
    DrainLease hold(Object what);

    /// A wish to be told of the drain.
    interface Registration extends AutoCloseable {

        /// Takes it back. Thread-safe, idempotent; an action that runs already is not interrupted.
        @Override
        void close();
    }
}
