package dev.ebb.controlplane.index;

import dev.ebb.controlplane.model.DestinationName;
import dev.ebb.controlplane.model.Endpoint;
import dev.ebb.controlplane.model.EndpointKey;
import dev.ebb.controlplane.model.EndpointState;
import dev.ebb.controlplane.model.Instance;
import dev.ebb.controlplane.model.Update;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;

/// A client proxy that keeps its own books of what it may be picking from, apart from the index's.
final class SimulatedClient implements Subscriber {
    final String uid;
    private Index index;
    private final Random random;
    private final Map<DestinationName, Use> uses = new LinkedHashMap<>();
    private final Map<Long, DestinationName> numbers = new HashMap<>();
    private Connection connection;
    private boolean connected;
    private boolean ready = true;
    private long nextNumber = 1;

    SimulatedClient(String uid, Index index, Random random) throws RefusedException {
        this.uid = uid;
        this.index = index;
        this.random = random;
        this.connection = index.connect(new Instance(uid, uid), "peer", this);
        this.connected = true;
    }

    /// Whether it may pick the instance in any state from the applied one on.
    boolean mayPick(String instance, DestinationName destination, boolean readyNow) {
        Use use = uses.get(destination);
        return use != null
                && use.states.stream().anyMatch(state -> state.picks(instance, readyNow));
    }

    boolean isConnected() {
        return connected;
    }

    Map<DestinationName, Use> uses() {
        return uses;
    }

    void subscribe(DestinationName destination) throws RefusedException {
        if (connected && !uses.containsKey(destination)) {
            uses.put(destination, new Use(nextNumber));
            subscribeTo(destination);
        }
    }

    void unsubscribe(DestinationName destination) {
        if (connected && uses.containsKey(destination)) {
            index.unsubscribe(connection, uses.remove(destination).number);
        }
    }

    /// Applies some state that it has received and says so; or says something untrue.
    void acknowledge() {
        for (Use use : uses.values()) {
            if (connected && !use.received.isEmpty() && random.nextBoolean()) {
                List<Long> generations = List.copyOf(use.received.keySet());
                apply(use, generations.get(random.nextInt(generations.size())));
            }
        }
    }

    void acknowledgeNonsense() {
        for (Use use : uses.values()) {
            if (connected) {
                index.applied(connection, use.number, 1_000_000, Index.AppliedAs.READY_ONLY);
                index.applied(connection, use.number, use.applied, Index.AppliedAs.READY_ONLY);
                index.applied(connection, 999_999, 1, Index.AppliedAs.READY_ONLY);
            }
        }
    }

    /// Applies the newest state of everything; true if there was anything to apply.
    boolean acknowledgeAll() {
        boolean any = false;
        for (Use use : List.copyOf(uses.values())) {
            if (connected && !use.received.isEmpty()) {
                apply(use, use.received.lastKey());
                any = true;
            }
        }
        return any;
    }

    void setReady(Flow flow) {
        ready = flow == Flow.TAKES;
        if (ready && connected) {
            index.ready(connection);
        }
    }

    void disconnect() {
        if (connected) {
            connected = false;
            index.disconnect(connection);
        }
    }

    void reconnect() throws RefusedException {
        connected = true;
        ready = true;
        numbers.clear();
        connection = index.connect(new Instance(uid, uid), "peer", this);
        for (DestinationName destination : List.copyOf(uses.keySet())) {
            used(destination).restart(nextNumber);
            subscribeTo(destination);
        }
    }

    /// The control plane was restarted: the stream is gone, and the next one leads to another
    /// index.
    void moveTo(Index fresh) {
        index = fresh;
        connected = false;
    }

    /// Its lease has ended while it was away: what it does is nobody's promise any more.
    void forgetEverything() {
        uses.clear();
    }

    @Override
    public boolean isReady() {
        return ready;
    }

    @Override
    public void send(Update update) {
        switch (update) {
            case Update.Snapshot snapshot -> {
                Map<EndpointKey, Endpoint> endpoints = snapshot.endpoints().endpoints();
                Use use = use(snapshot.subscription());
                use.receive(snapshot.generation(), endpoints);
                checkNothingIsTakenAway(use);
            }
            case Update.Delta delta -> {
                Use use = use(delta.subscription());
                if (use.lastGeneration != delta.base()) {
                    throw new AssertionError("gap: " + use.lastGeneration + " then " + delta);
                }
                Map<EndpointKey, Endpoint> endpoints = new LinkedHashMap<>(use.newest);
                delta.removed().forEach(endpoints::remove);
                delta.changed().forEach(each -> endpoints.put(each.key(), each));
                use.receive(delta.generation(), endpoints);
                checkNothingIsTakenAway(use);
            }
            case Update.Departing _ -> {}
        }
    }

    @Override
    public void close(CloseReason reason) {}

    /// A control plane that is warming up takes nothing away but what it knows to leave.
    private void checkNothingIsTakenAway(Use use) {
        for (Endpoint held : index.isWarmingUp() ? use.heldAtSubscribe : List.<Endpoint>of()) {
            String instance = held.key().uid();
            if (!use.newest.containsKey(held.key()) && index.departures(instance).isEmpty()) {
                throw new AssertionError("taken away while warming up: " + held);
            }
        }
    }

    private void subscribeTo(DestinationName destination) throws RefusedException {
        long number = nextNumber++;
        numbers.put(number, destination);
        Use use = used(destination);
        use.heldAtSubscribe = use.held();
        index.subscribe(connection, number, destination, use.heldAtSubscribe);
    }

    private void apply(Use use, long generation) {
        State state = Objects.requireNonNull(use.received.get(generation));
        boolean lastResort = state.nothingReady();
        use.apply(generation);
        index.applied(
                connection,
                use.number,
                generation,
                lastResort ? Index.AppliedAs.LAST_RESORT : Index.AppliedAs.READY_ONLY);
    }

    private Use use(long number) {
        return used(Objects.requireNonNull(numbers.get(number)));
    }

    private Use used(DestinationName destination) {
        return Objects.requireNonNull(uses.get(destination));
    }

    /// Whether the client takes what it is sent.
    enum Flow {
        TAKES,
        STOPS
    }

    /// One destination's books.
    static final class Use {
        final NavigableMap<Long, State> received = new TreeMap<>();

        /// The applied state and every later one; after a reconnect also those from before.
        final List<State> states = new ArrayList<>();

        Map<EndpointKey, Endpoint> newest = Map.of();
        List<Endpoint> heldAtSubscribe = List.of();
        long number;
        long lastGeneration;
        long applied;

        Use(long number) {
            this.number = number;
        }

        private void restart(long newNumber) {
            number = newNumber;
            lastGeneration = 0;
            applied = 0;
            received.clear();
        }

        private void receive(long generation, Map<EndpointKey, Endpoint> endpoints) {
            State state = new State(generation, endpoints);
            received.put(generation, state);
            states.add(state);
            newest = endpoints;
            lastGeneration = generation;
        }

        private void apply(long generation) {
            State state = Objects.requireNonNull(received.get(generation));
            states.subList(0, states.lastIndexOf(state)).clear();
            received.headMap(generation, true).clear();
            applied = generation;
        }

        @Override
        public String toString() {
            return "applied %d of %s".formatted(applied, states);
        }

        private List<Endpoint> held() {
            Map<EndpointKey, Endpoint> held = new LinkedHashMap<>();
            for (State state : states) {
                state.endpoints.forEach((key, endpoint) ->
                        held.merge(
                                key,
                                endpoint,
                                (one, other) -> one.state() == EndpointState.READY ? one : other));
            }
            return List.copyOf(held.values());
        }
    }

    /// What was received at once.
    record State(long generation, Map<EndpointKey, Endpoint> endpoints) {
        boolean nothingReady() {
            return endpoints.values().stream().noneMatch(e -> e.state() == EndpointState.READY);
        }

        boolean picks(String uid, boolean readyNow) {
            return endpoints.values().stream()
                    .filter(endpoint -> endpoint.key().uid().equals(uid))
                    .anyMatch(endpoint ->
                            endpoint.state() == EndpointState.READY
                                    || (nothingReady() && readyNow));
        }
    }
}
