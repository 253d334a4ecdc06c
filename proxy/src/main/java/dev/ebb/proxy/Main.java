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
import java.security.Security;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/// The program: environment → configuration → [Proxy] → signal → exit code.
public final class Main {

    private Main() {}

    private static final String HELP =
            """
            Usage: ebb-proxy [--help | --version]

            Runs the data plane beside one application, until TERM, INT or POST /shutdown.
            Its settings are environment variables, EBB_PROXY_*: docs/operations.md lists
            them. All that are wrong are told at once, with exit code 64.
            """;

    /// Runs until TERM, INT or `POST /shutdown`.
    public static void main(String[] arguments) {
        System.exit(
                arguments.length == 0
                        ? run(System.err)
                        : answer(arguments[0], System.out, System.err));
    }

    private static int answer(String argument, PrintStream out, PrintStream err) {
        switch (argument) {
            case "-h", "--help" -> out.print(HELP);
            case "-V", "--version" -> out.println("ebb-proxy " + Version.text());
            default -> {
                complain(
                        "argument: \""
                                + argument
                                + "\" (expected: none; the proxy reads EBB_PROXY_* variables,"
                                + " see docs/operations.md)",
                        err);
                return ExitCode.USAGE;
            }
        }
        return ExitCode.OK;
    }

    private static int run(PrintStream err) {
        // Replicas of the control plane come and go; the JVM would keep their addresses for 30 s.
        Security.setProperty("networkaddress.cache.ttl", "0");
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
        Env env = Env.of(System.getenv());
        Logging.configure(env);
        ProxyConfig config = ProxyEnv.read(env, Version.text());
        if (!env.problems().isEmpty()) {
            env.problems().forEach(problem -> complain(problem, err));
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
            complain(e.getMessage(), err);
            return ExitCode.FAILURE;
        }
    }

    private static void complain(@Nullable String problem, PrintStream err) {
        err.println("ebb-proxy: " + problem);
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
