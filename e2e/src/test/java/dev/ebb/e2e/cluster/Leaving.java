package dev.ebb.e2e.cluster;

import java.util.List;

/// A replica of a web service that has been told to leave, while one of its clients is slow to
/// learn of it.
///
/// @param slow the client's pod
/// @param heard how much the client had been told before
public record Leaving(WebService web, String pod, String slow, long heard) {
    /// Tells the replica that answers the slow client to leave, and does not wait.
    public static Leaving begin(WebService web, String slow) {
        return beginOf(web.serverOf(slow), web, slow);
    }

    /// The same for another.
    public static Leaving beginOf(String pod, WebService web, String slow) {
        long heard = Relayed.of(web.scene(), slow).deltas();
        web.scene().delete(pod);
        return new Leaving(web, pod, slow, heard);
    }

    /// Waits until the replica has left and its replacement serves.
    public void awaitReplaced() {
        web.awaitReplaced(List.of(pod));
    }

    /// Waits until the client's relay has been told of it.
    public void awaitTold() {
        Relayed.of(web.scene(), slow).awaitDelta(heard);
    }

    /// From what the client itself had applied, by its relay's log, to the TERM of the application.
    /// All nodes of our cluster are containers of one machine, so they share a clock.
    public long termAfterAppliedMillis() {
        return web.termMillis(pod) - Relayed.of(web.scene(), slow).appliedMillis(heard);
    }
}
