package dev.ebb.await;

import java.io.IOException;
import java.time.Duration;

/// Keeps TERM from the command while clients still send to it: announces the departure to the proxy
/// and waits until the proxy says that nobody does any more.
final class Hold {

    /// A proxy that does not answer at once is not waited for.
    private static final Duration REACHABLE = Duration.ofSeconds(1);

    private final AdminClient client;

    /// Zero is as long as the proxy says.
    private final Duration max;

    Hold(AdminClient client, Duration max) {
        this.client = client;
        this.max = max;
    }

    /// Returns when TERM may go to the command.
    void await() {
        long began = System.nanoTime();
        Deadline deadline = Deadline.in(max);
        try {
            // The departure's answer takes as long as it takes, so another question finds out
            // whether there is anyone to ask.
            AdminClient.Answer live =
                    client.ask("GET", "/live", Deadline.in(deadline.remaining(REACHABLE)));
            if (!live.isSuccess()) {
                forwardBecause("GET", "/live", "status " + live.status());
                return;
            }
        } catch (IOException e) {
            forwardBecause("GET", "/live", String.valueOf(e.getMessage()));
            return;
        }
        Stderr.say("TERM: held back until the proxy's clients have let go");
        try {
            AdminClient.Answer answer = client.askWhileLive("POST", "/departure", deadline);
            if (answer.isSuccess()) {
                Stderr.say("TERM: forwarded after " + millisSince(began) + ": " + answer.body());
            } else {
                forwardBecause(
                        "POST", "/departure", "status " + answer.status() + " " + answer.body());
            }
        } catch (IOException e) {
            forwardBecause("POST", "/departure", e.getMessage() + " after " + millisSince(began));
        }
    }

    private void forwardBecause(String method, String path, String problem) {
        Stderr.say(
                "TERM: forwarded without a hold: "
                        + method
                        + " "
                        + client.url(path)
                        + ": "
                        + problem);
    }

    private static String millisSince(long began) {
        return (System.nanoTime() - began) / 1_000_000 + "ms";
    }
}
