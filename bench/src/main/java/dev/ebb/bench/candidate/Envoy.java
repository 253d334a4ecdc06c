package dev.ebb.bench.candidate;

import dev.ebb.bench.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Envoy with one listener, one route and one static cluster; its own statistics stay on, as they
/// are in use.
public record Envoy(Path program) implements Candidate {

    @Override
    public String name() {
        return "envoy";
    }

    @Override
    public String version() throws IOException {
        return Versions.firstMatch("/([0-9]+\\.[0-9.]+)/", program.toString(), "--version");
    }

    @Override
    public Duration warmUp() {
        return Duration.ofSeconds(1);
    }

    @Override
    public Command at(Site site) throws IOException {
        Path file = site.directory().resolve("envoy.yaml");
        Files.writeString(file, configuration(site));
        return Command.of(
                name(),
                List.of(
                        program.toString(),
                        "--concurrency",
                        "2",
                        "--log-level",
                        "warning",
                        "--disable-hot-restart",
                        "-c",
                        file.toString()));
    }

    private static String configuration(Site site) {
        return """
        static_resources:
          listeners:
            - address: { socket_address: { address: 127.0.0.1, port_value: %d } }
              filter_chains:
                - filters:
                    - name: envoy.filters.network.http_connection_manager
                      typed_config:
                        "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                        stat_prefix: bench
                        route_config:
                          virtual_hosts:
                            - name: bench
                              domains: ["*"]
                              routes: [{ match: { prefix: "/" }, route: { cluster: origin } }]
                        http_filters:
                          - name: envoy.filters.http.router
                            typed_config:
                              "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
          clusters:
            - name: origin
              connect_timeout: 1s
              load_assignment:
                cluster_name: origin
                endpoints:
                  - lb_endpoints:
                      - endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: %d } } }
        """
                .formatted(site.listenPort(), site.originPort());
    }
}
