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

/// `ebb-control-plane kubernetes`: runs until TERM or INT. A flag wins over its environment
/// variable.
@Command(
        name = "kubernetes",
        description = "Runs for a cluster: endpoints and departures from the API server.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.VersionLine.class,
        sortOptions = false)
final class KubernetesCommand implements Callable<Integer> {
    static final String KUBECONFIG = "EBB_CONTROL_PLANE_KUBECONFIG";
    static final String CONTEXT = "EBB_CONTROL_PLANE_CONTEXT";
    static final String CLUSTER_DOMAIN = "EBB_CONTROL_PLANE_CLUSTER_DOMAIN";
    static final String WATCH_SILENCE = "EBB_CONTROL_PLANE_WATCH_SILENCE";
    static final String NEWS_DELAY = "EBB_CONTROL_PLANE_NEWS_DELAY";

    @Spec private @Nullable CommandSpec spec;

    @Mixin private final ServerFlags server = new ServerFlags();

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description = {
                "Which cluster; default the one that this pod runs in, else that of kubectl.",
                "Environment: " + KUBECONFIG
            })
    private @Nullable String kubeconfig;

    @Option(
            names = "--context",
            paramLabel = "NAME",
            description = {
                "A context of the kubeconfig; default its current one.",
                "Environment: " + CONTEXT
            })
    private @Nullable String context;

    @Option(
            names = "--cluster-domain",
            paramLabel = "DOMAIN",
            description = {
                "What names of Services end in; default cluster.local.",
                "Environment: " + CLUSTER_DOMAIN
            })
    private @Nullable String clusterDomain;

    @Option(
            names = "--watch-silence",
            paramLabel = "DURATION",
            description = {
                "A watch that is silent for longer is begun anew; default 90s.",
                "Environment: " + WATCH_SILENCE
            })
    private @Nullable String watchSilence;

    @Option(
            names = "--news-delay",
            paramLabel = "DURATION",
            description = {
                "How late news of the cluster are taken, for tests; default 0s.",
                "Environment: " + NEWS_DELAY
            })
    private @Nullable String newsDelay;

    @Override
    public Integer call() throws InterruptedException {
        Env env = Env.of(System.getenv());
        Logging.configure(env);
        if (env.string("EBB_LOG").isEmpty()) {
            // Each failed attempt would be a stack trace; we say the reason, once.
            Logging.levels("warn,io.fabric8=error,ebb=info");
        }
        Settings settings = new Settings(System.getenv(), flags());
        KubernetesConfig config = KubernetesConfig.read(settings);
        List<String> problems = settings.problems(env);
        return new Run(spec).run(problems, version -> ControlPlane.kubernetes(config, version));
    }

    private Map<String, String> flags() {
        Map<String, String> flags = server.given();
        ServerFlags.put(flags, KUBECONFIG, kubeconfig);
        ServerFlags.put(flags, CONTEXT, context);
        ServerFlags.put(flags, CLUSTER_DOMAIN, clusterDomain);
        ServerFlags.put(flags, WATCH_SILENCE, watchSilence);
        ServerFlags.put(flags, NEWS_DELAY, newsDelay);
        return flags;
    }
}
