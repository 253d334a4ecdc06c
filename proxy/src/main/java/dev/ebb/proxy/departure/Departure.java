package dev.ebb.proxy.departure;

import dev.ebb.admin.DepartureAnswer;
import dev.ebb.admin.DepartureEndpoint;
import dev.ebb.proxy.application.ApplicationWatch;
import dev.ebb.proxy.application.PortProbe;
import dev.ebb.proxy.departure.Bystanders.Wire;
import dev.ebb.proxy.departure.ControlAnswer.Application;
import dev.ebb.proxy.departure.ControlAnswer.Deletion;
import dev.ebb.proxy.departure.DepartureConfig.TermMeaning;
import dev.ebb.proxy.departure.DepartureState.Asked;
import dev.ebb.proxy.departure.DepartureState.Holding;
import dev.ebb.proxy.departure.DepartureState.Lingering;
import dev.ebb.proxy.departure.DepartureState.Released;
import dev.ebb.proxy.departure.DepartureState.Serving;
import dev.ebb.proxy.departure.DepartureState.Unconfirmed;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Drives this instance's departure: feeds [DepartureCore] with time, signals, hooks and what the
/// control plane says, and tells everybody who waits.
///
/// Its state belongs to the control loop; the public methods may be called from any thread and
/// never block. Everybody who waits for one departure shares one stage.
public final class Departure implements DepartureEndpoint, AutoCloseable {

    private static final Duration TICK = Duration.ofMillis(20);
    private static final Duration PROBE_LIMIT = Duration.ofMillis(500);

    private final DepartureConfig config;
    private final ControlPlane controlPlane;
    private final Surroundings around;
    private final DepartureListener listener;
    private final ScheduledExecutorService loop;
    private final DepartureCore core;
    private final LedgerBook book;
    private final ApplicationWatch application;

    private final CompletableFuture<Void> mayEnd = new CompletableFuture<>();
    private CompletableFuture<DepartureAnswer> waiters = new CompletableFuture<>();
    private @Nullable ScheduledFuture<?> ticking;
    private Ending ending = Ending.NOT_ASKED;
    private Application toldOfApplication = Application.UNKNOWN;
    private boolean applicationGone;
    private Wire wire = Wire.EXPECTANT;
    private Duration readUntil = Duration.ZERO;
    private boolean looking;

    public Departure(
            DepartureConfig config,
            ControlPlane controlPlane,
            Surroundings around,
            DepartureListener listener,
            ScheduledExecutorService loop) {
        this.config = config;
        this.controlPlane = controlPlane;
        this.around = around;
        this.listener = listener;
        this.loop = loop;
        this.core = new DepartureCore(config, new Reactions());
        this.book = new LedgerBook(around.counts());
        this.application =
                new ApplicationWatch(
                        config.application(),
                        around.activity(),
                        around.clock(),
                        loop,
                        PortProbe.connecting(PROBE_LIMIT),
                        listener::applicationOpen);
    }

    /// Starts to listen to the control plane and to watch the application.
    public void watch() {
        loop.execute(() -> {
            controlPlane.listen(new ControlPlaneWords());
            application.start();
        });
    }

    /// A hook asks: completes at once if the control plane confirms that this instance is alive,
    /// else when the application may be told to stop.
    @Override
    public CompletionStage<DepartureAnswer> ask() {
        return waitAfter(core::hook);
    }

    /// Something on this host asks for a hold: completes when the application may be told to stop.
    @Override
    public CompletionStage<DepartureAnswer> start() {
        return waitAfter(core::hold);
    }

    /// This process got TERM or INT. The stage completes when it is released *and* the application
    /// has gone, or when the grace is nearly over.
    public CompletionStage<Void> term() {
        loop.execute(() -> {
            Duration now = now();
            book.term(now);
            ending = Ending.WHEN_APPLICATION_HAS_GONE;
            application.suspectGone();
            if (config.term() == TermMeaning.NATIVE_SIDECAR) {
                applicationHasGone();
            }
            core.term(now);
            step();
        });
        return mayEnd;
    }

    /// This process was told to end because its application has gone; nothing is waited for.
    public CompletionStage<Void> shutdown() {
        loop.execute(() -> {
            Duration now = now();
            book.term(now);
            ending = Ending.WHEN_APPLICATION_HAS_GONE;
            applicationHasGone();
            core.shutdown(now);
            step();
        });
        return mayEnd;
    }

    /// A client wanted to connect to the application there.
    public void applicationAt(InetSocketAddress address) {
        loop.execute(() -> application.learn(address));
    }

    /// The application has ended, says somebody who knows; a TERM that waits for that waits no
    /// more.
    public void applicationEnded() {
        try {
            loop.execute(() -> {
                applicationHasGone();
                step();
            });
        } catch (RejectedExecutionException _) {
            DepartureLog.toldAfterTheEnd();
        }
    }

    /// The time left until the last stream is cut. To be asked after [#term] or [#shutdown].
    public CompletionStage<Duration> untilCut() {
        CompletableFuture<Duration> left = new CompletableFuture<>();
        loop.execute(() -> left.complete(cutAt().minus(now())));
        return left;
    }

    /// Closes the ledger, logs it and sends it as this instance's last message.
    ///
    /// @param cutNames what was cut at the end of the grace
    /// @return the ledger, once the control plane has recorded it or cannot be reached
    public CompletionStage<Ledger> record(List<String> cutNames) {
        CompletableFuture<Ledger> recorded = new CompletableFuture<>();
        loop.execute(() -> close(cutNames, recorded));
        return recorded;
    }

    /// Stops watching; who still waits is told what is known.
    @Override
    public void close() {
        loop.execute(() -> {
            application.close();
            stopTicking();
            waiters.complete(answer("closed", "the proxy ends"));
        });
    }

    private void close(List<String> cutNames, CompletableFuture<Ledger> recorded) {
        if (!(core.state() instanceof Released end)) {
            recorded.completeExceptionally(
                    new IllegalStateException(
                            "departure: " + core.state().label() + " (expected: released)"));
            return;
        }
        Ledger ledger = book.close(end, cutNames, now());
        DepartureLog.ledger(ledger);
        var _ =
                controlPlane
                        .record(ledger)
                        .whenComplete((_, failure) -> {
                            if (failure != null) {
                                DepartureLog.ledgerUnsent(failure);
                            }
                            recorded.complete(ledger);
                        });
    }

    private CompletionStage<DepartureAnswer> waitAfter(Beginning beginning) {
        CompletableFuture<DepartureAnswer> answered = new CompletableFuture<>();
        loop.execute(() -> {
            var _ = waiters.thenAccept(answered::complete);
            Duration now = now();
            beginning.begin(now);
            book.hook(now);
            step();
        });
        return answered;
    }

    /// Lets the core look at the time, then at whether the process may end.
    private void step() {
        Duration now = now();
        core.tick(
                now,
                new Bystanders(
                        around.outside().last(),
                        around.inboundConnections().getAsInt(),
                        wire,
                        readUntil));
        if (core.state().awaitsQuiet() && !looking) {
            lookAtTheWire(now);
        }
        if (ending == Ending.NOT_ASKED) {
            return;
        }
        if (!applicationGone
                && toldOfApplication == Application.UNKNOWN
                && application.looksGone()) {
            applicationHasGone();
        }
        boolean late = now.compareTo(cutAt()) >= 0;
        if (late || (core.state() instanceof Released && applicationGone)) {
            mayEnd.complete(null);
        }
    }

    private void lookAtTheWire(Duration now) {
        looking = true;
        DepartureState then = core.state();
        var _ =
                around.expectant()
                        .get()
                        .whenCompleteAsync(
                                (connections, _) -> looked(then, now, connections), loop);
    }

    /// @param connections null if nobody can tell
    private void looked(DepartureState then, Duration at, @Nullable Integer connections) {
        looking = false;
        readUntil = connections == null ? readUntil : at;
        boolean sinceTheDecision = then instanceof Lingering && then.equals(core.state());
        if (sinceTheDecision && wire == Wire.EXPECTANT && Integer.valueOf(0).equals(connections)) {
            wire = Wire.EMPTY;
            step();
        }
    }

    private void applicationHasGone() {
        if (!applicationGone) {
            applicationGone = true;
            book.gone(now());
            core.applicationGone();
            listener.applicationGone();
        }
    }

    private Duration cutAt() {
        return core.state().beginning().orElseGet(this::now).plus(core.budget().cut());
    }

    private Duration now() {
        return around.clock().now();
    }

    private DepartureAnswer answer(String state, String reason) {
        return DepartureAnswers.of(state, reason, core.remaining(now()), core.lastAnswer());
    }

    private void startTicking() {
        if (ticking == null) {
            ticking =
                    loop.scheduleAtFixedRate(
                            this::step, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void stopTicking() {
        if (ticking != null) {
            ticking.cancel(false);
            ticking = null;
        }
    }

    /// What is done about the core's decisions.
    private final class Reactions implements DepartureCore.Effects {

        @Override
        public void announce(Cause cause, Duration grace) {
            controlPlane.announce(cause, grace);
        }

        @Override
        public void ask() {
            controlPlane.ask();
        }

        @Override
        public void withdraw() {
            controlPlane.withdraw();
        }

        @Override
        public void changed(DepartureState before, DepartureState now) {
            // Before anybody is answered: the application may be told to stop from then on.
            DepartureLog.changed(before, now);
            listener.changed(now);
            switch (now) {
                case Serving() -> alive();
                case Asked _ -> startTicking();
                case Unconfirmed doubt -> unconfirmed(before, doubt);
                case Holding holding -> {
                    book.began(holding.began());
                    wire = Wire.EXPECTANT;
                    startTicking();
                }
                case Lingering _ -> {}
                case Released(var _, var _, var _, var _, ReleaseReason reason) ->
                        complete(answer("released", reason.text()));
            }
        }

        private void alive() {
            stopTicking();
            book.forget();
            controlPlane.dropQuestion();
            complete(answer("none", "this instance is alive"));
        }

        private void unconfirmed(DepartureState before, Unconfirmed doubt) {
            if (doubt.answered().isPresent()) {
                String reason = doubt.answered().get().reason().text();
                complete(answer(doubt.label(), reason + ": nobody could tell"));
            } else if (before instanceof Unconfirmed) {
                book.forget();
            }
        }

        private void complete(DepartureAnswer answer) {
            CompletableFuture<DepartureAnswer> waiting = waiters;
            waiters =
                    core.state() instanceof Released
                            ? CompletableFuture.completedFuture(answer)
                            : new CompletableFuture<>();
            waiting.complete(answer);
        }
    }

    /// What is done about the control plane's words.
    private final class ControlPlaneWords implements ControlPlane.Listener {

        @Override
        public void answered(ControlAnswer answer) {
            toldOfApplication = answer.application();
            book.waitingFor(answer.waitingFor());
            answer.deletion().map(Deletion::ownHooks).ifPresent(book::ownHooks);
            core.answer(answer, now());
            step();
        }

        @Override
        public void deleted(Deletion deletion) {
            book.ownHooks(deletion.ownHooks());
            core.deleted(deletion, now());
            step();
        }

        @Override
        public void applicationGone() {
            toldOfApplication = Application.GONE;
            listener.applicationToldGone();
            applicationHasGone();
            step();
        }

        @Override
        public void unreachable() {
            toldOfApplication = Application.UNKNOWN;
            core.unreachable(now());
        }
    }

    /// Whether this process is to end.
    private enum Ending {
        NOT_ASKED,
        WHEN_APPLICATION_HAS_GONE
    }

    /// How a wait begins.
    private interface Beginning {
        void begin(Duration now);
    }
}
