package dev.ebb.proxy.balance;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Picks among the endpoints of one destination, for one event loop: power of two choices by
/// [PeakEwma].
///
/// Only ready endpoints are picked. With none ready, leaving ones are picked as a last resort. An
/// endpoint that has told itself that it leaves ([#markLeaving]) is avoided while another ready one
/// exists, ahead of what discovery says. Not thread-safe; time is an argument, in nanoseconds of
/// any monotonic clock.
///
/// @param <P> what the owner keeps for each endpoint: its connections
public final class Balancer<P> {

    private record Key(String uid, InetSocketAddress address) {}

    private final RandomGenerator random;
    private final Pools<P> pools;

    private Map<Key, Member<P>> members = Map.of();
    private List<Member<P>> pickable = List.of();
    private final Map<String, Long> leavingUntil = new HashMap<>();

    public Balancer(RandomGenerator random, Pools<P> pools) {
        this.random = random;
        this.pools = pools;
    }

    /// What the owner keeps for each endpoint.
    ///
    /// @param <P> its type
    public interface Pools<P> {

        /// An endpoint has come.
        P open(Endpoint endpoint);

        /// The endpoint is not pickable any more: gives up what waits for it or connects to it, and
        /// its idle connections. It may become pickable again. Called when the balancer's state has
        /// changed already, so that what was given up may pick anew at once.
        void vacate(P pool);

        /// The endpoint is gone; [#vacate] was called before if it was pickable.
        void close(P pool);
    }

    /// Replaces the endpoints. When this returns, what is not pickable any more is vacated.
    public EndpointObserver.Applied apply(EndpointSet set, long now) {
        Map<Key, Member<P>> before = members;
        Map<Key, Member<P>> after = HashMap.newHashMap(set.endpoints().size());
        for (Endpoint endpoint : set.endpoints()) {
            Key key = new Key(endpoint.uid(), endpoint.address());
            Member<P> member = before.getOrDefault(key, after.get(key));
            if (member == null) {
                member = new Member<>(endpoint, pools.open(endpoint), now);
            }
            member.update(endpoint);
            after.put(key, member);
        }
        members = after;
        leavingUntil.keySet().removeIf(uid -> !contains(uid));
        refresh();
        before.forEach((key, member) -> {
            if (!after.containsKey(key)) {
                pools.close(member.pool());
            }
        });
        return isLastResort()
                ? EndpointObserver.Applied.LAST_RESORT
                : EndpointObserver.Applied.NORMAL;
    }

    /// The instance behind this member has said that it leaves. Holds until the instance is out of
    /// the set, or until `until`, should the departure lapse.
    public void markLeaving(Member<P> member, long until) {
        String uid = member.endpoint().uid();
        if (contains(uid) && leavingUntil.put(uid, until) == null) {
            refresh();
        }
    }

    /// Forgets marks whose time is over; says when to be called again, [Long#MAX_VALUE] for never.
    public long expireMarks(long now) {
        if (leavingUntil.values().removeIf(until -> until - now <= 0)) {
            refresh();
        }
        return leavingUntil.values().stream()
                .mapToLong(Long::longValue)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    /// The endpoint for one attempt, null if there is none. One in `tried` is picked only when
    /// there is no other.
    public @Nullable Member<P> pick(List<Member<P>> tried, long now) {
        List<Member<P>> candidates = tried.isEmpty() ? pickable : without(tried);
        int size = candidates.size();
        if (size <= 1) {
            return size == 0 ? null : candidates.getFirst();
        }
        int first = random.nextInt(size);
        int second = random.nextInt(size - 1);
        Member<P> choice =
                better(
                        candidates.get(first),
                        candidates.get(second < first ? second : second + 1),
                        now);
        return choice.load().isPenalised(now) ? best(candidates, now) : choice;
    }

    /// Whether [#pick] would find one that is not in `tried`.
    public boolean hasOther(List<Member<P>> tried) {
        return !tried.containsAll(pickable);
    }

    /// Whether there is anything to pick.
    public boolean isEmpty() {
        return pickable.isEmpty();
    }

    /// Vacates and closes every endpoint.
    public void close() {
        apply(EndpointSet.UNKNOWN, 0);
    }

    private boolean isLastResort() {
        return !pickable.isEmpty()
                && pickable.getFirst().endpoint().state() == EndpointState.LEAVING;
    }

    private boolean contains(String uid) {
        return members.values().stream().anyMatch(member -> member.endpoint().uid().equals(uid));
    }

    /// Works out anew what is pickable, and vacates what no longer is.
    private void refresh() {
        List<Member<P>> ready = new ArrayList<>();
        List<Member<P>> marked = new ArrayList<>();
        List<Member<P>> leaving = new ArrayList<>();
        for (Member<P> member : members.values()) {
            switch (member.endpoint().state()) {
                case READY ->
                        (leavingUntil.containsKey(member.endpoint().uid()) ? marked : ready)
                                .add(member);
                case LEAVING -> leaving.add(member);
            }
        }
        List<Member<P>> before = pickable;
        // A marked endpoint is still ready to the control plane, which is told that no leaving one
        // is picked while anything is ready: so it comes before those.
        pickable = !ready.isEmpty() ? ready : !marked.isEmpty() ? marked : leaving;
        List<Member<P>> after = pickable;
        for (Member<P> member : before) {
            if (!after.contains(member)) {
                pools.vacate(member.pool());
            }
        }
    }

    private List<Member<P>> without(List<Member<P>> tried) {
        List<Member<P>> rest = new ArrayList<>(pickable);
        rest.removeAll(tried);
        return rest.isEmpty() ? pickable : rest;
    }

    private static <P> Member<P> best(List<Member<P>> candidates, long now) {
        Member<P> best = candidates.getFirst();
        for (Member<P> candidate : candidates) {
            best = better(best, candidate, now);
        }
        return best;
    }

    private static <P> Member<P> better(Member<P> one, Member<P> other, long now) {
        boolean penalised = one.load().isPenalised(now);
        if (penalised != other.load().isPenalised(now)) {
            return penalised ? other : one;
        }
        return one.load().load(now) <= other.load().load(now) ? one : other;
    }
}
