package dev.ebb.proxy.discovery;

import dev.ebb.proto.destination.v1.ControlMessage;
import dev.ebb.proto.destination.v1.Hello;
import dev.ebb.proto.destination.v1.Instance;
import dev.ebb.proto.destination.v1.ProxyMessage;
import dev.ebb.proto.destination.v1.Register;
import dev.ebb.proto.destination.v1.Welcome;
import dev.ebb.proxy.application.MonotonicClock;
import dev.ebb.proxy.balance.EndpointObserver;
import dev.ebb.proxy.balance.Resolver;
import dev.ebb.proxy.departure.Cause;
import dev.ebb.proxy.departure.ControlPlane;
import dev.ebb.proxy.departure.Ledger;
import io.grpc.Metadata;
import io.grpc.Status;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// This proxy's side of the destination API: keeps one control stream to a replica of the control
/// plane, comes back with everything when it breaks, and at a departure asks the other replicas
/// too.
///
/// Its state belongs to one event loop, the control loop, on which gRPC runs as well. [#resolve],
/// [#register], [#start] and [#close] may be called from any thread; the methods of [ControlPlane]
/// on the control loop only. Nothing blocks, and while the control plane is away all that it has
/// told stays in use.
///
/// @see <a href="destination.proto">the prose above Connect, which this class follows</a>
public final class Discovery implements Resolver, ControlPlane, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Discovery.class);
    private static final Duration RECORD_LIMIT = Duration.ofSeconds(1);

    /// After which a replica that was lost in mid-departure is looked for again.
    private static final Duration OTHERS_AGAIN = Duration.ofMillis(500);

    private final DiscoveryConfig config;
    private final ControlChannels channels;
    private final EventLoop loop;
    private final Runnable whenSynced;
    private final ControlAddresses addresses;
    private final Backoff backoff = new Backoff(RandomGenerator.getDefault());
    private final Subscriptions subscriptions;
    private final DepartureTalk talk;
    private final Set<ControlStream> others = new HashSet<>();

    private @Nullable ControlStream home;
    private volatile boolean connected;
    private boolean closed;

    /// Which of the replicas is tried next; proxies do not all begin with the same.
    private int attempts = RandomGenerator.getDefault().nextInt();

    private List<Served> served = List.of();

    /// @param group of one loop, which becomes the control loop
    /// @param type of the group's channels
    /// @param whenSynced called on the control loop at every welcome of the control plane
    public Discovery(
            DiscoveryConfig config,
            EventLoopGroup group,
            Class<? extends Channel> type,
            MonotonicClock clock,
            Runnable whenSynced) {
        this(config, group, type, clock, whenSynced, new ControlAddresses(config.address()));
    }

    Discovery(
            DiscoveryConfig config,
            EventLoopGroup group,
            Class<? extends Channel> type,
            MonotonicClock clock,
            Runnable whenSynced,
            ControlAddresses addresses) {
        this.config = config;
        this.channels = new ControlChannels(group, type, config.tokenFile());
        this.loop = channels.loop();
        this.whenSynced = whenSynced;
        this.addresses = addresses;
        this.subscriptions = new Subscriptions(loop);
        this.talk = new DepartureTalk(clock, this::closeOthers);
    }

    /// Starts to connect, and from then on keeps connected.
    public void start() {
        loop.execute(this::connectHome);
    }

    /// Whether the control stream is up. Thread-safe.
    @Override
    public boolean isConnected() {
        return connected;
    }

    /// Says what this instance serves, whole, now and after every reconnect.
    public void register(List<Served> all) {
        List<Served> copy = List.copyOf(all);
        loop.execute(() -> {
            served = copy;
            if (connected && home != null) {
                home.send(registration(home));
            }
        });
    }

    @Override
    public Resolution resolve(
            String destination, Executor observerLoop, EndpointObserver observer) {
        return subscriptions.resolve(destination, observerLoop, observer);
    }

    @Override
    public void listen(Listener listener) {
        talk.listen(listener);
    }

    @Override
    public void announce(Cause cause, Duration grace) {
        talk.announce(cause, grace);
        connectOthers();
    }

    @Override
    public void withdraw() {
        talk.withdraw();
        closeOthers();
    }

    @Override
    public void ask() {
        boolean isFirst = !talk.wantsAll();
        talk.ask();
        if (isFirst) {
            connectOthers();
        }
    }

    @Override
    public void dropQuestion() {
        talk.dropQuestion();
    }

    @Override
    public CompletionStage<Void> record(Ledger ledger) {
        return talk.record(ledger)
                .toCompletableFuture()
                .orTimeout(RECORD_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Ends the streams in order. The control loop is not closed.
    @Override
    public void close() {
        loop.execute(() -> {
            closed = true;
            connected = false;
            closeOthers();
            if (home != null) {
                home.close();
                home = null;
            }
        });
    }

    private void connectHome() {
        if (closed || home != null) {
            return;
        }
        var _ =
                lookUp().whenCompleteAsync(
                                (found, failure) -> {
                                    if (failure == null) {
                                        openHome(found);
                                    } else {
                                        retryHome("look-up failed: " + failure.getMessage());
                                    }
                                },
                                loop);
    }

    private void openHome(Found found) {
        if (closed || home != null) {
            return;
        }
        InetSocketAddress address =
                found.addresses().get(Math.floorMod(attempts++, found.addresses().size()));
        closeOther(address);
        home = ControlStream.open(channels, address, found.credentials(), new HomeEvents());
        hello(home);
    }

    private void retryHome(String why) {
        if (closed) {
            return;
        }
        Duration pause = backoff.next();
        LOG.atInfo()
                .addKeyValue("controlPlane", config.address())
                .addKeyValue("why", why)
                .addKeyValue("retryMillis", pause.toMillis())
                .log("No control stream; what is known stays in use");
        var _ = loop.schedule(this::connectHome, pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// At a departure every replica counts, since each knows its own subscribers only.
    private void connectOthers() {
        if (closed || !connected || !talk.wantsAll()) {
            return;
        }
        talk.searching();
        var _ =
                lookUp().whenCompleteAsync(
                                (found, failure) -> {
                                    if (failure == null) {
                                        openOthers(found);
                                    } else {
                                        talk.notFound();
                                    }
                                },
                                loop);
    }

    private void openOthers(Found found) {
        if (closed || home == null || !talk.wantsAll()) {
            return;
        }
        Set<InetSocketAddress> known = new HashSet<>();
        others.forEach(each -> known.add(each.address()));
        for (InetSocketAddress address :
                ControlAddresses.others(found.addresses(), home.address())) {
            if (known.add(address)) {
                LOG.atInfo()
                        .addKeyValue("controlPlane", address)
                        .log("Asking another replica of the control plane");
                ControlStream other =
                        ControlStream.open(
                                channels, address, found.credentials(), new OtherEvents());
                others.add(other);
                hello(other);
                talk.connected(other);
            }
        }
        talk.found();
    }

    private void closeOthers() {
        List.copyOf(others).forEach(each -> closeOther(each.address()));
    }

    /// One stream a replica: a second one would take the place of the first.
    private void closeOther(InetSocketAddress address) {
        for (ControlStream other : List.copyOf(others)) {
            if (other.address().equals(address)) {
                others.remove(other);
                other.close();
                talk.forget(other);
            }
        }
    }

    private void hello(ControlStream stream) {
        stream.send(
                ProxyMessage.newBuilder()
                        .setHello(
                                Hello.newBuilder()
                                        .setInstance(
                                                Instance.newBuilder()
                                                        .setUid(config.uid())
                                                        .setName(config.name()))
                                        .setVersion(config.version()))
                        .build());
    }

    private void welcomed(ControlStream stream, Welcome welcome) {
        LOG.atInfo()
                .addKeyValue("controlPlane", stream.address())
                .addKeyValue("replica", welcome.getReplica())
                .addKeyValue("warmingUp", welcome.getWarmingUp())
                .log("Control stream is up");
        connected = true;
        backoff.reset();
        stream.send(registration(stream));
        talk.connectedHome(stream);
        subscriptions.connected(stream);
        if (talk.wantsAll()) {
            connectOthers();
        }
        whenSynced.run();
    }

    private ProxyMessage registration(ControlStream stream) {
        Register.Builder register = Register.newBuilder();
        for (Served each : served) {
            InetSocketAddress address = LocalAddress.reachable(each.address(), stream.address());
            register.addServed(
                    dev.ebb.proto.destination.v1.Served.newBuilder()
                            .setDestination(each.destination())
                            .setAddress(ProtoValues.address(address))
                            .setReady(each.readiness() == Served.Readiness.READY));
        }
        return ProxyMessage.newBuilder().setRegister(register).build();
    }

    private CompletionStage<Found> lookUp() {
        return addresses.lookUp().thenApply(found -> new Found(found, channels.credentials()));
    }

    /// @param addresses at least one
    /// @param credentials for the next calls
    private record Found(List<InetSocketAddress> addresses, Metadata credentials) {}

    /// The stream that has the subscriptions.
    private final class HomeEvents implements ControlStream.Events {

        @Override
        public void received(ControlStream stream, ControlMessage message) {
            if (!connected && !message.hasWelcome()) {
                stream.breakOff("first message: " + message.getKindCase() + " (expected: welcome)");
                return;
            }
            try {
                dispatch(stream, message);
            } catch (IllegalArgumentException e) {
                stream.breakOff(String.valueOf(e.getMessage()));
            }
        }

        private void dispatch(ControlStream stream, ControlMessage message) {
            switch (message.getKindCase()) {
                case WELCOME -> welcomed(stream, message.getWelcome());
                case SNAPSHOT -> subscriptions.received(message.getSnapshot());
                case DELTA -> subscriptions.received(message.getDelta());
                case REFUSED -> subscriptions.received(message.getRefused());
                case DEPARTURE -> talk.received(stream, message.getDeparture());
                case RECORDED -> talk.recorded();
                case KIND_NOT_SET -> LOG.debug("A message of a newer protocol was ignored");
            }
        }

        @Override
        public void ready(ControlStream stream) {
            subscriptions.flush();
        }

        @Override
        public void ended(ControlStream stream, Status why) {
            connected = false;
            home = null;
            subscriptions.disconnected();
            talk.disconnected(stream);
            retryHome(why.getCode() + ": " + why.getDescription());
        }
    }

    /// A stream that only asks about the departure.
    private final class OtherEvents implements ControlStream.Events {

        @Override
        public void received(ControlStream stream, ControlMessage message) {
            switch (message.getKindCase()) {
                case DEPARTURE -> talk.received(stream, message.getDeparture());
                case RECORDED -> talk.recorded();
                case WELCOME, SNAPSHOT, DELTA, REFUSED, KIND_NOT_SET -> {}
            }
        }

        @Override
        public void ready(ControlStream stream) {}

        @Override
        public void ended(ControlStream stream, Status why) {
            LOG.atLevel(talk.isLost(stream.address()) ? Level.DEBUG : Level.INFO)
                    .addKeyValue("controlPlane", stream.address())
                    .addKeyValue("why", why.getCode())
                    .log("Another replica of the control plane cannot be asked");
            others.remove(stream);
            talk.disconnected(stream);
            var _ =
                    loop.schedule(
                            Discovery.this::connectOthers,
                            OTHERS_AGAIN.toMillis(),
                            TimeUnit.MILLISECONDS);
        }
    }
}
