package dev.ebb.controlplane.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.controlplane.cluster.Cluster;
import dev.ebb.controlplane.model.Cause;
import dev.ebb.controlplane.model.DepartureReport;
import dev.ebb.controlplane.model.DepartureStatus;
import dev.ebb.controlplane.model.DestinationName;
import dev.ebb.controlplane.model.Endpoint;
import dev.ebb.controlplane.model.EndpointState;
import dev.ebb.controlplane.model.Instance;
import dev.ebb.controlplane.model.PublishedEndpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random interleavings of everything that clients and servers do, judged by the clients' own
/// books.
class IndexPropertyTest {
    private static final int RUNS = 150;
    private static final int STEPS = 400;
    private static final List<DestinationName> DESTINATIONS = List.of(Mesh.WEB, Mesh.API);

    /// Shorter than the lease by what a tick and the index's own clock may add.
    private static final Duration SURELY_COUNTED = Duration.ofMillis(700);

    @ParameterizedTest
    @ValueSource(longs = {1, 2_000, 4_000, 6_000})
    void releaseIsSafeAndComesInTheEnd(long firstSeed) throws Exception {
        int releases = 0;
        for (long seed = firstSeed; seed < firstSeed + RUNS; seed++) {
            Run run = new Run(seed);
            run.play();
            releases += run.releases;
        }

        assertThat(releases).as("the runs are about something").isGreaterThan(5 * RUNS);
    }

    /// One interleaving.
    private static final class Run implements IndexEvents {
        private final long seed;
        private final Random random;
        private Index index;
        private final List<SimulatedClient> clients = new ArrayList<>();
        private final List<FakeProxy> servers = new ArrayList<>();
        private final Map<SimulatedClient, Long> awaySince = new HashMap<>();
        private final List<FakeProxy> announced = new ArrayList<>();
        private long nanos = 1;
        private int spawned;
        private int releases;

        Run(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
            this.index = new Index(IndexSettings.DEFAULT, () -> nanos, this, Cluster.NONE);
        }

        void play() throws Exception {
            index.synced();
            if (random.nextInt(4) != 0) {
                pass(Duration.ofSeconds(10));
            }
            for (int i = 0; i < 4; i++) {
                clients.add(new SimulatedClient("client-" + i, index, random));
            }
            for (int step = 0; step < STEPS; step++) {
                act();
                checkOutstanding();
            }
            comeToRest();
        }

        private void act() throws Exception {
            SimulatedClient client = clients.get(random.nextInt(clients.size()));
            DestinationName destination = DESTINATIONS.get(random.nextInt(DESTINATIONS.size()));
            switch (random.nextInt(16)) {
                case 0, 1 -> client.subscribe(destination);
                case 2 -> {
                    if (random.nextInt(4) == 0) {
                        client.unsubscribe(destination);
                    }
                }
                case 3, 4, 5, 6 -> client.acknowledge();
                case 7 -> client.acknowledgeNonsense();
                case 8 ->
                        client.setReady(
                                random.nextInt(4) != 0
                                        ? SimulatedClient.Flow.TAKES
                                        : SimulatedClient.Flow.STOPS);
                case 9 -> leaveOrReturn(client);
                case 10, 11 -> serve();
                case 12 -> announce();
                case 13 -> reconnectServer();
                case 14 -> retireReleased();
                default -> pass(Duration.ofMillis(random.nextInt(600)));
            }
            if (random.nextInt(100) == 0) {
                flap();
            }
            if (random.nextInt(400) == 0) {
                restartControlPlane();
            }
        }

        /// A fresh control plane takes the place of this one; everybody finds it within its
        /// warm-up.
        private void restartControlPlane() throws RefusedException {
            index = new Index(IndexSettings.DEFAULT, () -> nanos, this, Cluster.NONE);
            index.synced();
            awaySince.clear();
            clients.forEach(client -> client.moveTo(index));
            List<Object> order = new ArrayList<>(clients);
            order.addAll(servers);
            Collections.shuffle(order, random);
            for (Object each : order) {
                pass(Duration.ofMillis(random.nextInt(500)));
                if (each instanceof SimulatedClient client) {
                    client.reconnect();
                } else if (each instanceof FakeProxy server) {
                    server.movesTo(index);
                    replay(server);
                }
            }
        }

        private void replay(FakeProxy server) throws RefusedException {
            server.serves(destinationOf(server));
            if (announced.contains(server)) {
                index.announce(server.connection, Cause.TERM);
            }
        }

        private void leaveOrReturn(SimulatedClient client) throws RefusedException {
            if (client.isConnected()) {
                client.disconnect();
                awaySince.put(client, nanos);
            } else {
                awaySince.remove(client);
                client.reconnect();
            }
        }

        private void serve() throws RefusedException {
            if (servers.size() < 6) {
                FakeProxy server = new FakeProxy(index, "server-" + spawned, 4000 + spawned++);
                servers.add(server);
            }
            FakeProxy server = servers.get(random.nextInt(servers.size()));
            if (random.nextInt(4) == 0) {
                server.willServe(destinationOf(server));
            } else {
                server.serves(destinationOf(server));
            }
        }

        private static DestinationName destinationOf(FakeProxy server) {
            return DESTINATIONS.get(server.address.port() % DESTINATIONS.size());
        }

        private void announce() throws RefusedException {
            if (servers.size() > 1) {
                FakeProxy server = servers.get(random.nextInt(servers.size()));
                index.announce(server.connection, Cause.TERM);
                if (!announced.contains(server)) {
                    announced.add(server);
                }
            }
        }

        private void reconnectServer() throws RefusedException {
            if (!servers.isEmpty()) {
                FakeProxy server = servers.get(random.nextInt(servers.size()));
                server.reconnects();
                replay(server);
            }
        }

        private void retireReleased() {
            for (FakeProxy server : List.copyOf(announced)) {
                if (server.isReleased()) {
                    server.sendsLedger();
                    server.disconnects();
                    servers.remove(server);
                    announced.remove(server);
                }
            }
        }

        /// More changes than may be outstanding.
        private void flap() throws RefusedException {
            for (int i = 0; i < 20 && !servers.isEmpty(); i++) {
                FakeProxy server = servers.getFirst();
                server.willServe(destinationOf(server));
                server.serves(destinationOf(server));
            }
        }

        private void pass(Duration time) {
            long end = nanos + time.toNanos();
            while (nanos < end) {
                nanos = Math.min(end, nanos + Mesh.TICK.toNanos());
                index.tick();
            }
            awaySince.forEach((client, since) -> {
                if (!isSurelyCounted(since)) {
                    client.forgetEverything();
                }
            });
        }

        private boolean isSurelyCounted(long since) {
            return nanos - since < SURELY_COUNTED.toNanos();
        }

        /// Safety: judged at the very moment of the release, by what the clients have received.
        @Override
        public void departureReleased(DepartureReport departure, Duration held) {
            releases++;
            for (DestinationName destination : DESTINATIONS) {
                boolean readyNow =
                        index.endpoints(destination).orElse(List.of()).stream()
                                .map(PublishedEndpoint::endpoint)
                                .anyMatch(endpoint -> endpoint.state() == EndpointState.READY);
                for (SimulatedClient client : clients) {
                    Long since = awaySince.get(client);
                    boolean isCounted = since == null || isSurelyCounted(since);
                    assertThat(
                                    isCounted
                                            && client.mayPick(
                                                    departure.instance().uid(),
                                                    destination,
                                                    readyNow))
                            .as(
                                    "seed %d: %s released while %s may pick it for %s: %s",
                                    seed,
                                    departure.instance().uid(),
                                    client.uid,
                                    destination,
                                    client.uses().get(destination))
                            .isFalse();
                }
            }
        }

        private void checkOutstanding() {
            for (SimulatedClient client : clients) {
                client.uses()
                        .values()
                        .forEach(use ->
                                assertThat(use.received)
                                        .as("seed %d: unanswered states", seed)
                                        .hasSizeLessThanOrEqualTo(16));
            }
        }

        /// Liveness: once everybody takes and applies everything, all departures are released, and
        /// the clients have reached the newest state.
        private void comeToRest() throws RefusedException {
            for (SimulatedClient client : clients) {
                if (!client.isConnected()) {
                    awaySince.remove(client);
                    client.reconnect();
                }
                client.setReady(SimulatedClient.Flow.TAKES);
            }
            for (FakeProxy server : servers) {
                server.serves(destinationOf(server));
            }
            for (int i = 0; i < 150; i++) {
                clients.forEach(SimulatedClient::acknowledgeAll);
                pass(Mesh.TICK);
            }
            assertThat(clients)
                    .as("seed %d: rest", seed)
                    .noneMatch(SimulatedClient::acknowledgeAll);
            for (DepartureReport report : index.departures("")) {
                if (report.outcome() instanceof DepartureReport.Outcome.Underway) {
                    assertThat(report.status().state())
                            .as("seed %d: %s", seed, report)
                            .isEqualTo(DepartureStatus.State.RELEASED);
                }
            }
            clients.forEach(this::checkNewest);
        }

        private void checkNewest(SimulatedClient client) {
            client.uses()
                    .forEach((destination, use) -> {
                        List<Endpoint> published =
                                index.endpoints(destination).orElse(List.of()).stream()
                                        .map(PublishedEndpoint::endpoint)
                                        .toList();
                        assertThat(use.newest.values())
                                .as("seed %d: %s of %s", seed, destination, client.uid)
                                .containsExactlyInAnyOrderElementsOf(published);
                    });
        }

        @Override
        public void departureBegan(DepartureReport departure) {}

        @Override
        public void departureEnded(DepartureReport departure) {}

        @Override
        public void voteLapsed(
                Instance subscriber, DestinationName destination, Instance departing) {}

        @Override
        public void ackIgnored(Instance subscriber) {}
    }
}
