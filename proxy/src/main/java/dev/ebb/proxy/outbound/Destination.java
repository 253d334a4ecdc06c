package dev.ebb.proxy.outbound;

import dev.ebb.proxy.balance.Balancer;
import dev.ebb.proxy.balance.Endpoint;
import dev.ebb.proxy.balance.EndpointObserver;
import dev.ebb.proxy.balance.EndpointSet;
import dev.ebb.proxy.balance.Member;
import dev.ebb.proxy.balance.Resolver;
import dev.ebb.proxy.http.ProxyError;
import dev.ebb.proxy.metrics.RequestMetrics;
import dev.ebb.proxy.stream.LoopTick;
import dev.ebb.proxy.upstream.EndpointPool;
import dev.ebb.proxy.upstream.KeptWhileUsed;
import dev.ebb.proxy.upstream.WaitQueue;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One event loop's use of one destination: its endpoints, their connections, and who waits for
/// them.
///
/// What the application wanted to reach by itself, and nobody knows, has one endpoint: the address
/// that the application wanted. Kept while it is in use and for a while after; a destination that
/// is closed is not used again.
final class Destination implements EndpointObserver, KeptWhileUsed.Kept {

    /// How many may wait for an endpoint to come.
    private static final int MAX_WAITING = 1_024;

    /// How long an endpoint that said itself that it leaves is avoided while discovery still calls
    /// it ready: longer than any control plane takes to hear of it, shorter than a lapsed departure
    /// should matter.
    private static final Duration MARK_TIME = Duration.ofSeconds(30);

    private final Target target;
    private final LoopTick tick;
    private final LocalView view;
    private final Balancer<EndpointPool> balancer;
    private final WaitQueue<Waiter> waiting;
    private final Supplier<RequestMetrics> known;
    private final RequestMetrics unknown;

    private @Nullable EndpointSet endpoints;
    private @Nullable RequestMetrics metrics;
    private Resolver.@Nullable Resolution resolution;
    private final KeptWhileUsed.Users users;
    private LoopTick.@Nullable Timeout wordless;
    private boolean markCheckIsSet;

    /// @param view what to make of what discovery says
    /// @param pools opens a pool for each endpoint
    /// @param known resolves the metrics once the name is known to be a destination
    /// @param unknown counts what is asked of a name that is none
    Destination(
            Target target,
            LoopTick tick,
            LocalView view,
            Function<Endpoint, EndpointPool> pools,
            Supplier<RequestMetrics> known,
            RequestMetrics unknown) {
        this.target = target;
        this.tick = tick;
        this.view = view;
        users = new KeptWhileUsed.Users(tick);
        this.known = known;
        this.unknown = unknown;
        balancer = new Balancer<>(new SplittableRandom(), new Pools(pools));
        waiting = new WaitQueue<>(tick, MAX_WAITING, Patience.LIMIT, this::giveUp);
    }

    /// Who waits for an endpoint.
    interface Waiter {

        /// Something has changed: look again.
        void look();

        /// It took too long.
        void gaveUp(ProxyError why);
    }

    /// What asking for an endpoint comes to.
    enum Outlook {
        /// [#pick] gives one.
        READY,
        /// One may come; wait.
        MAY_COME,
        /// There is no such destination.
        UNKNOWN
    }

    /// Discovery has been asked.
    ///
    /// @param firstWord what the application wanted to reach by itself is not kept waiting for
    ///   longer
    void start(Resolver.Resolution asked, Duration firstWord) {
        resolution = asked;
        if (target.original() != null && endpoints == null) {
            wordless = tick.after(firstWord, this::asItIs);
        }
    }

    /// Nobody says anything of it.
    void asItIs() {
        if (endpoints == null) {
            apply(EndpointSet.UNKNOWN);
        }
    }

    DestinationName name() {
        return target.name();
    }

    RequestMetrics metrics() {
        return metrics == null ? unknown : metrics;
    }

    Outlook outlook() {
        if (!balancer.isEmpty()) {
            return Outlook.READY;
        }
        return endpoints == null || endpoints.known() ? Outlook.MAY_COME : Outlook.UNKNOWN;
    }

    /// Queues `waiter` until the state changes; null, or why that is not possible.
    @Nullable ProxyError await(Waiter waiter, Patience patience) {
        if (patience.isOver()) {
            return whyNothing();
        }
        return waiting.offer(waiter)
                ? null
                : new ProxyError.Overloaded(name() + ": " + waiting.size() + " wait already");
    }

    private void giveUp(Waiter waiter) {
        waiter.gaveUp(whyNothing());
    }

    /// `waiter` does not want an endpoint any more.
    void forget(Waiter waiter) {
        waiting.remove(waiter);
    }

    private ProxyError whyNothing() {
        return endpoints == null
                ? new ProxyError.DiscoveryUnavailable(name() + ": no word within " + Patience.LIMIT)
                : new ProxyError.NoEndpoint(name() + ": no endpoint within " + Patience.LIMIT);
    }

    /// The endpoint for one attempt, preferably none of `tried`; null if there is none.
    @Nullable Member<EndpointPool> pick(List<Member<EndpointPool>> tried) {
        return balancer.pick(tried, tick.now());
    }

    /// Whether there is an endpoint that is none of `tried`.
    boolean hasOther(List<Member<EndpointPool>> tried) {
        return balancer.hasOther(tried);
    }

    /// The instance behind `member` has said that it leaves.
    void markLeaving(Member<EndpointPool> member) {
        balancer.markLeaving(member, tick.now() + MARK_TIME.toNanos());
        if (!markCheckIsSet) {
            checkMarksAfter(MARK_TIME);
        }
    }

    private void checkMarksAfter(Duration delay) {
        markCheckIsSet = true;
        tick.after(
                delay,
                () -> {
                    markCheckIsSet = false;
                    long next = balancer.expireMarks(tick.now());
                    if (next != Long.MAX_VALUE) {
                        checkMarksAfter(Duration.ofNanos(next - tick.now()));
                    }
                });
    }

    @Override
    public Applied apply(EndpointSet next) {
        endpoints = next;
        if (metrics == null && next.known()) {
            metrics = known.get();
        }
        Applied applied = balancer.apply(view.of(next, target.original()), tick.now());
        if (outlook() != Outlook.MAY_COME) {
            waiting.pollAll().forEach(Waiter::look);
        }
        return applied;
    }

    @Override
    public KeptWhileUsed.Users users() {
        return users;
    }

    /// One that has entered uses it no more.
    void leave() {
        boolean unused = users.leave();
        if (unused && resolution == null) {
            // It was not kept for anybody else.
            close();
        }
    }

    /// Ends it: idle connections are closed, the subscription ends.
    @Override
    public void close() {
        if (resolution != null) {
            resolution.close();
        }
        if (wordless != null) {
            wordless.cancel();
        }
        balancer.close();
    }

    private record Pools(Function<Endpoint, EndpointPool> open)
            implements Balancer.Pools<EndpointPool> {

        @Override
        public EndpointPool open(Endpoint endpoint) {
            return open.apply(endpoint);
        }

        @Override
        public void vacate(EndpointPool pool) {
            pool.vacate();
        }

        @Override
        public void close(EndpointPool pool) {
            pool.close();
        }
    }
}
