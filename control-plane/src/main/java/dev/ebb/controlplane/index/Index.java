package dev.ebb.controlplane.index;

import dev.ebb.controlplane.cluster.Cluster;
import dev.ebb.controlplane.cluster.Life;
import dev.ebb.controlplane.model.Cause;
import dev.ebb.controlplane.model.DepartureReport;
import dev.ebb.controlplane.model.DepartureReport.Outcome;
import dev.ebb.controlplane.model.DepartureStatus;
import dev.ebb.controlplane.model.DepartureStatus.Application;
import dev.ebb.controlplane.model.DepartureStatus.Deletion;
import dev.ebb.controlplane.model.DestinationName;
import dev.ebb.controlplane.model.Endpoint;
import dev.ebb.controlplane.model.IndexStats;
import dev.ebb.controlplane.model.Instance;
import dev.ebb.controlplane.model.Ledger;
import dev.ebb.controlplane.model.Phase;
import dev.ebb.controlplane.model.PublishedEndpoint;
import dev.ebb.controlplane.model.Registry;
import dev.ebb.controlplane.model.Served;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/// What the control plane knows, and the rules by which it tells subscribers.
///
/// Single writer: every method is called by one thread at a time, and so is every [Subscriber]. A
/// method returns when all that follows from it has been published and handed to the subscribers
/// that take it. Time comes from the clock that is passed in, and passes by [#tick].
public final class Index {
    private final IndexSettings settings;
    private final LongSupplier nanos;
    private final IndexEvents events;
    private final Departures departures;
    private final Directory directory;
    private final Members members;
    private final Admission admission;
    private final Settlement settlement;
    private boolean synced;
    private long syncedNanos;

    /// @param nanos a monotonic clock in nanoseconds, such as `System::nanoTime`
    /// @param cluster is asked for names and lives, on the writer
    public Index(IndexSettings settings, LongSupplier nanos, IndexEvents events, Cluster cluster) {
        this.settings = settings;
        this.nanos = nanos;
        this.events = events;
        this.departures = new Departures(settings.limits().recentDepartures());
        this.directory = new Directory(departures, cluster);
        this.members = new Members(settings, new LeaseClock(nanos));
        this.admission = new Admission(settings.limits(), directory, departures);
        this.settlement =
                new Settlement(directory, departures, members, nanos, events, settings.settle());
    }

    /// Takes a new connection. A live one of the same instance is closed: the newer one takes over,
    /// with its votes. Refused if the uid is in use by somebody else.
    ///
    /// @param peer who the instance is as far as the network can tell
    public Connection connect(Instance instance, String peer, Subscriber subscriber)
            throws RefusedException {
        Connection connection = members.connect(instance, peer, subscriber);
        if (departures.isVanishedAfterTerm(instance.uid())) {
            settlement.begin(instance, Cause.TERM);
        } else if (departures.isRecorded(instance.uid())
                && directory.cluster().phase(instance.uid()) == Phase.SERVING) {
            // The proxy's container was restarted in a pod that stays.
            departures.forget(instance.uid());
            settlement.changed(directory.servedBy(instance.uid()));
        }
        if (directory.cluster().application(instance.uid()) == Application.GONE) {
            applicationGone(instance.uid());
        }
        departures
                .of(instance.uid())
                .filter(departure -> departure.cause() == Cause.DELETED)
                .ifPresent(settlement::tellUnasked);
        settlement.settle();
        return connection;
    }

    /// The stream has ended: its votes and its registration are kept until the lease ends. Call it
    /// after everything that was received on it.
    public void disconnect(Connection connection) {
        if (connection.isOpen()) {
            connection.closed();
            members.disconnect(connection);
            if (departures.isRecorded(connection.member().instance().uid())) {
                forget(connection.member());
            }
            settlement.settle();
        }
    }

    /// The connection's subscriber takes updates again.
    public void ready(Connection connection) {
        settlement.touch(connection);
        settlement.settle();
    }

    /// Replaces what the instance serves.
    public void register(Connection connection, List<Served> served) throws RefusedException {
        Instance instance = connection.member().instance();
        admission.check(instance, served);
        settlement.changed(directory.register(instance, served));
        departures
                .of(instance.uid())
                .ifPresent(departure -> departure.concerns(directory.servedBy(instance.uid())));
        settlement.settle();
    }

    /// Starts to tell the connection about a destination.
    ///
    /// @param held what the subscriber still uses from before a reconnect
    public void subscribe(
            Connection connection, long number, DestinationName name, List<Endpoint> held)
            throws RefusedException {
        admission.check(connection, number, held);
        Destination destination = directory.destination(name);
        Member member = connection.member();
        Subscription subscription =
                new Subscription(number, member, destination, settings.limits().outstanding());
        subscription.holdsAlready(held);
        if (settlement.isWarmingUp()) {
            subscription.carry(held);
        }
        members.takeOverOrphans(subscription);
        subscription.pruneInherited(
                settings.limits().endpoints(),
                uid -> directory.knows(uid) || departures.phase(uid) != Phase.SERVING);
        connection.subscriptions().put(number, subscription);
        destination.subscriptions().add(subscription);
        settlement.changed(Set.of(destination));
        settlement.markPending(subscription);
        for (Departure departure : departures.underway()) {
            if (subscription.holds(departure.instance().uid())) {
                departure.concerns(Set.of(destination));
                settlement.recount(departure);
            }
        }
        settlement.settle();
    }

    /// Ends a subscription; one that does not exist is no error, it may have been refused.
    public void unsubscribe(Connection connection, long number) {
        Subscription ended = connection.unsubscribe(number);
        if (ended != null) {
            settlement.drop(List.of(ended));
            settlement.settle();
        }
    }

    /// Takes an acknowledgement. One that says nothing new or nothing true is ignored.
    public void applied(Connection connection, long number, long generation, AppliedAs how) {
        Member member = connection.member();
        Subscription subscription = connection.subscriptions().get(number);
        if (subscription == null
                || !subscription.applied(generation, how == AppliedAs.LAST_RESORT)) {
            events.ackIgnored(member.instance());
            return;
        }
        for (Departure departure : departures.concerning(subscription.destination())) {
            if (!departure.isReleased()) {
                departure.count(subscription, members.subscriptions(member), nanos.getAsLong());
                settlement.counted(departure);
            }
        }
        settlement.markPending(subscription);
        settlement.settle();
    }

    /// The instance leaves, and asks how that stands. Idempotent.
    public void announce(Connection connection, Cause cause) throws RefusedException {
        Instance instance = connection.member().instance();
        admission.checkNotRecorded("announce", instance);
        departures
                .of(instance.uid())
                .orElseGet(() -> settlement.begin(instance, cause))
                .caused(cause);
        connection.announced();
        question(connection);
    }

    /// The instance goes on serving after all.
    public void withdraw(Connection connection) throws RefusedException {
        Optional<Departure> departure = departures.of(connection.member().instance().uid());
        if (departure.isEmpty()) {
            return;
        }
        if (departure.get().cause() != Cause.HOLD) {
            throw new RefusedException(
                    "withdraw: the departure began with %s (expected: one that began with HOLD)"
                            .formatted(departure.get().cause()));
        }
        connection.stopAsking();
        settlement.end(departure.get(), new Outcome.Withdrawn());
        settlement.settle();
    }

    /// The instance asks how its departure stands. It is answered now, and again at every change
    /// until it is released. If none is known, the cluster is asked, also while warming up; without
    /// a cluster there is none then, as nobody but the instance itself could tell of one.
    public void question(Connection connection) {
        Instance instance = connection.member().instance();
        connection.ask();
        departures
                .of(instance.uid())
                .ifPresentOrElse(
                        settlement::recount,
                        () ->
                                directory
                                        .cluster()
                                        .read(instance, life -> learned(connection, life)));
        settlement.touch(connection);
        settlement.settle();
    }

    /// The instance's last message: it is gone, and so are its votes. Idempotent.
    public void ledger(Connection connection, Ledger ledger) {
        Instance instance = connection.member().instance();
        Outcome outcome = new Outcome.Recorded(ledger);
        Optional<Departure> departure = departures.of(instance.uid());
        if (departure.isPresent()) {
            settlement.end(departure.get(), outcome);
        } else if (!departures.isRecorded(instance.uid())) {
            events.departureEnded(departures.endUnannounced(instance, outcome, nanos.getAsLong()));
        }
        settlement.changed(directory.unregister(instance.uid()));
        settlement.drop(List.copyOf(members.subscriptions(connection.member())));
        connection.member().orphans().clear();
        List.copyOf(connection.subscriptions().keySet()).forEach(connection::unsubscribe);
        settlement.settle();
    }

    /// The cluster says something else than before about destinations at these hosts.
    public void changed(Collection<String> hosts) {
        settlement.changed(directory.at(hosts));
        settlement.settle();
    }

    /// The cluster says that the instance leaves; it is told so, whether it has asked or not.
    /// Idempotent.
    public void leaves(Instance instance, Deletion deletion) {
        if (departures.isRecorded(instance.uid())) {
            return;
        }
        Departure departure =
                departures
                        .of(instance.uid())
                        .orElseGet(() -> settlement.begin(instance, Cause.DELETED));
        departure.deleted(deletion);
        settlement.tellUnasked(departure);
        settlement.settle();
    }

    /// The cluster has forgotten the instance. Its departure ends with it, unless it is still there
    /// to send its ledger: then it ends with that, or with its lease.
    public void vanished(String uid) {
        if (!members.contains(uid)) {
            departures.of(uid).ifPresent(left -> settlement.end(left, new Outcome.Vanished()));
            settlement.settle();
        }
    }

    /// The application behind the instance has terminated for good.
    public void applicationGone(String uid) {
        members.connection(uid)
                .ifPresent(connection ->
                        settlement.say(
                                connection,
                                departures
                                        .of(uid)
                                        .map(departure -> departure.status(nanos.getAsLong()))
                                        .orElse(DepartureStatus.NONE)));
        settlement.settle();
    }

    /// Replaces what the registry file says.
    public void registry(Registry registry) {
        settlement.changed(directory.replace(registry));
        settlement.settle();
    }

    /// The sources have been read for the first time. Nobody has been let in before, so the time in
    /// which proxies come back begins here.
    public void synced() {
        synced = true;
        syncedNanos = nanos.getAsLong();
        tick();
    }

    /// Lets time pass: ends leases and the warm-up, releases what waits for time only. Called about
    /// every 100 ms, after everything that was received before.
    public void tick() {
        members.tick();
        boolean isWarm = synced && nanos.getAsLong() - syncedNanos >= settings.warmUp().toNanos();
        if (isWarm && settlement.isWarmingUp()) {
            settlement.warm();
        }
        members.takeLapsed().forEach(this::lapse);
        departures.underway().stream()
                .filter(Departure::isWaitingForNobody)
                .forEach(settlement::recount);
        settlement.settle();
    }

    /// Ends every connection; what can be said has been said.
    public void shutDown() {
        for (Connection connection : members.connections()) {
            disconnect(connection);
            connection.subscriber().close(Subscriber.CloseReason.SHUTTING_DOWN);
        }
    }

    /// Whether there is anything to tell a proxy yet.
    public boolean isSynced() {
        return synced;
    }

    public boolean isWarmingUp() {
        return settlement.isWarmingUp();
    }

    /// What is published of a destination; empty if no source knows it.
    public Optional<List<PublishedEndpoint>> endpoints(DestinationName name) {
        return directory.describe(name);
    }

    /// Departures of one instance, by uid or name, or of all if that is empty; those underway
    /// first, then the newest.
    public List<DepartureReport> departures(String instance) {
        return departures.reports(instance, nanos.getAsLong());
    }

    public IndexStats stats() {
        return members.stats(directory.all().size(), departures.underway().size());
    }

    /// What a subscriber does in the state that it has applied.
    public enum AppliedAs {
        /// It picks ready endpoints only.
        READY_ONLY,
        /// Nothing is ready, and it picks leaving ones.
        LAST_RESORT
    }

    private void learned(Connection connection, Life life) {
        Instance instance = connection.member().instance();
        boolean isNews = departures.of(instance.uid()).isEmpty();
        switch (life) {
            case Life.Leaves(Deletion deletion) -> leaves(instance, deletion);
            case Life.Alive() when isNews -> settlement.say(connection, DepartureStatus.NONE);
            case Life.CannotTell(String reason) when isNews ->
                    settlement.say(connection, DepartureStatus.cannotTell(reason));
            case Life.Alive(), Life.CannotTell(_) -> {}
        }
        settlement.settle();
    }

    /// What an ended connection left is over: all of it, or what a newer one has not repeated.
    private void lapse(Member member) {
        Connection newer = member.connection();
        if (newer == null) {
            lapseVotes(member.instance());
            forget(member);
        } else {
            dropOrphans(member);
            departures
                    .of(member.instance().uid())
                    .filter(departure -> departure.cause() == Cause.HOLD && !newer.hasAnnounced())
                    .ifPresent(lost -> settlement.end(lost, new Outcome.Withdrawn()));
        }
    }

    private void lapseVotes(Instance instance) {
        for (Departure departure : departures.underway()) {
            for (DestinationName destination : departure.lapse(instance)) {
                events.voteLapsed(instance, destination, departure.instance());
                settlement.recount(departure);
            }
        }
    }

    private void forget(Member member) {
        String uid = member.instance().uid();
        dropOrphans(member);
        members.remove(member);
        departures
                .of(uid)
                .filter(left -> left.cause() != Cause.DELETED || !directory.isInCluster(uid))
                .ifPresent(left -> settlement.end(left, new Outcome.Vanished()));
        settlement.changed(directory.unregister(uid));
    }

    private void dropOrphans(Member member) {
        settlement.drop(List.copyOf(member.orphans()));
        member.orphans().clear();
    }
}
