package dev.ebb.bench.candidate;

import dev.ebb.bench.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// nginx, as one of the proxies and as the origin behind all of them.
public record Nginx(Path program) implements Candidate {

    /// Where the origin offers 64 KiB.
    public static final String LARGE = "/64k";

    private static final int LARGE_BYTES = 64 * 1024;

    /// 63 bytes with the line's end: a small answer, which shows what a proxy costs per request.
    private static final String BODY =
            "The sea takes no note of the boats that go out with the ebb, ok";

    /// The command for the origin of all candidates; it answers with the same 63 bytes, and at
    /// [#LARGE] with 64 KiB.
    public Command origin(Path directory, int port) throws IOException {
        Path home = Files.createDirectories(directory.resolve("origin")).toAbsolutePath();
        Files.write(home.resolve(LARGE.substring(1)), new byte[LARGE_BYTES]);
        return command("origin", home, originServer(home, port));
    }

    @Override
    public String name() {
        return "nginx";
    }

    @Override
    public String version() throws IOException {
        return Versions.firstMatch("nginx/([0-9.]+)", program.toString(), "-v");
    }

    @Override
    public Duration warmUp() {
        return Duration.ofSeconds(1);
    }

    @Override
    public Command at(Site site) throws IOException {
        Path home = Files.createDirectories(site.directory().resolve(name())).toAbsolutePath();
        return command(name(), home, proxyServer(site));
    }

    private Command command(String name, Path home, String servers) throws IOException {
        Path file = home.resolve("nginx.conf");
        Files.writeString(file, configuration(home, servers));
        return Command.of(
                name,
                List.of(
                        program.toString(),
                        "-e",
                        "stderr",
                        "-p",
                        home.toString(),
                        "-c",
                        file.toString()));
    }

    /// With `reuseport` the kernel shares connections out over both workers; else one may get them
    /// all. The user matters where the checkout is readable for root only.
    private static String configuration(Path home, String servers) {
        return """
        user root;
        daemon off;
        worker_processes 2;
        pid %1$s/nginx.pid;
        error_log stderr;
        events { worker_connections 4096; }
        http {
            access_log off;
            keepalive_requests 1000000000;
            client_body_temp_path %1$s/body;
            proxy_temp_path %1$s/proxy;
            fastcgi_temp_path %1$s/fastcgi;
            uwsgi_temp_path %1$s/uwsgi;
            scgi_temp_path %1$s/scgi;
        %2$s
        }
        """
                .formatted(home, servers);
    }

    private static String originServer(Path home, int port) {
        return """
            server {
                listen 127.0.0.1:%d backlog=4096 reuseport;
                default_type text/plain;
                location / { return 200 "%s"; }
                location = %s { root %s; }
            }
        """
                .formatted(port, BODY, LARGE, home);
    }

    private static String proxyServer(Site site) {
        return """
            upstream origin { server 127.0.0.1:%2$d; keepalive 128; keepalive_requests 1000000000; }
            server {
                listen 127.0.0.1:%1$d reuseport;
                location / {
                    proxy_pass http://origin;
                    proxy_http_version 1.1;
                    proxy_set_header Connection "";
                    proxy_set_header Host $host;
                }
            }
        """
                .formatted(site.listenPort(), site.originPort());
    }
}
