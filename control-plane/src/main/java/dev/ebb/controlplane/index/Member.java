package dev.ebb.controlplane.index;

import dev.ebb.controlplane.model.Instance;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An instance that has a connection or whose lease has not ended since it had one.
final class Member {
    private final Instance instance;

    /// Who it is as far as the network tells; nobody else may take its uid while it is a member.
    private final String peer;

    /// Subscriptions of an earlier connection that have not been taken over yet. They vote.
    private final List<Subscription> orphans = new ArrayList<>();

    private @Nullable Connection connection;
    private long leaseEnd;

    Member(Instance instance, String peer) {
        this.instance = instance;
        this.peer = peer;
    }

    Instance instance() {
        return instance;
    }

    String peer() {
        return peer;
    }

    @Nullable Connection connection() {
        return connection;
    }

    List<Subscription> orphans() {
        return orphans;
    }

    /// Starts a connection; what the last one left is kept until `leaseEnd`.
    void connected(Connection newer, long until) {
        connection = newer;
        leaseEnd = until;
    }

    /// Ends the connection; its subscriptions go on voting until `leaseEnd`.
    void disconnected(Connection ended, long until) {
        orphans.addAll(ended.subscriptions().values());
        connection = null;
        leaseEnd = until;
    }

    /// Whether what an ended connection left is to be dropped.
    boolean isLeaseOver(long now) {
        return now - leaseEnd >= 0;
    }
}
