package dev.ebb.proxy.upstream;

import dev.ebb.proxy.stream.LoopTick;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What one event loop keeps by key while it is used and for a while after. Peers choose the keys,
/// so their number is bounded: where there is no room for another, the one that has been unused for
/// the longest time goes first.
///
/// @param <K> the key
/// @param <V> what is kept; closed once, and not used again
public final class KeptWhileUsed<K, V extends KeptWhileUsed.Kept> {

    private final LoopTick tick;
    private final int max;
    private final Duration unusedTime;
    private final Function<K, V> open;
    private final Map<K, V> kept = new HashMap<>();
    private boolean checkIsSet;

    /// @param max how many may be kept
    /// @param unusedTime how long one is kept that nobody uses
    /// @param open makes one
    public KeptWhileUsed(LoopTick tick, int max, Duration unusedTime, Function<K, V> open) {
        this.tick = tick;
        this.max = max;
        this.unusedTime = unusedTime;
        this.open = open;
    }

    /// One that is kept.
    public interface Kept {

        /// Who uses it.
        Users users();

        /// Ends it.
        void close();
    }

    /// Counts those who use one thing.
    public static final class Users {

        private final LoopTick tick;
        private int count;
        private long unusedSince;

        public Users(LoopTick tick) {
            this.tick = tick;
            unusedSince = tick.now();
        }

        /// One more; followed by one [#leave].
        public void enter() {
            count++;
        }

        /// One less; says whether nobody is left.
        public boolean leave() {
            unusedSince = tick.now();
            return --count == 0;
        }

        private boolean isUnused() {
            return count == 0;
        }
    }

    /// What is kept under `key`, entered once for the caller; null if too many are in use.
    public @Nullable V enter(K key) {
        V value = kept.get(key);
        if (value == null) {
            if (kept.size() >= max && !makeRoom()) {
                return null;
            }
            value = open.apply(key);
            kept.put(key, value);
            checkLater();
        }
        value.users().enter();
        return value;
    }

    public int size() {
        return kept.size();
    }

    /// What is kept now.
    public Collection<V> values() {
        return Collections.unmodifiableCollection(kept.values());
    }

    /// Closes all; the loop is about to end.
    public void close() {
        kept.values().forEach(Kept::close);
        kept.clear();
    }

    private boolean makeRoom() {
        Map.Entry<K, V> oldest =
                kept.entrySet().stream()
                        .filter(each -> each.getValue().users().isUnused())
                        .min(Comparator.comparingLong(this::unusedUntilNow))
                        .orElse(null);
        if (oldest == null) {
            return false;
        }
        kept.remove(oldest.getKey());
        oldest.getValue().close();
        return true;
    }

    /// Ordered by difference, since the clock may pass the largest number.
    private long unusedUntilNow(Map.Entry<K, V> entry) {
        return entry.getValue().users().unusedSince - tick.now();
    }

    private void checkLater() {
        if (!checkIsSet) {
            checkIsSet = true;
            tick.after(unusedTime, this::check);
        }
    }

    private void check() {
        checkIsSet = false;
        for (Iterator<V> each = kept.values().iterator(); each.hasNext(); ) {
            V value = each.next();
            Users users = value.users();
            if (users.isUnused() && tick.now() - users.unusedSince >= unusedTime.toNanos()) {
                each.remove();
                value.close();
            }
        }
        if (!kept.isEmpty()) {
            checkLater();
        }
    }
}
