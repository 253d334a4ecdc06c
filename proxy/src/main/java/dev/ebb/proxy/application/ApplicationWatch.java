package dev.ebb.proxy.application;

import dev.ebb.proxy.application.GoneEvidence.Port;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Watches the local application: tells when its port first accepts, and collects the evidence that
/// it has gone. Used on the control loop, which it never blocks.
public final class ApplicationWatch implements AutoCloseable {

    private static final Duration TRY_OPEN = Duration.ofMillis(100);
    private static final Duration TRY_GONE = Duration.ofMillis(500);
    private static final Duration LOOK = Duration.ofSeconds(1);

    private Optional<InetSocketAddress> address;
    private final ApplicationActivity activity;
    private final MonotonicClock clock;
    private final ScheduledExecutorService loop;
    private final PortProbe probe;
    private final GoneEvidence evidence;
    private final Runnable whenOpen;

    private boolean seenOpen;
    private boolean toldOpen;
    private boolean suspected;
    private boolean closed;
    private @Nullable ScheduledFuture<?> looking;

    /// @param whenOpen runs on `loop`, once
    public ApplicationWatch(
            Optional<InetSocketAddress> address,
            ApplicationActivity activity,
            MonotonicClock clock,
            ScheduledExecutorService loop,
            PortProbe probe,
            Runnable whenOpen) {
        this.address = address;
        this.activity = activity;
        this.clock = clock;
        this.loop = loop;
        this.probe = probe;
        this.whenOpen = whenOpen;
        this.evidence = new GoneEvidence(address.isPresent() ? Port.UNKNOWN : Port.NONE);
    }

    /// Starts to try the port and to look at the traffic. Without a port the application counts as
    /// open.
    public void start() {
        observe();
        looking =
                loop.scheduleAtFixedRate(
                        this::observe, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
        if (address.isPresent()) {
            tryPort(address.get());
        } else {
            toldOpen();
        }
    }

    /// Where the application listens has been seen by what a client wanted; only the first counts.
    /// To be called on `loop`.
    public void learn(InetSocketAddress port) {
        if (address.isEmpty() && !closed) {
            address = Optional.of(port);
            evidence.known();
            tryPort(port);
        }
    }

    /// From now on it matters whether the application has gone: the port is tried again.
    public void suspectGone() {
        if (!suspected) {
            suspected = true;
            if (seenOpen) {
                address.ifPresent(this::tryPort);
            }
        }
    }

    /// Whether all that can be seen says that the application has gone.
    public boolean looksGone() {
        observe();
        return evidence.gone(clock.now());
    }

    @Override
    public void close() {
        closed = true;
        if (looking != null) {
            looking.cancel(false);
        }
    }

    private void toldOpen() {
        if (!toldOpen) {
            toldOpen = true;
            whenOpen.run();
        }
    }

    private void observe() {
        evidence.observe(activity.connections(), activity.outboundConnectionsEver(), clock.now());
    }

    private void tryPort(InetSocketAddress port) {
        var _ = probe.probe(port).thenAcceptAsync(result -> tried(port, result), loop);
    }

    private void tried(InetSocketAddress port, PortProbe.Result result) {
        if (closed) {
            return;
        }
        switch (result) {
            case ACCEPTS -> {
                evidence.open();
                if (!seenOpen) {
                    seenOpen = true;
                    toldOpen();
                }
            }
            case REFUSES -> evidence.refused();
            case UNCLEAR -> {}
        }
        if (!seenOpen || suspected) {
            Duration pause = seenOpen ? TRY_GONE : TRY_OPEN;
            var _ = loop.schedule(() -> tryPort(port), pause.toMillis(), TimeUnit.MILLISECONDS);
        }
    }
}
