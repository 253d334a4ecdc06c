package dev.ebb.proxy.discovery;

import dev.ebb.proto.destination.v1.Announce;
import dev.ebb.proto.destination.v1.DepartureQuestion;
import dev.ebb.proto.destination.v1.DepartureState;
import dev.ebb.proto.destination.v1.ProxyMessage;
import dev.ebb.proto.destination.v1.Withdraw;
import dev.ebb.proxy.application.MonotonicClock;
import dev.ebb.proxy.departure.Cause;
import dev.ebb.proxy.departure.ControlAnswer;
import dev.ebb.proxy.departure.ControlAnswer.Application;
import dev.ebb.proxy.departure.ControlAnswer.Verdict;
import dev.ebb.proxy.departure.ControlPlane.Listener;
import dev.ebb.proxy.departure.Ledger;
import dev.ebb.proxy.discovery.CombinedAnswer.Completeness;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// What is said about this instance's departure, to every replica of the control plane: the one at
/// home, which has the subscriptions, and at a departure all others. Belongs to the control loop.
///
/// A replica that was asked and is lost cannot be heard any more: until it comes back nobody speaks
/// for its subscribers, so a release needs the safe minimum then.
final class DepartureTalk {

    private final MonotonicClock clock;
    private final Runnable whenDropped;
    private final Map<ControlStream, Replica> replicas = new LinkedHashMap<>();
    private final Set<InetSocketAddress> lost = new HashSet<>();
    private Search search = Search.NONE;
    private boolean asking;
    private @Nullable ControlStream home;
    private @Nullable Announced announced;
    private @Nullable CompletableFuture<Void> recording;
    private @Nullable Listener listener;

    /// @param whenDropped the question is answered by "there is no departure", or came to nothing:
    ///   the other replicas need not be asked any more
    DepartureTalk(MonotonicClock clock, Runnable whenDropped) {
        this.clock = clock;
        this.whenDropped = whenDropped;
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
        Replica replica = new Replica();
        replicas.put(stream, replica);
        if (announced != null) {
            stream.send(announcement(announced));
        }
        if (wantsAll()) {
            replica.asked(clock.now());
            stream.send(question());
        }
    }

    /// A stream has ended against our will.
    void disconnected(ControlStream stream) {
        boolean wasAsked = forget(stream) && wantsAll();
        if (wasAsked) {
            lost.add(stream.address());
        }
        if (replicas.isEmpty() && recording != null) {
            recording.completeExceptionally(new IllegalStateException("the stream has ended"));
        }
        if (wasAsked) {
            tell();
        } else if (replicas.isEmpty()) {
            unreachable();
        }
    }

    /// Whether the replica was asked and is lost since.
    boolean isLost(InetSocketAddress address) {
        return lost.contains(address);
    }

    /// A stream has been closed by this side; true if it was known.
    boolean forget(ControlStream stream) {
        if (stream == home) {
            home = null;
        }
        return replicas.remove(stream) != null;
    }

    /// Whether the other replicas should be asked, too.
    boolean wantsAll() {
        return announced != null || asking;
    }

    /// From now until [#found] there may be replicas that nobody has asked.
    void searching() {
        if (search != Search.DONE) {
            search = Search.UNDERWAY;
        }
    }

    /// Every replica that there is has been connected to.
    void found() {
        search = Search.DONE;
        tell();
    }

    /// It could not be found out which replicas there are.
    void notFound() {
        if (search != Search.DONE) {
            search = Search.FAILED;
        }
        tell();
    }

    void announce(Cause cause, Duration grace) {
        announced = new Announced(cause, clock.now().plus(grace));
        Announced news = announced;
        replicas.keySet().forEach(stream -> stream.send(announcement(news)));
    }

    void withdraw() {
        send(ProxyMessage.newBuilder().setWithdraw(Withdraw.getDefaultInstance()).build());
        end();
    }

    /// Asks every replica.
    void ask() {
        asking = true;
        if (replicas.isEmpty()) {
            unreachable();
            return;
        }
        Duration now = clock.now();
        replicas.values().forEach(replica -> replica.asked(now));
        send(question());
    }

    /// Asks no more, unless this instance has announced that it leaves; does nothing if nobody
    /// asks.
    void dropQuestion() {
        if (asking && announced == null) {
            end();
            whenDropped.run();
        }
    }

    void received(ControlStream from, DepartureState state) {
        Replica replica = replicas.get(from);
        if (replica == null) {
            return;
        }
        lost.remove(from.address());
        ControlAnswer answer = ProtoValues.answer(state);
        replica.answered(answer);
        if (answer.application() == Application.GONE) {
            heard().applicationGone();
        }
        if (wantsAll()) {
            tell();
        } else {
            answer.deletion().ifPresent(heard()::deleted);
        }
    }

    /// Every replica that can be reached gets the ledger; whichever records it first counts.
    CompletionStage<Void> record(Ledger ledger) {
        if (replicas.isEmpty()) {
            return CompletableFuture.failedFuture(
                    new IllegalStateException("the control plane cannot be reached"));
        }
        recording = new CompletableFuture<>();
        send(ProxyMessage.newBuilder().setLedger(ProtoValues.ledger(ledger)).build());
        return recording;
    }

    void recorded() {
        if (recording != null) {
            recording.complete(null);
        }
    }

    /// Tells what follows from what has been heard so far.
    private void tell() {
        if (!wantsAll()) {
            return;
        }
        if (replicas.isEmpty()) {
            unreachable();
            return;
        }
        Duration now = clock.now();
        List<ControlAnswer> answers = new ArrayList<>();
        replicas.values().forEach(each -> each.answer(now).ifPresent(answers::add));
        boolean pending = answers.size() < replicas.size() || search == Search.UNDERWAY;
        if (!lost.isEmpty() || search == Search.FAILED) {
            answers.add(ControlAnswer.cannotTell("a replica of the control plane cannot be asked"));
        }
        Optional<ControlAnswer> news =
                CombinedAnswer.of(answers, pending ? Completeness.MORE_TO_COME : Completeness.ALL);
        news.ifPresent(heard()::answered);
        if (news.filter(DepartureTalk::isAlive).isPresent()) {
            dropQuestion();
        }
    }

    private static boolean isAlive(ControlAnswer answer) {
        return answer.verdict() == Verdict.NONE;
    }

    private void end() {
        announced = null;
        asking = false;
        search = Search.NONE;
        lost.clear();
    }

    private void unreachable() {
        if (listener != null) {
            listener.unreachable();
        }
    }

    private Listener heard() {
        return Objects.requireNonNull(listener, "listener");
    }

    private void send(ProxyMessage message) {
        replicas.keySet().forEach(stream -> stream.send(message));
    }

    private static ProxyMessage question() {
        return ProxyMessage.newBuilder()
                .setQuestion(DepartureQuestion.getDefaultInstance())
                .build();
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

    /// Whether it is known which replicas there are.
    private enum Search {
        /// Nobody has looked.
        NONE,
        UNDERWAY,
        DONE,
        FAILED
    }

    /// @param cause of the departure
    /// @param killed when the instance is killed, by this clock
    private record Announced(Cause cause, Duration killed) {}
}
