package dev.ebb.controlplane.index;

import dev.ebb.controlplane.model.IndexStats;
import dev.ebb.controlplane.model.Instance;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// The instances that are connected or whose lease has not ended, by uid.
final class Members {
    private final Map<String, Member> members = new LinkedHashMap<>();

    /// Members of whose ended connections something is left.
    private final Set<Member> leased = new LinkedHashSet<>();

    private final IndexSettings settings;
    private final LeaseClock leaseClock;

    Members(IndexSettings settings, LeaseClock leaseClock) {
        this.settings = settings;
        this.leaseClock = leaseClock;
    }

    /// Starts a connection; ends the one that the instance has.
    Connection connect(Instance instance, String peer, Subscriber subscriber)
            throws RefusedException {
        Member member = members.get(instance.uid());
        if (member == null) {
            member = new Member(instance, peer);
            members.put(instance.uid(), member);
        } else if (!member.peer().equals(peer)) {
            throw new RefusedException(
                    "instance uid: \"%s\" is in use by another peer (expected: one of its own)"
                            .formatted(instance.uid()));
        }
        Connection older = member.connection();
        if (older != null) {
            older.closed();
            disconnect(older);
            older.subscriber().close(Subscriber.CloseReason.TAKEN_OVER);
        }
        Connection connection = new Connection(member, subscriber);
        member.connected(connection, leaseClock.now() + settings.resubscribe().toNanos());
        return connection;
    }

    void disconnect(Connection connection) {
        Member member = connection.member();
        if (member.connection() == connection) {
            member.disconnected(connection, leaseClock.now() + settings.lease().toNanos());
            leased.add(member);
        }
    }

    void remove(Member member) {
        members.remove(member.instance().uid());
        leased.remove(member);
    }

    /// Gives the votes that the subscriber has in the destination from an earlier connection to
    /// this subscription.
    void takeOverOrphans(Subscription subscription) {
        for (Subscription orphan : List.copyOf(subscription.subscriber().orphans())) {
            if (orphan.destination() == subscription.destination()) {
                subscription.inherit(orphan);
                subscription.subscriber().orphans().remove(orphan);
                orphan.destination().subscriptions().remove(orphan);
            }
        }
    }

    void tick() {
        leaseClock.tick();
    }

    /// Members whose lease has ended; they are leased no more.
    List<Member> takeLapsed() {
        List<Member> lapsed =
                leased.stream().filter(member -> member.isLeaseOver(leaseClock.now())).toList();
        lapsed.forEach(leased::remove);
        return lapsed;
    }

    /// Whether the instance is connected, or its lease has not ended since it was.
    boolean contains(String uid) {
        return members.containsKey(uid);
    }

    Optional<Connection> connection(String uid) {
        return Optional.ofNullable(members.get(uid)).map(Member::connection);
    }

    List<Connection> connections() {
        return members.values().stream()
                .map(Member::connection)
                .filter(Objects::nonNull)
                .map(Objects::requireNonNull)
                .toList();
    }

    /// Every subscription that votes for the member.
    Collection<Subscription> subscriptions(Member member) {
        List<Subscription> all = new ArrayList<>(member.orphans());
        Connection connection = member.connection();
        if (connection != null) {
            all.addAll(connection.subscriptions().values());
        }
        return all;
    }

    IndexStats stats(int destinations, int departures) {
        int connections = 0;
        int subscriptions = 0;
        int outstanding = 0;
        for (Connection connection : connections()) {
            connections++;
            for (Subscription subscription : connection.subscriptions().values()) {
                subscriptions++;
                outstanding += subscription.outstanding();
            }
        }
        return new IndexStats(connections, subscriptions, outstanding, destinations, departures);
    }
}
