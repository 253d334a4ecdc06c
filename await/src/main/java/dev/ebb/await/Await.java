package dev.ebb.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The way of one run: wait, then become the command or stay its parent.
final class Await implements SignalRelay.WaitEnd {

    /// How long the proxy may take to answer `/shutdown`; the command's exit code waits for it.
    private static final Duration SHUTDOWN = Duration.ofSeconds(3);

    private final Options options;
    private final AdminClient client;
    private final SignalRelay signals;

    Await(Options options) {
        this.options = options;
        this.client = new AdminClient(options.admin());
        Duration hold = options.after().hold();
        this.signals = new SignalRelay(this, hold == null ? null : new Hold(client, hold));
    }

    /// Returns the code to exit with; does not return if this process became the command.
    int run() {
        signals.takeEnding();
        if (!awaitReadiness() && options.readiness().fatal()) {
            return ExitCode.UNAVAILABLE;
        }
        List<String> command = options.command();
        if (command.isEmpty()) {
            return ExitCode.OK;
        }
        if (!options.after().keepsParent()) {
            signals.giveBack();
            return Command.exec(command);
        }
        int code = runAsParent(command);
        shutDownProxy();
        return code;
    }

    /// Told on the signal's own thread, once, while the main thread waits for readiness.
    @Override
    public void endedBy(String name, int number) {
        Stderr.say(name + " while waiting for the proxy: the command is not run");
        shutDownProxy();
        System.exit(ExitCode.killedBy(number));
    }

    private boolean awaitReadiness() {
        try {
            if (new ReadinessWait(client, options).await()) {
                return true;
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the main thread", e);
        }
        Stderr.say(
                "ebb-proxy failed to become ready within "
                        + options.readiness().timeout().toMillis()
                        + "ms timeout ("
                        + client.url("/ready")
                        + ")");
        return false;
    }

    private int runAsParent(List<String> command) {
        Child child = signals.spawn(command);
        return child == null ? ExitCode.OS_ERROR : child.awaitEnd();
    }

    /// Asks the proxy to end, if that was wanted. Says so if it cannot be: a proxy that goes on
    /// keeps a Job from completing.
    private void shutDownProxy() {
        if (!options.after().shutdown()) {
            return;
        }
        String problem = askToShutDown();
        if (problem != null) {
            Stderr.say("POST " + client.url("/shutdown") + ": " + problem + "; the proxy goes on");
        } else if (options.verbose()) {
            Stderr.say("the proxy shuts down");
        }
    }

    private @Nullable String askToShutDown() {
        try {
            AdminClient.Answer answer = client.ask("POST", "/shutdown", Deadline.in(SHUTDOWN));
            return answer.isSuccess() ? null : answer.status() + " " + answer.body();
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
