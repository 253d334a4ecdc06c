package dev.ebb.controlplane;

import dev.ebb.env.Env;
import dev.ebb.logging.Logging;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
    static final String REGISTRY = "EBB_CONTROL_PLANE_REGISTRY";
    static final String TOKEN_FILE = "EBB_CONTROL_PLANE_TOKEN_FILE";

    @Spec private @Nullable CommandSpec spec;

    @Mixin private final ServerFlags server = new ServerFlags();

    @Option(
            names = "--registry",
            paramLabel = "FILE",
            description = {
                "YAML file of services and endpoints; edits apply at once.",
                "Environment: " + REGISTRY
            })
    private @Nullable String registry;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = {
                "Control streams must show its content; they may then register any address.",
                "Environment: " + TOKEN_FILE
            })
    private @Nullable String tokenFile;

    @Override
    public Integer call() throws InterruptedException {
        Env env = Env.of(System.getenv());
        Logging.configure(env);
        Settings settings = new Settings(System.getenv(), flags());
        StandaloneConfig config = StandaloneConfig.read(settings);
        List<String> problems = settings.problems(env);
        return new Run(spec).run(problems, version -> ControlPlane.standalone(config, version));
    }

    private Map<String, String> flags() {
        Map<String, String> flags = server.given();
        ServerFlags.put(flags, REGISTRY, registry);
        ServerFlags.put(flags, TOKEN_FILE, tokenFile);
        return flags;
    }
}
