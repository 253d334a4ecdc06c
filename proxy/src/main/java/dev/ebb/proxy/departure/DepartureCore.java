package dev.ebb.proxy.departure;

import dev.ebb.proxy.departure.Bystanders.Wire;
import dev.ebb.proxy.departure.ControlAnswer.Deletion;
import dev.ebb.proxy.departure.ControlAnswer.OtherEndpoints;
import dev.ebb.proxy.departure.ControlAnswer.Verdict;
import dev.ebb.proxy.departure.DepartureConfig.Hold;
import dev.ebb.proxy.departure.DepartureState.Asked;
import dev.ebb.proxy.departure.DepartureState.Holding;
import dev.ebb.proxy.departure.DepartureState.HookAnswer;
import dev.ebb.proxy.departure.DepartureState.Lingering;
import dev.ebb.proxy.departure.DepartureState.Released;
import dev.ebb.proxy.departure.DepartureState.Serving;
import dev.ebb.proxy.departure.DepartureState.Unconfirmed;
import java.time.Duration;
import java.util.Optional;

/// Decides about one instance's departure: when it begins, when it is released, when it lapses.
///
/// Pure: time is passed in, as the reading of one monotonic clock, and what is to be done is told
/// to [Effects]. Used from one thread. Whoever drives it calls [#tick] every few hundredths of a
/// second while the state is not `Serving`.
final class DepartureCore {

    /// A question that nobody has answered for this long is unconfirmed.
    static final Duration DOUBT = Duration.ofSeconds(2);

    /// What was asked for lapses this long after its answer if nobody stops the process.
    static final Duration LAPSE = Duration.ofSeconds(30);

    /// Requests that were sent before their clients acknowledged are waited for this long.
    static final Duration LATE_REQUESTS = Duration.ofSeconds(3);

    private final DepartureConfig config;
    private final Effects effects;
    private final LastWord lastWord = new LastWord();

    private DepartureState state = new Serving();
    private GraceBudget budget;
    private Duration lastHook = Duration.ZERO;
    private boolean isFinal;
    private boolean applicationGone;

    DepartureCore(DepartureConfig config, Effects effects) {
        this.config = config;
        this.effects = effects;
        this.budget = new GraceBudget(config.grace());
    }

    DepartureState state() {
        return state;
    }

    GraceBudget budget() {
        return budget;
    }

    /// The last answer of the control plane to this departure.
    Optional<ControlAnswer> lastAnswer() {
        return lastWord.answer();
    }

    /// A hook asks. Only the control plane can say that this instance leaves: whoever sends the GET
    /// cannot, so without its word nothing is done but what can be taken back.
    void hook(Duration now) {
        lastHook = now;
        switch (state) {
            case Serving() -> {
                become(new Asked(now));
                lastWord.forget();
                ask(now);
            }
            case Unconfirmed doubt -> {
                // The first hook was for something else, perhaps for a container that was started
                // again, or nobody's: this one is due as much.
                if (doubt.answered().isPresent()) {
                    become(new Unconfirmed(now, Optional.empty()));
                    ask(now);
                }
            }
            case Asked _, Holding _, Lingering _, Released _ -> {}
        }
    }

    /// Something on this host asks for a hold.
    void hold(Duration now) {
        begin(Cause.HOLD, now);
    }

    /// This process got TERM or INT.
    void term(Duration now) {
        isFinal = true;
        begin(Cause.TERM, now);
    }

    /// This process was told to end because its application has: nothing is held.
    void shutdown(Duration now) {
        isFinal = true;
        begin(Cause.SHUTDOWN, now);
        if (state instanceof Holding holding) {
            decide(holding, ReleaseReason.NOT_HELD, now);
        }
        if (state instanceof Lingering lingering) {
            end(lingering, now);
        }
    }

    /// The cluster deletes this instance, says the control plane unasked: the departure begins, but
    /// whether it is released all replicas have to say.
    void deleted(Deletion deletion, Duration now) {
        begin(Cause.DELETED, now);
        deletedAsWell(deletion);
    }

    /// The application has terminated for good.
    void applicationGone() {
        applicationGone = true;
    }

    /// The control plane has spoken. What it says while nobody has asked belongs to a departure
    /// that has lapsed, but for a deletion: that is never taken back.
    void answer(ControlAnswer answer, Duration now) {
        if (state instanceof Serving) {
            answer.deletion().ifPresent(deletion -> deleted(deletion, now));
            return;
        }
        lastWord.heard(answer, now);
        if (state instanceof Asked || state instanceof Unconfirmed) {
            answerToHook(answer, now);
        }
        if (state instanceof Serving) {
            return;
        }
        answer.deletion().ifPresent(this::deletedAsWell);
        if (state instanceof Holding holding && answer.verdict() == Verdict.RELEASED) {
            ReleaseReason reason =
                    answer.endpoints() == OtherEndpoints.NONE
                            ? ReleaseReason.NO_OTHER_ENDPOINT
                            : ReleaseReason.RELEASED;
            decide(holding, reason, now);
        }
    }

    /// The control plane cannot be asked: from now on it counts as silent until it speaks.
    void unreachable(Duration now) {
        lastWord.awaited(now);
    }

    /// Time has passed.
    void tick(Duration now, Bystanders around) {
        switch (state) {
            case Serving() -> {}
            case Asked(Duration since) -> tickAsked(since, now);
            case Holding holding -> tickHolding(holding, now, around);
            case Unconfirmed _, Lingering _, Released _ -> {}
        }
        if (state instanceof Unconfirmed doubt) {
            tickUnconfirmed(doubt, now, around);
        }
        if (state instanceof Lingering lingering) {
            tickLingering(lingering, now, around);
        }
        if (state instanceof Released released) {
            tickReleased(released, now);
        }
    }

    /// What is left of the hold's budget.
    Duration remaining(Duration now) {
        return switch (state) {
            case Serving(), Released(var _, var _, var _, var _, var _) -> Duration.ZERO;
            case Asked _ -> until(lastHook.plus(safeMinimum()), now);
            case Unconfirmed(Duration since, Optional<HookAnswer> answered) ->
                    answered.isPresent() ? Duration.ZERO : until(answerAt(since), now);
            case Holding(var _, Duration began) -> until(began.plus(budget.hold()), now);
            case Lingering(var _, Duration began, var _, var _) ->
                    until(began.plus(budget.hold()), now);
        };
    }

    private void begin(Cause cause, Duration now) {
        Duration began;
        switch (state) {
            case Serving() -> began = now;
            case Asked(Duration since) -> began = beginning(cause, since, now);
            case Unconfirmed(Duration since, Optional<HookAnswer> answered) ->
                    began = answered.isEmpty() ? beginning(cause, since, now) : late(since, now);
            case Holding _, Lingering _, Released _ -> {
                return;
            }
        }
        lastWord.forget();
        Holding holding = new Holding(cause, began);
        become(holding);
        if (isTold(cause)) {
            effects.announce(cause, until(began.plus(budget.grace()), now));
        }
        if (config.hold() == Hold.DISABLED) {
            decide(holding, ReleaseReason.NOT_HELD, now);
        } else {
            ask(now);
        }
    }

    /// Anybody may have asked, so what this host itself begins has its whole time. A deletion began
    /// with its hook.
    private Duration beginning(Cause cause, Duration since, Duration now) {
        return isTold(cause) ? late(since, now) : since;
    }

    /// A hook that asked for something else must not shorten this departure. Of an application that
    /// has gone since, it was the beginning.
    private Duration late(Duration since, Duration now) {
        return applicationGone ? since : now;
    }

    /// Whether the control plane has to be told: of a deletion it knows more.
    private static boolean isTold(Cause cause) {
        return switch (cause) {
            case TERM, HOLD, SHUTDOWN -> true;
            case HOOK, DELETED -> false;
        };
    }

    private void answerToHook(ControlAnswer answer, Duration now) {
        switch (answer.verdict()) {
            case NONE -> become(new Serving());
            case WAITING, RELEASED -> beginByHook(answer, now);
            case CANNOT_TELL -> {
                if (answer.deletion().isPresent()) {
                    beginByHook(answer, now);
                }
            }
        }
    }

    private void beginByHook(ControlAnswer answer, Duration now) {
        begin(Cause.HOOK, now);
        lastWord.heard(answer, now);
    }

    private void tickAsked(Duration since, Duration now) {
        if (reached(now, since.plus(shorter(DOUBT, safeMinimum())))) {
            become(new Unconfirmed(since, Optional.empty()));
        } else {
            askAgain(now);
        }
    }

    /// The hook ends with the safe minimum, within the budget. If it was for a deletion the
    /// application is told then, and may take the whole grace to stop.
    private void tickUnconfirmed(Unconfirmed doubt, Duration now, Bystanders around) {
        Optional<HookAnswer> answered = doubt.answered();
        Duration since = doubt.since();
        boolean late = reached(now, since.plus(budget.hold()));
        boolean waited = reached(now, answerAt(since)) && around.areQuiet(since, since);
        if (answered.isEmpty() && (late || waited)) {
            ReleaseReason reason = late ? ReleaseReason.BUDGET : ReleaseReason.SAFE_MINIMUM;
            HookAnswer answer = new HookAnswer(now, reason);
            become(new Unconfirmed(since, Optional.of(answer)));
        } else if (answered.isPresent()
                && reached(now, answered.get().at().plus(LAPSE))
                && reached(now, since.plus(budget.grace()))) {
            become(new Serving());
        } else {
            askAgain(now);
        }
    }

    /// When a hook is answered that nobody confirms, if all is quiet then: after the safe minimum
    /// and the floor, each for the last that asked, within the budget of the first.
    private Duration answerAt(Duration since) {
        Duration least =
                config.floor().compareTo(safeMinimum()) > 0 ? config.floor() : safeMinimum();
        return shorter(lastHook.plus(least), since.plus(budget.hold()));
    }

    private void tickHolding(Holding holding, Duration now, Bystanders around) {
        Duration began = holding.began();
        if (applicationGone && around.connections() == 0) {
            decide(holding, ReleaseReason.APPLICATION_GONE, now);
        } else if (reached(now, began.plus(budget.hold()))) {
            decide(holding, ReleaseReason.BUDGET, now);
        } else if (lastWord.cannotTell(now) && reached(now, began.plus(safeMinimum()))) {
            decide(holding, ReleaseReason.SAFE_MINIMUM, now);
        } else {
            askAgain(now);
        }
    }

    /// A client has acknowledged what it will send, not what it had sent: a request may be on the
    /// wire, and the application is there for it. Clients outside the mesh cannot acknowledge: the
    /// floor is for them, and a look at whether they still come.
    private void tickLingering(Lingering lingering, Duration now, Bystanders around) {
        Duration began = lingering.began();
        boolean late = reached(now, began.plus(budget.hold()));
        boolean waited =
                reached(now, began.plus(config.floor()))
                        && around.areQuiet(began, lingering.decided())
                        && (around.wire() == Wire.EMPTY
                                || lateRequestsHadTheirTime(lingering, now));
        boolean unheld = lingering.reason() == ReleaseReason.NOT_HELD;
        if (applicationGone || late || waited || unheld) {
            end(lingering, now);
        }
    }

    /// Only a client that has let go closes its idle connections; without that they tell nothing.
    /// One whose lease has ended counts as outside the mesh.
    private boolean lateRequestsHadTheirTime(Lingering lingering, Duration now) {
        Duration patience = lastWord.isAnybodyLapsed() ? Bystanders.QUIET : LATE_REQUESTS;
        return lingering.reason() != ReleaseReason.RELEASED
                || reached(now, lingering.decided().plus(patience));
    }

    private void tickReleased(Released released, Duration now) {
        boolean lapses = released.cause() == Cause.HOLD && !isFinal;
        if (lapses && reached(now, released.ended().plus(LAPSE))) {
            budget = new GraceBudget(config.grace());
            lastWord.forget();
            become(new Serving());
            effects.withdraw();
        }
    }

    private void decide(Holding holding, ReleaseReason reason, Duration now) {
        Lingering lingering = new Lingering(holding.cause(), holding.began(), now, reason);
        become(lingering);
        if (reason == ReleaseReason.NOT_HELD) {
            end(lingering, now);
        }
    }

    private void end(Lingering from, Duration now) {
        become(new Released(from.cause(), from.began(), from.decided(), now, from.reason()));
    }

    private void deletedAsWell(Deletion deletion) {
        isFinal = true;
        shorten(deletion.grace());
    }

    /// A later, shorter grace wins (a second delete with a smaller grace period); a longer one does
    /// not.
    private void shorten(Optional<Duration> grace) {
        if (grace.isPresent() && grace.get().compareTo(budget.grace()) < 0) {
            budget = new GraceBudget(grace.get());
        }
    }

    private void ask(Duration now) {
        lastWord.awaited(now);
        effects.ask();
    }

    private void askAgain(Duration now) {
        if (lastWord.isOld(now)) {
            ask(now);
        }
    }

    private void become(DepartureState next) {
        DepartureState before = state;
        state = next;
        effects.changed(before, next);
    }

    private Duration safeMinimum() {
        return shorter(config.safeMinimum(), budget.hold());
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }

    private static boolean reached(Duration now, Duration at) {
        return now.compareTo(at) >= 0;
    }

    private static Duration until(Duration at, Duration now) {
        Duration left = at.minus(now);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /// What is to be done about a decision; called in the middle of the call that decided.
    interface Effects {

        /// Tell the control plane that this instance leaves, `grace` before it is killed.
        void announce(Cause cause, Duration grace);

        /// Ask the control plane.
        void ask();

        /// Take the announcement back.
        void withdraw();

        /// The state has changed.
        void changed(DepartureState before, DepartureState now);
    }
}
