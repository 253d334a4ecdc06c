package dev.ebb.await;

/// The text of `--help`.
final class Usage {

    static final String TEXT =
            """
            Waits for the proxy to be ready, then runs a command.

            Usage: ebb-await [OPTIONS] [--] [CMD [ARGS...]]

            Options:
                  --host HOST            host of the proxy's admin server [default: 127.0.0.1]
              -p, --port PORT            port of the proxy's admin server [default: 4191]
              -b, --backoff DURATION     time between two tries [default: 1s]
              -t, --timeout DURATION     how long to wait at most; 0 is for ever [default: 0]
                  --timeout-fatal[=BOOL] exit with 69 after the timeout, instead of running CMD
                                         all the same [default: true]
              -S, --shutdown             ask the proxy to end when CMD has ended
                  --hold[=MAX]           at the first TERM announce the departure to the proxy and
                                         hand TERM to CMD when no client uses it any more, or after
                                         MAX; the second TERM goes to CMD at once
              -v, --verbose              tell of what goes well, too [EBB_AWAIT_VERBOSE=1]
              -h, --help                 print this
              -V, --version              print the version

            Durations are digits and ms, s, m, h or d: 500ms, 10s; or 0.

            Without -S and --hold, CMD takes the place of ebb-await and keeps its process id. With
            one of them ebb-await stays: it hands TERM INT HUP USR1 USR2 WINCH CONT TSTP to CMD, reaps
            orphans if it is process 1, and exits with CMD's code, or 128+n if signal n has ended CMD.

            EBB_AWAIT_DISABLED or EBB_DISABLED, if not empty: runs CMD at once and does nothing else.

            Exit codes of its own: 64 usage, 69 the proxy was not ready in time, 71 CMD could not be
            started, 128+n ended by signal n while waiting.
            """;

    private Usage() {}
}
