package dev.ebb.proxy.testing;

import dev.ebb.proto.destination.v1.ControlMessage;
import dev.ebb.proto.destination.v1.DepartureState;
import dev.ebb.proto.destination.v1.DestinationGrpc;
import dev.ebb.proto.destination.v1.Endpoint;
import dev.ebb.proto.destination.v1.Hello;
import dev.ebb.proto.destination.v1.Ledger;
import dev.ebb.proto.destination.v1.ProxyMessage;
import dev.ebb.proto.destination.v1.Recorded;
import dev.ebb.proto.destination.v1.Served;
import dev.ebb.proto.destination.v1.Snapshot;
import dev.ebb.proto.destination.v1.Subscribe;
import dev.ebb.proto.destination.v1.Welcome;
import dev.ebb.proxy.testing.TestSubscription.Replacement;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A control plane of the size of a test: registrations, subscriptions, acknowledgements and
/// departures of the destination API, with switches for everything that may go wrong on its side.
///
/// It runs on one thread. It is not the product's control plane, so a proxy that passes here owes
/// nothing to an agreement between the two.
public final class TestControlPlane implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    /// How long it waits for a subscriber whose stream has ended.
    private static final Duration LEASE = Duration.ofSeconds(1);

    private static final Duration LAST_ENDPOINT_TIME = Duration.ofSeconds(1);

    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    task -> new Thread(task, "test-control-plane"));
    private final Map<String, TestInstance> instances = new LinkedHashMap<>();
    private final Set<String> known = new HashSet<>();
    private final Map<String, Ledger> ledgers = new ConcurrentHashMap<>();
    private final Map<String, Long> releasedNanos = new ConcurrentHashMap<>();
    private final Map<String, Long> lastAppliedNanos = new ConcurrentHashMap<>();
    private final Map<String, Duration> lags = new ConcurrentHashMap<>();
    private final Set<String> believedEarly = ConcurrentHashMap.newKeySet();
    private volatile Mood mood = Mood.NORMAL;
    private final Server server;
    private final int port;

    private TestControlPlane(int wantedPort) throws IOException {
        server =
                NettyServerBuilder.forAddress(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), wantedPort))
                        .keepAliveTime(1, TimeUnit.SECONDS)
                        .keepAliveTimeout(2, TimeUnit.SECONDS)
                        .permitKeepAliveTime(1, TimeUnit.SECONDS)
                        .addService(new Service())
                        .build()
                        .start();
        this.port = server.getPort();
    }

    public static TestControlPlane start() throws IOException {
        return new TestControlPlane(0);
    }

    /// Starts where another one has been, knowing nothing.
    public static TestControlPlane startAt(int port) throws IOException {
        return new TestControlPlane(port);
    }

    public int port() {
        return port;
    }

    /// How it answers questions about departures from now on.
    public void mood(Mood now) {
        mood = now;
        thread.execute(this::settle);
    }

    /// From now on the states for this subscriber take a while to reach it.
    public void lag(String subscriber, Duration lag) {
        lags.put(subscriber, lag);
    }

    /// From now on this subscriber counts as having applied what was merely sent: the other side of
    /// a subscriber that acknowledges before it has applied.
    public void believeEarly(String subscriber) {
        believedEarly.add(subscriber);
    }

    /// The cluster deletes the instance, whose application has a hook of its own; the instance is
    /// told so.
    public void delete(String name, Duration grace) {
        delete(
                name,
                deleted -> {
                    deleted.isToldOfItsDeletion(grace);
                    answer(deleted);
                });
    }

    /// The cluster deletes the instance, and nobody tells it.
    public void deleteUntold(String name) {
        delete(name, _ -> {});
    }

    /// Blocks until this many instances are ready for the destination.
    public void awaitReady(String destination, int count) {
        Until.holds(
                () -> destination + " has " + count + " ready endpoints",
                () -> ready(destination) == count);
    }

    /// How many instances are ready for the destination.
    public int ready(String destination) {
        return onThread(() -> readyFor(destination));
    }

    /// Blocks until an instance that is not ready is registered for the destination.
    public void awaitComing(String destination) {
        Until.holds(
                () -> destination + " has a replacement that is coming",
                () -> onThread(() -> isComing(destination)));
    }

    /// Blocks until the subscriber has acknowledged a state.
    public void awaitApplied(String subscriber) {
        Until.holds(
                () -> subscriber + " has applied a state",
                () -> lastAppliedNanos.containsKey(subscriber));
    }

    /// Blocks until the instance has been released.
    public void awaitReleased(String name) {
        Until.holds(() -> name + " is released", () -> releasedNanos.containsKey(name));
    }

    /// Blocks until the instance is known to leave.
    public void awaitLeaving(String name) {
        Until.holds(
                () -> name + " leaves",
                () ->
                        onThread(() ->
                                instances.values().stream()
                                        .anyMatch(each ->
                                                each.name.equals(name) && each.isLeaving())));
    }

    /// The last message of an instance.
    public Ledger awaitLedger(String name) {
        Until.holds(() -> "the ledger of " + name, () -> ledgers.containsKey(name));
        return Objects.requireNonNull(ledgers.get(name), name);
    }

    /// Whether the instance was released; by [System#nanoTime], or null.
    public @Nullable Long releasedNanos(String name) {
        return releasedNanos.get(name);
    }

    /// When the instance was released, which it must have been; by [System#nanoTime].
    public long requireReleasedNanos(String name) {
        return Objects.requireNonNull(releasedNanos.get(name), name);
    }

    /// When the subscriber last acknowledged something; by [System#nanoTime], or null.
    public @Nullable Long lastAppliedNanos(String subscriber) {
        return lastAppliedNanos.get(subscriber);
    }

    /// Dies without a word.
    @Override
    public void close() {
        server.shutdownNow();
        thread.shutdownNow();
        try {
            server.awaitTermination(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void delete(String name, Consumer<TestInstance> told) {
        thread.execute(() -> {
            TestInstance deleted = Objects.requireNonNull(instances.get("uid-of-" + name), name);
            deleted.leavingSince = System.nanoTime();
            publish();
            told.accept(deleted);
            settle();
        });
    }

    private int readyFor(String destination) {
        return (int) instances.values().stream().filter(i -> i.isReadyFor(destination)).count();
    }

    private boolean isComing(String destination) {
        return instances.values().stream().anyMatch(each -> each.isComingFor(destination));
    }

    private <T> T onThread(java.util.concurrent.Callable<T> question) {
        try {
            return thread.submit(question).get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void received(TestInstance from, ProxyMessage message) {
        switch (message.getKindCase()) {
            case REGISTER -> {
                from.served = message.getRegister().getServedList();
                from.served.forEach(served -> known.add(served.getDestination()));
                publish();
            }
            case SUBSCRIBE -> subscribe(from, message.getSubscribe());
            case UNSUBSCRIBE ->
                    from.subscriptions.remove(message.getUnsubscribe().getSubscription());
            case APPLIED -> {
                TestSubscription subscription =
                        from.subscriptions.get(message.getApplied().getSubscription());
                if (subscription != null) {
                    subscription.applied(message.getApplied().getGeneration());
                    lastAppliedNanos.put(from.name, System.nanoTime());
                }
            }
            case ANNOUNCE -> {
                from.asked = true;
                if (!from.isLeaving()) {
                    from.leavingSince = System.nanoTime();
                    publish();
                }
            }
            case WITHDRAW -> {
                from.leavingSince = null;
                from.released = false;
                publish();
            }
            case QUESTION -> {
                from.asked = true;
                answer(from);
            }
            case LEDGER -> {
                ledgers.put(from.name, message.getLedger());
                from.served = List.of();
                from.send(ControlMessage.newBuilder().setRecorded(Recorded.getDefaultInstance()));
                publish();
            }
            case HELLO, KIND_NOT_SET -> throw new AssertionError(message);
        }
        settle();
    }

    private void subscribe(TestInstance from, Subscribe message) {
        TestSubscription subscription =
                new TestSubscription(
                        message.getSubscription(), message.getDestination(), message.getHeldList());
        from.subscriptions.put(subscription.number, subscription);
        push(from, subscription);
    }

    private void publish() {
        for (TestInstance each : instances.values()) {
            for (TestSubscription subscription : each.subscriptions.values()) {
                push(each, subscription);
            }
        }
    }

    private void push(TestInstance to, TestSubscription subscription) {
        List<Endpoint> state = endpoints(subscription.destination);
        if (mood == Mood.CANNOT_TELL) {
            subscription.heldFromBefore().stream()
                    .filter(each -> !instances.containsKey(each.getKey().getUid()))
                    .forEach(state::add);
        }
        long generation = subscription.sent(state);
        if (believedEarly.contains(to.name)) {
            subscription.applied(generation);
        }
        Snapshot snapshot =
                Snapshot.newBuilder()
                        .setSubscription(subscription.number)
                        .setGeneration(generation)
                        .setKnown(known.contains(subscription.destination))
                        .addAllEndpoints(state)
                        .build();
        Duration lag = lags.getOrDefault(to.name, Duration.ZERO);
        var _ =
                thread.schedule(
                        () -> to.send(ControlMessage.newBuilder().setSnapshot(snapshot)),
                        lag.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    private List<Endpoint> endpoints(String destination) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (TestInstance each : instances.values()) {
            for (Served served : each.served) {
                if (served.getDestination().equals(destination)
                        && served.getReady()
                        && !each.released) {
                    endpoints.add(each.endpoint(served));
                }
            }
        }
        return endpoints;
    }

    /// Releases whoever may go, and tells those who asked.
    private void settle() {
        boolean changed = false;
        for (TestInstance each : instances.values()) {
            if (each.isLeaving() && !each.released && mood == Mood.NORMAL && mayGo(each)) {
                each.released = true;
                releasedNanos.put(each.name, System.nanoTime());
                changed = true;
                answer(each);
            }
        }
        if (changed) {
            publish();
        }
    }

    private boolean mayGo(TestInstance leaving) {
        Set<String> destinations = new TreeSet<>();
        leaving.served.forEach(served -> destinations.add(served.getDestination()));
        for (String destination : destinations) {
            if (readyFor(destination) == 0 && !lastMayGo(leaving, destination)) {
                return false;
            }
        }
        return waitingFor(leaving).isEmpty();
    }

    /// The last endpoint waits for a replacement that is coming, and for one that may be about to.
    private boolean lastMayGo(TestInstance leaving, String destination) {
        long since = leaving.leavingSince == null ? 0 : leaving.leavingSince;
        long age = System.nanoTime() - since;
        if (age < LAST_ENDPOINT_TIME.toNanos()) {
            var _ =
                    thread.schedule(
                            this::settle, LAST_ENDPOINT_TIME.toNanos() - age, TimeUnit.NANOSECONDS);
            return false;
        }
        return !isComing(destination);
    }

    private Set<String> waitingFor(TestInstance leaving) {
        Set<String> names = new HashSet<>();
        for (TestInstance each : instances.values()) {
            for (TestSubscription subscription : each.subscriptions.values()) {
                Replacement now =
                        readyFor(subscription.destination) > 0
                                ? Replacement.READY
                                : Replacement.NONE;
                if (subscription.holds(leaving.uid, now)) {
                    names.add(each.name);
                }
            }
        }
        return names;
    }

    private void answer(TestInstance to) {
        if (mood == Mood.SILENT || !to.asked) {
            return;
        }
        DepartureState.Builder state = to.departure();
        if (mood == Mood.CANNOT_TELL) {
            state.setState(DepartureState.State.CANNOT_TELL).setReason("warming up");
        } else if (!to.isLeaving()) {
            state.setState(DepartureState.State.NONE);
        } else if (to.released) {
            boolean alone =
                    to.served.stream().anyMatch(served -> readyFor(served.getDestination()) == 0);
            state.setState(DepartureState.State.RELEASED).setNoOtherEndpoint(alone);
        } else {
            state.setState(DepartureState.State.WAITING)
                    .setWaiting(waitingFor(to).size())
                    .setReason("waits for " + waitingFor(to));
            waitingFor(to).forEach(name -> state.addWaitingFor(TestInstance.awaited(name)));
        }
        to.send(ControlMessage.newBuilder().setDeparture(state));
    }

    private TestInstance hello(Hello hello, StreamObserver<ControlMessage> stream) {
        TestInstance instance =
                instances.computeIfAbsent(
                        hello.getInstance().getUid(),
                        uid -> new TestInstance(uid, hello.getInstance().getName()));
        instance.stream = stream;
        instance.subscriptions.clear();
        instance.send(
                ControlMessage.newBuilder()
                        .setWelcome(
                                Welcome.newBuilder()
                                        .setReplica("test")
                                        .setWarmingUp(mood == Mood.CANNOT_TELL)));
        return instance;
    }

    private void ended(TestInstance instance, StreamObserver<ControlMessage> stream) {
        if (instance.stream == null || !instance.stream.equals(stream)) {
            return;
        }
        instance.stream = null;
        var _ =
                thread.schedule(
                        () -> {
                            if (instance.stream == null) {
                                lapse(instance);
                            }
                        },
                        LEASE.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    private void lapse(TestInstance dead) {
        instances.values().stream()
                .filter(TestInstance::isLeaving)
                .filter(leaving -> waitingFor(leaving).contains(dead.name))
                .forEach(leaving -> leaving.lapsed.add(dead.name));
        instances.remove(dead.uid);
        publish();
        settle();
    }

    /// How it answers questions about departures.
    public enum Mood {
        /// As the specification wants.
        NORMAL,
        /// As if it had just been started.
        CANNOT_TELL,
        /// Not at all.
        SILENT
    }

    private final class Service extends DestinationGrpc.DestinationImplBase {

        @Override
        public StreamObserver<ProxyMessage> connect(StreamObserver<ControlMessage> outgoing) {
            return new StreamObserver<>() {
                private @Nullable TestInstance instance;

                @Override
                public void onNext(ProxyMessage message) {
                    thread.execute(() -> heard(message));
                }

                private void heard(ProxyMessage message) {
                    if (instance == null) {
                        instance = hello(message.getHello(), outgoing);
                    } else {
                        received(instance, message);
                    }
                }

                @Override
                public void onError(Throwable failure) {
                    onEnd();
                }

                @Override
                public void onCompleted() {
                    onEnd();
                    outgoing.onCompleted();
                }

                private void onEnd() {
                    if (!thread.isShutdown()) {
                        thread.execute(() -> {
                            if (instance != null) {
                                ended(instance, outgoing);
                            }
                        });
                    }
                }
            };
        }
    }
}
