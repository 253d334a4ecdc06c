package dev.ebb.controlplane.index;

import dev.ebb.controlplane.model.Address;
import dev.ebb.controlplane.model.Cause;
import dev.ebb.controlplane.model.DepartureStatus;
import dev.ebb.controlplane.model.DestinationName;
import dev.ebb.controlplane.model.Endpoint;
import dev.ebb.controlplane.model.EndpointKey;
import dev.ebb.controlplane.model.EndpointState;
import dev.ebb.controlplane.model.Instance;
import dev.ebb.controlplane.model.Ledger;
import dev.ebb.controlplane.model.Served;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One instance that talks to an index, in words that read like the protocol.
final class FakeProxy {
    private Index index;
    final Instance instance;
    final Address address;
    FakeSubscriber stream = new FakeSubscriber();
    Connection connection;

    FakeProxy(Index index, String uid, int port) throws RefusedException {
        this.index = index;
        this.instance = new Instance(uid, uid);
        this.address = new Address("10.0.0.1", port);
        this.connection = index.connect(instance, "peer", stream);
    }

    FakeProxy serves(DestinationName destination) throws RefusedException {
        index.register(connection, List.of(new Served(destination, address, true)));
        return this;
    }

    FakeProxy willServe(DestinationName destination) throws RefusedException {
        index.register(connection, List.of(new Served(destination, address, false)));
        return this;
    }

    FakeProxy subscribes(long number, DestinationName destination) throws RefusedException {
        return subscribes(number, destination, List.of());
    }

    FakeProxy subscribes(long number, DestinationName destination, List<Endpoint> held)
            throws RefusedException {
        index.subscribe(connection, number, destination, held);
        return this;
    }

    /// Says that it has applied everything that it has received on the subscription.
    FakeProxy applies(long number) {
        return applies(number, stream.view(number).generation);
    }

    FakeProxy applies(long number, long generation) {
        index.applied(connection, number, generation, Index.AppliedAs.READY_ONLY);
        return this;
    }

    FakeProxy appliesAsLastResort(long number) {
        index.applied(
                connection, number, stream.view(number).generation, Index.AppliedAs.LAST_RESORT);
        return this;
    }

    FakeProxy leaves() throws RefusedException {
        index.announce(connection, Cause.TERM);
        return this;
    }

    void disconnects() {
        index.disconnect(connection);
    }

    void reconnects() throws RefusedException {
        stream = new FakeSubscriber();
        connection = index.connect(instance, "peer", stream);
    }

    /// The control plane was restarted: the next stream leads to another index.
    void movesTo(Index fresh) throws RefusedException {
        index = fresh;
        reconnects();
    }

    void sendsLedger() {
        index.ledger(connection, ledger());
    }

    /// What another instance would say it holds of this one after a reconnect.
    Endpoint held(EndpointState state) {
        return new Endpoint(new EndpointKey(instance.uid(), address), state, true);
    }

    DepartureStatus.State toldState() {
        return stream.lastDeparture().state();
    }

    boolean isReleased() {
        return toldState() == DepartureStatus.State.RELEASED;
    }

    static Ledger ledger() {
        Optional<Duration> never = Optional.empty();
        return new Ledger(
                "TERM",
                new Ledger.Times(never, never, never, never, never),
                "released",
                new Ledger.Counts(1, 2, 3, 0, 0, 0, Map.of()),
                List.of(),
                List.of(),
                List.of());
    }
}
