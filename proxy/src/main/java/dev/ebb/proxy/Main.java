package dev.ebb.proxy;

import dev.ebb.env.Env;
import dev.ebb.lifecycle.ExitCode;
import dev.ebb.lifecycle.Signals;
import dev.ebb.lifecycle.Version;
import dev.ebb.logging.Logging;
import dev.ebb.proxy.EndOfProcess.Reason;
import dev.ebb.proxy.config.ProxyConfig;
import dev.ebb.proxy.config.ProxyEnv;
import java.io.PrintStream;
import java.util.List;
import org.slf4j.LoggerFactory;

/// The program: environment → configuration → [Proxy] → signal → exit code.
public final class Main {

    private Main() {}

    /// Runs until TERM, INT or `POST /shutdown`.
    public static void main(String[] arguments) {
        System.exit(run(arguments, System.err));
    }

    private static int run(String[] arguments, PrintStream err) {
        if (arguments.length > 0) {
            err.println(
                    "argument: \""
                            + arguments[0]
                            + "\" (expected: none; the proxy reads EBB_PROXY_* variables,"
                            + " see docs/operations.md)");
            return ExitCode.USAGE;
        }
        Env env = Env.of(System.getenv());
        Logging.configure(env);
        ProxyConfig config = ProxyEnv.read(env, Version.text());
        if (!env.problems().isEmpty()) {
            env.problems().forEach(err::println);
            return ExitCode.USAGE;
        }
        // Before anything is bound, so that a TERM during the start is not lost.
        EndOfProcess end = new EndOfProcess();
        Signals.handle(List.of("TERM", "INT"), (name, count) -> signalled(end, name, count));
        // What closes a terminal, or asks others to read their files again, ends no traffic.
        Signals.handle(List.of("HUP"), (_, _) -> ignoreHangup());
        try {
            Proxy proxy = Proxy.start(config, end);
            proxy.shutdown(end.await());
            return ExitCode.OK;
        } catch (StartException e) {
            LoggerFactory.getLogger(Main.class).debug("The start failed", e);
            err.println(e.getMessage());
            return ExitCode.FAILURE;
        }
    }

    private static void ignoreHangup() {
        LoggerFactory.getLogger(Main.class)
                .info("HUP is ignored: the configuration is read at the start only");
    }

    private static void signalled(EndOfProcess end, String name, int count) {
        if (name.equals("INT") && count > 1) {
            Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
        }
        end.request(name.equals("INT") ? Reason.INT : Reason.TERM);
    }
}
