package dev.ebb.proxy.discovery;

import dev.ebb.proto.destination.v1.Announce;
import dev.ebb.proto.destination.v1.DepartureQuestion;
import dev.ebb.proto.destination.v1.DepartureState;
import dev.ebb.proto.destination.v1.ProxyMessage;
import dev.ebb.proto.destination.v1.Withdraw;
import dev.ebb.proxy.application.MonotonicClock;
import dev.ebb.proxy.departure.Cause;
import dev.ebb.proxy.departure.ControlAnswer;
import dev.ebb.proxy.departure.ControlPlane.Listener;
import dev.ebb.proxy.departure.Ledger;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// What is said about this instance's departure, to every replica of the control plane: the one at
/// home, which has the subscriptions, and at a departure all others. Belongs to the control loop.
final class DepartureTalk {

    private final MonotonicClock clock;
    private final Map<ControlStream, Optional<ControlAnswer>> replicas = new LinkedHashMap<>();
    private @Nullable ControlStream home;
    private @Nullable Announced announced;
    private @Nullable CompletableFuture<Void> recording;
    private @Nullable Listener listener;

    DepartureTalk(MonotonicClock clock) {
        this.clock = clock;
    }

    void listen(Listener newListener) {
        listener = newListener;
    }

    /// Says hello to the home stream: repeats the announcement.
    void connectedHome(ControlStream stream) {
        home = stream;
        connected(stream);
    }

    /// A stream to another replica is up.
    void connected(ControlStream stream) {
        replicas.put(stream, Optional.empty());
        if (announced != null) {
            stream.send(announcement(announced));
        }
    }

    /// A stream has ended. Another replica's subscribers may still pick this instance, so from now
    /// on nobody can tell; the home stream is going to be replaced.
    void disconnected(ControlStream stream) {
        boolean wasKnown = replicas.remove(stream) != null;
        if (stream == home) {
            home = null;
            if (recording != null) {
                recording.completeExceptionally(new IllegalStateException("the stream has ended"));
            }
        }
        if (wasKnown) {
            unreachable();
        }
    }

    /// Whether the other replicas should be asked, too.
    boolean wantsAll() {
        return announced != null;
    }

    void announce(Cause cause, Duration grace) {
        announced = new Announced(cause, clock.now().plus(grace));
        replicas.replaceAll((_, _) -> Optional.empty());
        Announced news = announced;
        replicas.keySet().forEach(stream -> stream.send(announcement(news)));
    }

    void withdraw() {
        announced = null;
        send(ProxyMessage.newBuilder().setWithdraw(Withdraw.getDefaultInstance()).build());
    }

    /// Asks every replica; all of them have to answer before the listener hears.
    void ask() {
        if (home == null) {
            unreachable();
            return;
        }
        replicas.replaceAll((_, _) -> Optional.empty());
        send(ProxyMessage.newBuilder().setQuestion(DepartureQuestion.getDefaultInstance()).build());
    }

    void received(ControlStream from, DepartureState state) {
        if (!replicas.containsKey(from)) {
            return;
        }
        replicas.put(from, Optional.of(ProtoValues.answer(state)));
        if (home != null && replicas.values().stream().allMatch(Optional::isPresent)) {
            ControlAnswer all =
                    replicas.values().stream()
                            .flatMap(Optional::stream)
                            .reduce(CombinedAnswer::of)
                            .orElseThrow();
            Objects.requireNonNull(listener, "listener").answered(all);
        }
    }

    CompletionStage<Void> record(Ledger ledger) {
        if (home == null) {
            return CompletableFuture.failedFuture(
                    new IllegalStateException("the control plane cannot be reached"));
        }
        recording = new CompletableFuture<>();
        home.send(ProxyMessage.newBuilder().setLedger(ProtoValues.ledger(ledger)).build());
        return recording;
    }

    void recorded() {
        if (recording != null) {
            recording.complete(null);
        }
    }

    private void unreachable() {
        if (listener != null) {
            listener.unreachable();
        }
    }

    private void send(ProxyMessage message) {
        replicas.keySet().forEach(stream -> stream.send(message));
    }

    private ProxyMessage announcement(Announced news) {
        Duration left = news.killed().minus(clock.now());
        return ProxyMessage.newBuilder()
                .setAnnounce(
                        Announce.newBuilder()
                                .setCause(ProtoValues.cause(news.cause()))
                                .setGrace(
                                        ProtoValues.duration(
                                                left.isNegative() ? Duration.ZERO : left)))
                .build();
    }

    /// @param cause of the departure
    /// @param killed when the instance is killed, by this clock
    private record Announced(Cause cause, Duration killed) {}
}
