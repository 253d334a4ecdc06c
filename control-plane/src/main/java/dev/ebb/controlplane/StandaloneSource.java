package dev.ebb.controlplane;

import dev.ebb.controlplane.cluster.Cluster;
import dev.ebb.controlplane.grpc.Authentication;
import dev.ebb.controlplane.grpc.SingleWriter;
import dev.ebb.controlplane.index.Index;
import dev.ebb.controlplane.index.IndexEvents;
import dev.ebb.controlplane.registry.RegistryException;
import dev.ebb.controlplane.registry.RegistryWatch;
import dev.ebb.env.AddressText;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// No cluster: endpoints from a registry file and from the proxies themselves.
final class StandaloneSource implements Source {
    private static final Logger LOG = LoggerFactory.getLogger(StandaloneSource.class);

    private final StandaloneConfig config;
    private final ControlPlaneMetrics metrics;
    private Optional<RegistryWatch> registry = Optional.empty();

    StandaloneSource(StandaloneConfig config, ControlPlaneMetrics metrics) {
        this.config = config;
        this.metrics = metrics;
    }

    @Override
    public Cluster cluster() {
        return Cluster.NONE;
    }

    @Override
    public Authentication authentication() {
        return config.token()
                .<Authentication>map(Authentication.BySharedToken::new)
                .orElseGet(Authentication.ByAddress::new);
    }

    @Override
    public IndexEvents events(IndexEvents next) {
        return next;
    }

    @Override
    public void start(Index index, SingleWriter writer, Runnable synced) throws RegistryException {
        if (config.registry().isPresent()) {
            RegistryWatch watch =
                    new RegistryWatch(
                            config.registry().get(),
                            state -> writer.execute(() -> index.registry(state)),
                            metrics::registryError);
            registry = Optional.of(watch);
            watch.start();
        }
        if (!config.server().listen().getAddress().isLoopbackAddress()
                && config.token().isEmpty()) {
            LOG.atWarn()
                    .addKeyValue("listen", AddressText.format(config.server().listen()))
                    .log("Anyone who gets here may subscribe and register; set a token file");
        }
        writer.execute(synced);
    }

    @Override
    public void stop() {
        registry.ifPresent(RegistryWatch::close);
    }

    @Override
    public void close() {
        stop();
    }

    @Override
    public Map<String, Object> describe() {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("registry", config.registry().map(Object::toString).orElse("none"));
        settings.put("token", config.token().isPresent() ? "required" : "none");
        return settings;
    }
}
