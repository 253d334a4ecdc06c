package dev.ebb.controlplane.kubernetes;

import java.util.HashSet;
import java.util.Set;

/// Runs something, once, when everything has been read for the first time. A watch that is begun
/// anew reads again, perhaps while another has not read at all. Used on the writer.
final class FirstSync {
    private final Set<String> awaited;
    private final Runnable then;

    FirstSync(Set<String> awaited, Runnable then) {
        this.awaited = new HashSet<>(awaited);
        this.then = then;
    }

    /// One of what is awaited has been read, for the first time or again.
    void of(String what) {
        if (awaited.remove(what) && awaited.isEmpty()) {
            then.run();
        }
    }
}
