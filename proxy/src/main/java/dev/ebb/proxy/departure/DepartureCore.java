package dev.ebb.proxy.departure;

import dev.ebb.proxy.departure.Bystanders.Wire;
import dev.ebb.proxy.departure.ControlAnswer.Deletion;
import dev.ebb.proxy.departure.ControlAnswer.OtherEndpoints;
import dev.ebb.proxy.departure.ControlAnswer.Verdict;
import dev.ebb.proxy.departure.DepartureConfig.Hold;
import dev.ebb.proxy.departure.DepartureState.Asked;
import dev.ebb.proxy.departure.DepartureState.Holding;
import dev.ebb.proxy.departure.DepartureState.Lingering;
import dev.ebb.proxy.departure.DepartureState.Released;
import dev.ebb.proxy.departure.DepartureState.Serving;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Decides about one instance's departure: when it begins, when it is released, when it lapses.
///
/// Pure: time is passed in, as the reading of one monotonic clock, and what is to be done is told
/// to [Effects]. Used from one thread. Whoever drives it calls [#tick] every few hundredths of a
/// second while the state is not `Serving`.
final class DepartureCore {

    /// A control plane that has not answered for this long cannot tell.
    static final Duration SILENCE = Duration.ofSeconds(1);

    /// While held, the question is repeated so that silence is noticed.
    static final Duration ASK_AGAIN = Duration.ofMillis(500);

    /// A hold that was asked for lapses this long after its release if nobody stops the process.
    static final Duration LAPSE = Duration.ofSeconds(30);

    /// Without a request from outside the mesh for this long before the departure nobody is waited
    /// for.
    static final Duration LOOK_BACK = Duration.ofSeconds(30);

    /// Clients outside the mesh are thought to have gone after this long without a request.
    static final Duration QUIET = Duration.ofSeconds(1);

    /// Requests that were sent before their clients acknowledged are waited for this long.
    static final Duration LATE_REQUESTS = Duration.ofSeconds(1);

    private final DepartureConfig config;
    private final Effects effects;

    private DepartureState state = new Serving();
    private GraceBudget budget;
    private boolean isFinal;
    private boolean applicationGone;
    private @Nullable ControlAnswer lastAnswer;
    private @Nullable Duration lastHeard;
    private @Nullable Duration unansweredSince;

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
        return Optional.ofNullable(lastAnswer);
    }

    /// A hook asks. Only the control plane can say that this instance leaves: whoever sends the GET
    /// cannot.
    void hook(Duration now) {
        if (state instanceof Serving) {
            become(new Asked(now));
            forgetAnswers();
            ask(now);
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
        heard(answer, now);
        if (state instanceof Asked) {
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
        if (unansweredSince == null) {
            unansweredSince = now;
        }
    }

    /// Time has passed.
    void tick(Duration now, Bystanders around) {
        switch (state) {
            case Serving() -> {}
            case Asked(Duration since) -> tickAsked(since, now);
            case Holding holding -> tickHolding(holding, now, around);
            case Lingering _, Released _ -> {}
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
            case Asked(Duration since) -> until(since.plus(safeMinimum()), now);
            case Holding(var _, Duration began) -> until(began.plus(budget.hold()), now);
            case Lingering(var _, Duration began, var _, var _) ->
                    until(began.plus(budget.hold()), now);
        };
    }

    private void begin(Cause cause, Duration now) {
        Duration began;
        switch (state) {
            case Serving() -> began = now;
            case Asked(Duration since) -> began = since;
            case Holding _, Lingering _, Released _ -> {
                return;
            }
        }
        forgetAnswers();
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
        heard(answer, now);
    }

    private void tickAsked(Duration since, Duration now) {
        if (reached(now, since.plus(safeMinimum()))) {
            become(new Serving());
        } else {
            askAgain(now);
        }
    }

    private void tickHolding(Holding holding, Duration now, Bystanders around) {
        Duration began = holding.began();
        if (applicationGone && around.connections() == 0) {
            decide(holding, ReleaseReason.APPLICATION_GONE, now);
        } else if (reached(now, began.plus(budget.hold()))) {
            decide(holding, ReleaseReason.BUDGET, now);
        } else if (cannotTell(now) && reached(now, began.plus(safeMinimum()))) {
            decide(holding, ReleaseReason.SAFE_MINIMUM, now);
        } else {
            askAgain(now);
        }
    }

    /// Nobody's word stands against the safe minimum: never heard, cannot tell, or silent.
    private boolean cannotTell(Duration now) {
        if (unansweredSince != null && reached(now, unansweredSince.plus(SILENCE))) {
            return true;
        }
        return lastAnswer != null
                && switch (lastAnswer.verdict()) {
                    case NONE, CANNOT_TELL -> true;
                    case WAITING, RELEASED -> false;
                };
    }

    /// A client has acknowledged what it will send, not what it had sent: a request may be on the
    /// wire, and the application is there for it. Clients outside the mesh cannot acknowledge: the
    /// floor is for them, and a look at whether they still come.
    private void tickLingering(Lingering lingering, Duration now, Bystanders around) {
        Duration began = lingering.began();
        boolean late = reached(now, began.plus(budget.hold()));
        boolean waited =
                reached(now, began.plus(config.floor()))
                        && quiet(began, now, around.lastOutside())
                        && (around.wire() == Wire.EMPTY
                                || lateRequestsHadTheirTime(lingering, now));
        boolean unheld = lingering.reason() == ReleaseReason.NOT_HELD;
        if (applicationGone || late || waited || unheld) {
            end(lingering, now);
        }
    }

    /// Only a client that has let go closes its idle connections; without that they tell nothing.
    private static boolean lateRequestsHadTheirTime(Lingering lingering, Duration now) {
        return lingering.reason() != ReleaseReason.RELEASED
                || reached(now, lingering.decided().plus(LATE_REQUESTS));
    }

    private static boolean quiet(Duration began, Duration now, @Nullable Duration last) {
        if (last == null || last.compareTo(began.minus(LOOK_BACK)) < 0) {
            return true;
        }
        Duration from = last.compareTo(began) < 0 ? began : last;
        return reached(now, from.plus(QUIET));
    }

    private void tickReleased(Released released, Duration now) {
        boolean lapses = released.cause() == Cause.HOLD && !isFinal;
        if (lapses && reached(now, released.ended().plus(LAPSE))) {
            budget = new GraceBudget(config.grace());
            forgetAnswers();
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
        if (unansweredSince == null) {
            unansweredSince = now;
        }
        effects.ask();
    }

    private void askAgain(Duration now) {
        if (unansweredSince == null
                && lastHeard != null
                && reached(now, lastHeard.plus(ASK_AGAIN))) {
            ask(now);
        }
    }

    private void heard(ControlAnswer answer, Duration now) {
        unansweredSince = null;
        lastHeard = now;
        lastAnswer = answer;
    }

    private void forgetAnswers() {
        lastAnswer = null;
        lastHeard = null;
        unansweredSince = null;
    }

    private void become(DepartureState next) {
        DepartureState before = state;
        state = next;
        effects.changed(before, next);
    }

    private Duration safeMinimum() {
        Duration hold = budget.hold();
        return config.safeMinimum().compareTo(hold) < 0 ? config.safeMinimum() : hold;
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
