package dev.ebb.proxy.discovery;

import dev.ebb.proxy.departure.ControlAnswer;
import dev.ebb.proxy.departure.ControlAnswer.Verdict;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What one replica of the control plane has said about the departure. Belongs to the control loop.
final class Replica {

    /// One that has not answered for this long cannot tell.
    static final Duration SILENCE = Duration.ofSeconds(3);

    private @Nullable ControlAnswer answer;
    private @Nullable Duration unansweredSince;

    /// It was asked. What it knew of a departure still counts, because it tells of every change;
    /// that there was none does not.
    void asked(Duration now) {
        if (unansweredSince == null) {
            unansweredSince = now;
        }
        if (answer != null && answer.verdict() == Verdict.NONE) {
            answer = null;
        }
    }

    void answered(ControlAnswer news) {
        answer = news;
        unansweredSince = null;
    }

    /// What counts now; empty while it may still answer in time.
    Optional<ControlAnswer> answer(Duration now) {
        if (unansweredSince != null && now.compareTo(unansweredSince.plus(SILENCE)) >= 0) {
            return Optional.of(silent());
        }
        return Optional.ofNullable(answer);
    }

    /// Nobody speaks for the replica's subscribers; what it knew otherwise stays true.
    private ControlAnswer silent() {
        return ControlAnswer.cannotTell("a replica of the control plane is silent");
    }
}
