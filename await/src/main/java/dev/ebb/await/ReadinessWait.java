package dev.ebb.await;

import java.io.IOException;
import java.time.Duration;

/// Asks the proxy again and again whether it is ready.
final class ReadinessWait {

    /// A proxy that accepts and says nothing is asked anew.
    private static final Duration TRY = Duration.ofSeconds(5);

    /// Keeps `--backoff 0` from taking a whole processor.
    private static final Duration MIN_BACKOFF = Duration.ofMillis(10);

    private final AdminClient client;
    private final Options options;

    ReadinessWait(AdminClient client, Options options) {
        this.client = client;
        this.options = options;
    }

    /// Returns whether the proxy became ready within the timeout.
    boolean await() throws InterruptedException {
        Deadline deadline = Deadline.in(options.readiness().timeout());
        tell("waiting for " + client.url("/ready"));
        while (true) {
            String why;
            try {
                AdminClient.Answer answer =
                        client.ask("GET", "/ready", Deadline.in(deadline.remaining(TRY)));
                if (answer.isSuccess()) {
                    tell("the proxy is ready");
                    return true;
                }
                why = "status " + answer.status();
            } catch (IOException e) {
                why = String.valueOf(e.getMessage());
            }
            if (deadline.hasPassed()) {
                return false;
            }
            tell("not ready: " + why);
            Thread.sleep(deadline.remaining(backoff()));
        }
    }

    private Duration backoff() {
        Duration backoff = options.readiness().backoff();
        return backoff.compareTo(MIN_BACKOFF) < 0 ? MIN_BACKOFF : backoff;
    }

    private void tell(String line) {
        if (options.verbose()) {
            Stderr.say(line);
        }
    }
}
