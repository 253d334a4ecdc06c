package dev.ebb.proxy.departure;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What the control plane knows of this instance's departure.
///
/// @param verdict whether it may go
/// @param waitingFor who still holds an address of it as pickable; not all of them if they are many
/// @param waiting how many those are
/// @param reason in words for people
/// @param lapsed subscribers whose lease ended before they answered, by name
/// @param endpoints whether the clients have somewhere else to go
/// @param application what is known of the application's containers
/// @param deletion where a cluster tells that this instance is deleted
public record ControlAnswer(
        Verdict verdict,
        List<Awaited> waitingFor,
        int waiting,
        String reason,
        List<String> lapsed,
        OtherEndpoints endpoints,
        Application application,
        Optional<Deletion> deletion) {

    public ControlAnswer {
        waitingFor = List.copyOf(waitingFor);
        lapsed = List.copyOf(lapsed);
    }

    /// An answer without anything beside its verdict.
    public static ControlAnswer of(Verdict verdict) {
        return new ControlAnswer(
                verdict,
                List.of(),
                0,
                "",
                List.of(),
                OtherEndpoints.EXIST,
                Application.UNKNOWN,
                Optional.empty());
    }

    /// The answer of nobody.
    ///
    /// @param reason in words for people
    public static ControlAnswer cannotTell(String reason) {
        return new ControlAnswer(
                Verdict.CANNOT_TELL,
                List.of(),
                0,
                reason,
                List.of(),
                OtherEndpoints.NONE,
                Application.UNKNOWN,
                Optional.empty());
    }

    /// Whether this instance may go.
    public enum Verdict {
        /// No departure is known: it is alive.
        NONE,
        /// Not yet.
        WAITING,
        /// Nobody picks it any more.
        RELEASED,
        /// The control plane warms up or cannot read its source.
        CANNOT_TELL
    }

    /// Whether something else was ready at the release.
    public enum OtherEndpoints {
        /// The clients have gone elsewhere.
        EXIST,
        /// They have nowhere to go.
        NONE
    }

    /// What is known of the application.
    public enum Application {
        /// No source could tell.
        UNKNOWN,
        /// It runs.
        RUNNING,
        /// It has terminated for good.
        GONE
    }

    /// What a cluster tells of the deletion of this instance.
    ///
    /// @param grace the effective grace, from the beginning of the departure; empty if nobody can
    ///   tell
    /// @param ownHooks containers that a hook of their own keeps from being told to stop, by name
    public record Deletion(Optional<Duration> grace, List<String> ownHooks) {

        public Deletion {
            ownHooks = List.copyOf(ownHooks);
        }

        /// What follows from both: the shorter grace, and everything that is known of hooks.
        public Deletion and(Deletion other) {
            return new Deletion(
                    Stream.of(grace, other.grace)
                            .flatMap(Optional::stream)
                            .min(Duration::compareTo),
                    Stream.concat(ownHooks.stream(), other.ownHooks.stream()).distinct().toList());
        }
    }

    /// A subscriber that is waited for.
    ///
    /// @param uid the subscriber
    /// @param name of it, for people
    /// @param destination that it has subscribed to
    /// @param waited how long, by the control plane's clock
    public record Awaited(String uid, String name, String destination, Duration waited) {}
}
