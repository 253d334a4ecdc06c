package dev.ebb.controlplane;

import dev.ebb.controlplane.registry.RegistryException;
import dev.ebb.env.Env;
import dev.ebb.lifecycle.ExitCode;
import dev.ebb.lifecycle.Signals;
import dev.ebb.lifecycle.Version;
import dev.ebb.logging.Logging;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `ebb-control-plane standalone`: runs until TERM or INT. A flag wins over its environment
/// variable.
@Command(
        name = "standalone",
        description = "Runs without a cluster: endpoints from a registry file and from proxies.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.VersionLine.class,
        sortOptions = false)
final class StandaloneCommand implements Callable<Integer> {
    static final String LISTEN = "EBB_CONTROL_PLANE_LISTEN";
    static final String ADMIN_LISTEN = "EBB_CONTROL_PLANE_ADMIN_LISTEN";
    static final String REGISTRY = "EBB_CONTROL_PLANE_REGISTRY";
    static final String WARM_UP = "EBB_CONTROL_PLANE_WARM_UP";
    static final String TOKEN_FILE = "EBB_CONTROL_PLANE_TOKEN_FILE";
    static final String MAX_CALLS = "EBB_CONTROL_PLANE_MAX_CALLS_PER_PEER";

    private final CountDownLatch signalled = new CountDownLatch(1);

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--listen",
            paramLabel = "ADDRESS",
            description = {
                "Where proxies connect; default 127.0.0.1:8086.",
                "Environment: " + LISTEN
            })
    private @Nullable String listen;

    @Option(
            names = "--admin-listen",
            paramLabel = "ADDRESS",
            description = {
                "Where /live, /ready and /metrics are; default 127.0.0.1:9991.",
                "Environment: " + ADMIN_LISTEN
            })
    private @Nullable String adminListen;

    @Option(
            names = "--registry",
            paramLabel = "FILE",
            description = {
                "YAML file of services and endpoints; edits apply at once.",
                "Environment: " + REGISTRY
            })
    private @Nullable String registry;

    @Option(
            names = "--warm-up",
            paramLabel = "DURATION",
            description = {
                "How long a fresh control plane cannot tell; default 10s.",
                "Environment: " + WARM_UP
            })
    private @Nullable String warmUp;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = {
                "Control streams must show its content; they may then register any address.",
                "Environment: " + TOKEN_FILE
            })
    private @Nullable String tokenFile;

    @Option(
            names = "--max-calls-per-peer",
            paramLabel = "N",
            description = {
                "How many calls one address may have at once; default 4096.",
                "Environment: " + MAX_CALLS
            })
    private @Nullable String maxCalls;

    @Override
    public Integer call() throws InterruptedException {
        Env env = Env.of(System.getenv());
        Logging.configure(env);
        StandaloneSettings settings = new StandaloneSettings(System.getenv(), flags());
        StandaloneConfig config = settings.read();
        List<String> problems = settings.problems(env);
        if (!problems.isEmpty()) {
            problems.forEach(this::complain);
            return ExitCode.USAGE;
        }
        return run(config);
    }

    private int run(StandaloneConfig config) throws InterruptedException {
        ControlPlane controlPlane = new ControlPlane(config, Version.text());
        Signals.handle(List.of("TERM", "INT"), this::received);
        try {
            controlPlane.start();
            signalled.await();
            return ExitCode.OK;
        } catch (RegistryException e) {
            complain(e.getMessage());
            return ExitCode.CONFIG;
        } catch (IOException e) {
            complain(e.getMessage());
            return ExitCode.FAILURE;
        } finally {
            controlPlane.shutDown();
        }
    }

    /// The first signal ends the process in order; INT again, at once.
    private void received(String signal, int count) {
        if (signal.equals("INT") && count > 1) {
            Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
        }
        signalled.countDown();
    }

    private Map<String, String> flags() {
        Map<String, String> flags = new HashMap<>();
        put(flags, LISTEN, listen);
        put(flags, ADMIN_LISTEN, adminListen);
        put(flags, REGISTRY, registry);
        put(flags, WARM_UP, warmUp);
        put(flags, TOKEN_FILE, tokenFile);
        put(flags, MAX_CALLS, maxCalls);
        return flags;
    }

    private static void put(Map<String, String> flags, String name, @Nullable String value) {
        if (value != null) {
            flags.put(name, value);
        }
    }

    private void complain(@Nullable String problem) {
        if (spec != null) {
            PrintWriter err = spec.commandLine().getErr();
            err.println("ebb-control-plane: " + problem);
        }
    }
}
