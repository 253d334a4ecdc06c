package dev.ebb.proxy.discovery;

import dev.ebb.proto.destination.v1.Applied;
import dev.ebb.proto.destination.v1.Delta;
import dev.ebb.proto.destination.v1.EndpointKey;
import dev.ebb.proto.destination.v1.Snapshot;
import dev.ebb.proto.destination.v1.Subscribe;
import dev.ebb.proxy.balance.Endpoint;
import dev.ebb.proxy.balance.EndpointObserver;
import dev.ebb.proxy.balance.EndpointSet;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One destination: the states that come, their application on every observer's loop, and the
/// acknowledgements.
///
/// Belongs to the control loop. One state is being applied at a time; what comes meanwhile is
/// merged, so that a stuck event loop delays acknowledgements but queues nothing. A generation is
/// acknowledged only after every observer has returned from applying it, or a state after it.
final class Subscription {

    private static final Logger LOG = LoggerFactory.getLogger(Discovery.class);

    private final String destination;
    private final Executor controlLoop;
    private final Consumer<Subscription> acknowledge;
    private final List<Observing> observers = new ArrayList<>();

    /// On the present stream.
    private long number;

    /// Changes with every stream, so that what was applied for an old one is not acknowledged on a
    /// new one.
    private long stream;

    /// The last one received on the present stream; 0 is none.
    private long generation;

    private Map<Key, Endpoint> received = new LinkedHashMap<>();
    private @Nullable EndpointSet newest;
    private @Nullable EndpointSet inApplication;
    private EndpointSet applied = EndpointSet.UNKNOWN;
    private boolean overtaken;
    private @Nullable Applied unsentAck;

    /// @param acknowledge called when [#takeAck] has something
    Subscription(String destination, Executor controlLoop, Consumer<Subscription> acknowledge) {
        this.destination = destination;
        this.controlLoop = controlLoop;
        this.acknowledge = acknowledge;
    }

    String destination() {
        return destination;
    }

    long number() {
        return number;
    }

    /// Adds an observer and feeds it what is known. Acknowledgements need not wait for that: it
    /// never held anything older.
    void add(Observing observer) {
        observers.add(observer);
        if (newest != null) {
            observer.apply(newest, _ -> {});
        }
    }

    /// Takes an observer away; says whether none is left.
    boolean remove(Observing observer) {
        observers.remove(observer);
        return observers.isEmpty();
    }

    /// A new stream begins: what to send on it.
    Subscribe subscribe(long newNumber) {
        number = newNumber;
        stream++;
        generation = 0;
        unsentAck = null;
        Subscribe.Builder message =
                Subscribe.newBuilder().setSubscription(number).setDestination(destination);
        held().stream().map(ProtoValues::endpoint).forEach(message::addHeld);
        return message.build();
    }

    /// The whole state.
    ///
    /// @throws IllegalArgumentException if it breaks the protocol
    void snapshot(Snapshot snapshot) {
        if (snapshot.getGeneration() <= generation) {
            throw new IllegalArgumentException(
                    destination
                            + ": generation "
                            + snapshot.getGeneration()
                            + " (expected: above "
                            + generation
                            + ")");
        }
        Map<Key, Endpoint> state = new LinkedHashMap<>();
        snapshot.getEndpointsList().stream()
                .map(ProtoValues::endpoint)
                .forEach(each -> state.put(Key.of(each), each));
        received = state;
        generation = snapshot.getGeneration();
        changed(snapshot.getKnown());
    }

    /// A change of the last state.
    ///
    /// @throws IllegalArgumentException if there is a gap, or it breaks the protocol otherwise
    void delta(Delta delta) {
        if (generation == 0
                || delta.getBase() != generation
                || delta.getGeneration() <= generation) {
            throw new IllegalArgumentException(
                    destination
                            + ": generation "
                            + delta.getGeneration()
                            + " builds on "
                            + delta.getBase()
                            + " (expected: "
                            + generation
                            + ")");
        }
        for (EndpointKey removed : delta.getRemovedList()) {
            received.remove(new Key(removed.getUid(), ProtoValues.address(removed.getAddress())));
        }
        delta.getChangedList().stream()
                .map(ProtoValues::endpoint)
                .forEach(each -> received.put(Key.of(each), each));
        generation = delta.getGeneration();
        changed(delta.getKnown());
    }

    /// The control plane does not serve this destination; what is held stays in use.
    void refused() {
        if (newest == null) {
            newest = EndpointSet.UNKNOWN;
            observers.forEach(observer -> observer.apply(EndpointSet.UNKNOWN, _ -> {}));
        }
    }

    /// What is to be acknowledged, once; of several only the newest.
    @Nullable Applied takeAck() {
        Applied ack = unsentAck;
        unsentAck = null;
        return ack;
    }

    /// Everything that some observer may still pick: the newest state and those before it that are
    /// not known to be gone. The oldest wins, since it may be the more permissive one.
    private List<Endpoint> held() {
        Map<Key, Endpoint> held = new LinkedHashMap<>();
        applied.endpoints().forEach(each -> held.putIfAbsent(Key.of(each), each));
        if (inApplication != null) {
            inApplication.endpoints().forEach(each -> held.putIfAbsent(Key.of(each), each));
        }
        received.values().forEach(each -> held.putIfAbsent(Key.of(each), each));
        return List.copyOf(held.values());
    }

    private void changed(boolean known) {
        newest = new EndpointSet(known, List.copyOf(received.values()));
        if (inApplication == null) {
            apply(newest);
        } else {
            overtaken = true;
        }
    }

    private void apply(EndpointSet state) {
        inApplication = state;
        overtaken = false;
        Application application = new Application(state);
        observers.forEach(observer -> observer.apply(state, application::applied));
        application.begun();
    }

    private void finished(Application done) {
        applied = done.state;
        inApplication = null;
        if (done.failed) {
            LOG.atError()
                    .addKeyValue("destination", destination)
                    .log("A state could not be applied and is not acknowledged");
        } else if (done.stream == stream && done.generation > 0) {
            unsentAck =
                    Applied.newBuilder()
                            .setSubscription(number)
                            .setGeneration(done.generation)
                            .setLastResort(done.lastResort)
                            .build();
            acknowledge.accept(this);
        }
        if (overtaken && newest != null) {
            apply(newest);
        }
    }

    /// One state on its way to all observers.
    private final class Application {

        private final EndpointSet state;
        private final long stream = Subscription.this.stream;
        private final long generation = Subscription.this.generation;

        /// One for each observer and one for the round of asking them.
        private int outstanding = observers.size() + 1;

        private boolean lastResort;
        private boolean failed;

        Application(EndpointSet state) {
            this.state = state;
        }

        void begun() {
            countDown();
        }

        void applied(Outcome outcome) {
            try {
                controlLoop.execute(() -> note(outcome));
            } catch (RejectedExecutionException _) {
                LOG.debug("Applied after the end of the control stream");
            }
        }

        private void note(Outcome outcome) {
            lastResort |= outcome == Outcome.LAST_RESORT;
            failed |= outcome == Outcome.FAILED;
            countDown();
        }

        private void countDown() {
            outstanding--;
            if (outstanding == 0) {
                finished(this);
            }
        }
    }

    /// One observer on its loop.
    record Observing(Executor loop, EndpointObserver observer) {

        /// Applies a state on the observer's loop; `done` hears of it on that loop, or at once if
        /// the loop has ended: then nothing is picked there any more.
        void apply(EndpointSet state, Consumer<Outcome> done) {
            try {
                loop.execute(() -> done.accept(applyNow(state)));
            } catch (RejectedExecutionException _) {
                done.accept(Outcome.NORMAL);
            }
        }

        private Outcome applyNow(EndpointSet state) {
            try {
                return switch (observer.apply(state)) {
                    case NORMAL -> Outcome.NORMAL;
                    case LAST_RESORT -> Outcome.LAST_RESORT;
                };
            } catch (RuntimeException e) {
                LOG.error("An observer failed to apply a state", e);
                return Outcome.FAILED;
            }
        }
    }

    /// What an observer made of a state.
    enum Outcome {
        NORMAL,
        LAST_RESORT,
        FAILED
    }

    private record Key(String uid, InetSocketAddress address) {
        static Key of(Endpoint endpoint) {
            return new Key(endpoint.uid(), endpoint.address());
        }
    }
}
