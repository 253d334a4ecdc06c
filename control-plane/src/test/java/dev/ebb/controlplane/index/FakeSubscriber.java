package dev.ebb.controlplane.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.controlplane.model.DepartureStatus;
import dev.ebb.controlplane.model.Endpoint;
import dev.ebb.controlplane.model.EndpointKey;
import dev.ebb.controlplane.model.EndpointState;
import dev.ebb.controlplane.model.Update;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A proxy as the index sees it: follows snapshots and deltas as the protocol demands, and checks
/// on the way that the control plane keeps its half.
final class FakeSubscriber implements Subscriber {
    final List<Update> received = new ArrayList<>();
    final List<DepartureStatus> departures = new ArrayList<>();
    final Map<Long, View> views = new HashMap<>();
    boolean ready = true;
    @Nullable CloseReason closed;

    @Override
    public boolean isReady() {
        return ready;
    }

    @Override
    public void send(Update update) {
        assertThat(ready).as("sends only while ready").isTrue();
        assertThat(closed).as("sends nothing after the close").isNull();
        received.add(update);
        switch (update) {
            case Update.Snapshot snapshot -> view(snapshot.subscription()).replace(snapshot);
            case Update.Delta delta -> view(delta.subscription()).change(delta);
            case Update.Departing(DepartureStatus status) -> departures.add(status);
        }
    }

    @Override
    public void close(CloseReason reason) {
        closed = reason;
    }

    View view(long subscription) {
        return views.computeIfAbsent(subscription, _ -> new View());
    }

    DepartureStatus lastDeparture() {
        assertThat(departures).as("departure states").isNotEmpty();
        return departures.getLast();
    }

    /// What the proxy holds of one destination.
    static final class View {
        final Map<EndpointKey, Endpoint> endpoints = new LinkedHashMap<>();
        long generation;
        boolean known;

        private void replace(Update.Snapshot snapshot) {
            assertThat(snapshot.generation()).isGreaterThan(generation);
            endpoints.clear();
            endpoints.putAll(snapshot.endpoints().endpoints());
            generation = snapshot.generation();
            known = snapshot.endpoints().known();
        }

        private void change(Update.Delta delta) {
            assertThat(delta.base()).as("builds on the last one sent").isEqualTo(generation);
            assertThat(delta.generation()).isGreaterThan(generation);
            delta.removed()
                    .forEach(key -> assertThat(endpoints.remove(key)).as("%s", key).isNotNull());
            delta.changed().forEach(endpoint -> endpoints.put(endpoint.key(), endpoint));
            generation = delta.generation();
            known = delta.known();
        }

        boolean holdsReady(String uid) {
            return holds(uid, EndpointState.READY);
        }

        boolean holdsLeaving(String uid) {
            return holds(uid, EndpointState.LEAVING);
        }

        private boolean holds(String uid, EndpointState state) {
            return endpoints.values().stream()
                    .anyMatch(e -> e.key().uid().equals(uid) && e.state() == state);
        }
    }
}
