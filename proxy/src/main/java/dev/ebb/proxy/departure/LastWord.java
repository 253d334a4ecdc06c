package dev.ebb.proxy.departure;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the control plane has said last of this instance's departure, and for how long it has been
/// silent. Used from one thread; times are passed in.
final class LastWord {

    /// A control plane that has not answered for this long cannot tell: as long as a lease, so that
    /// a process that pauses for a moment loses nobody a long hold.
    ///
    /// @see <a href="file:docs/decisions/0006-silence.md">why so long</a>
    private static final Duration SILENCE = Duration.ofSeconds(3);

    /// The question is repeated so that silence is noticed.
    private static final Duration ASK_AGAIN = Duration.ofMillis(500);

    private @Nullable ControlAnswer answer;
    private @Nullable Duration heard;
    private @Nullable Duration unansweredSince;

    /// The last answer; empty if there was none.
    Optional<ControlAnswer> answer() {
        return Optional.ofNullable(answer);
    }

    /// Whether it has named a client whose lease has ended.
    boolean isAnybodyLapsed() {
        return answer != null && !answer.lapsed().isEmpty();
    }

    /// It was asked, or cannot be: from now on it counts as silent until it speaks.
    void awaited(Duration now) {
        if (unansweredSince == null) {
            unansweredSince = now;
        }
    }

    void heard(ControlAnswer news, Duration now) {
        answer = news;
        heard = now;
        unansweredSince = null;
    }

    /// Another departure begins.
    void forget() {
        answer = null;
        heard = null;
        unansweredSince = null;
    }

    /// Whether to ask again.
    boolean isOld(Duration now) {
        return unansweredSince == null && heard != null && reached(now, heard.plus(ASK_AGAIN));
    }

    /// Nobody's word stands against the safe minimum: never heard, cannot tell, or silent.
    boolean cannotTell(Duration now) {
        if (unansweredSince != null && reached(now, unansweredSince.plus(SILENCE))) {
            return true;
        }
        return answer != null
                && switch (answer.verdict()) {
                    case NONE, CANNOT_TELL -> true;
                    case WAITING, RELEASED -> false;
                };
    }

    private static boolean reached(Duration now, Duration when) {
        return now.compareTo(when) >= 0;
    }
}
