package dev.ebb.controlplane.index;

import dev.ebb.controlplane.cluster.Cluster;
import dev.ebb.controlplane.model.DepartureReport;
import dev.ebb.controlplane.model.DestinationName;
import dev.ebb.controlplane.model.Instance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// An index with a clock of its own and proxies around it.
final class Mesh {
    static final DestinationName WEB = DestinationName.parse("web.demo:80");
    static final DestinationName API = DestinationName.parse("api.demo:80");
    static final Duration TICK = Duration.ofMillis(100);

    final Events events = new Events();
    final Index index;
    long nanos = 1_000_000_000L;
    private int ports = 4000;

    /// A mesh whose control plane is warm.
    static Mesh warm() {
        Mesh mesh = new Mesh(IndexSettings.DEFAULT);
        mesh.index.synced();
        mesh.pass(IndexSettings.DEFAULT.warmUp());
        return mesh;
    }

    /// A mesh whose control plane has just been started.
    static Mesh fresh() {
        Mesh mesh = new Mesh(IndexSettings.DEFAULT);
        mesh.index.synced();
        return mesh;
    }

    /// A warm mesh in a cluster.
    static Mesh warm(Cluster cluster) {
        Mesh mesh = new Mesh(IndexSettings.DEFAULT, cluster);
        mesh.index.synced();
        mesh.pass(IndexSettings.DEFAULT.warmUp());
        return mesh;
    }

    Mesh(IndexSettings settings) {
        this(settings, Cluster.NONE);
    }

    Mesh(IndexSettings settings, Cluster cluster) {
        this.index = new Index(settings, () -> nanos, events, cluster);
    }

    FakeProxy proxy(String uid) throws RefusedException {
        return new FakeProxy(index, uid, ports++);
    }

    /// Lets time pass, tick by tick.
    void pass(Duration time) {
        long end = nanos + time.toNanos();
        while (nanos < end) {
            nanos = Math.min(end, nanos + TICK.toNanos());
            index.tick();
        }
    }

    DepartureReport report(FakeProxy proxy) {
        return index.departures(proxy.instance.uid()).getFirst();
    }

    /// Keeps what happened.
    static final class Events implements IndexEvents {
        final List<DepartureReport> ended = new ArrayList<>();
        final List<Duration> holds = new ArrayList<>();
        final List<String> lapsed = new ArrayList<>();
        int ignoredAcks;

        @Override
        public void departureBegan(DepartureReport departure) {}

        @Override
        public void departureReleased(DepartureReport departure, Duration held) {
            holds.add(held);
        }

        @Override
        public void departureEnded(DepartureReport departure) {
            ended.add(departure);
        }

        @Override
        public void voteLapsed(
                Instance subscriber, DestinationName destination, Instance departing) {
            lapsed.add(subscriber.uid());
        }

        @Override
        public void ackIgnored(Instance subscriber) {
            ignoredAcks++;
        }
    }
}
