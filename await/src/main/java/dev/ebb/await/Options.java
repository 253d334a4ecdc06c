package dev.ebb.await;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the command line asks for.
///
/// @param request what to do at all
/// @param admin where the proxy's admin server is
/// @param readiness how to wait for it
/// @param after what happens around the command's end
/// @param verbose whether to tell of what goes well, too
/// @param command the program and its arguments; empty if there is none
record Options(
        Request request,
        Admin admin,
        Readiness readiness,
        Ending after,
        boolean verbose,
        List<String> command) {

    enum Request {
        HELP,
        VERSION,
        RUN
    }

    record Admin(String host, int port) {

        /// As it stands in a URL or a `Host`.
        String authority() {
            return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
        }
    }

    /// How to wait for the proxy.
    ///
    /// @param backoff between two tries
    /// @param timeout for all tries together; zero waits for ever
    /// @param fatal whether the command is not run after the timeout
    record Readiness(Duration backoff, Duration timeout, boolean fatal) {}

    /// What happens around the command's end.
    ///
    /// @param shutdown whether the proxy is asked to end when the command has ended
    /// @param hold how long TERM may be kept from the command, null if it is not; zero is as long
    ///   as the proxy says
    record Ending(boolean shutdown, @Nullable Duration hold) {

        /// Whether this process must outlive the start of the command.
        boolean keepsParent() {
            return shutdown || hold != null;
        }
    }
}
