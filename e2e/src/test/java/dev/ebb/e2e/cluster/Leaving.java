package dev.ebb.e2e.cluster;

import java.time.Duration;
import java.util.List;

/// A replica of a web service that has been told to leave, and a client that may be slow to learn
/// of it.
///
/// @param client the client's pod
/// @param heard how much the client had been told before, if it is slow
/// @param since when, by [System#nanoTime]
public record Leaving(WebService web, String pod, String client, long heard, long since) {
    /// Tells the replica that answers the client to leave, and does not wait.
    public static Leaving begin(WebService web, String client) {
        String pod = web.serverOf(client);
        long heard = Relayed.of(web.scene(), client).deltas();
        long since = System.nanoTime();
        web.scene().delete(pod);
        return new Leaving(web, pod, client, heard, since);
    }

    /// Waits until the replica has left and its replacement serves.
    public void awaitReplaced() {
        web.awaitReplaced(List.of(pod));
    }

    /// Waits until the relay of the client, which is slow, has been told of it.
    public void awaitTold() {
        Relayed.of(web.scene(), client).awaitDelta(heard);
    }

    /// How long ago the replica was told.
    public Duration sinceBegin() {
        return Duration.ofNanos(System.nanoTime() - since);
    }

    /// From what the client, which is slow, had applied by its relay's log, to the TERM of the
    /// application. All nodes of our cluster are containers of one machine, so they share a clock.
    public long termAfterAppliedMillis() {
        return web.termMillis(pod) - Relayed.of(web.scene(), client).appliedMillis(heard);
    }
}
