package dev.ebb.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The control plane as a process of its own.
final class ControlPlaneProcess implements AutoCloseable {
    private static final long LIMIT_SECONDS = 30;
    private static final Pattern STARTED =
            Pattern.compile(
                    ".*Control plane started listen=127\\.0\\.0\\.1:(\\d+)"
                            + " admin=127\\.0\\.0\\.1:(\\d+).*");

    private final Process process;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Integer> port = new CompletableFuture<>();
    private final CompletableFuture<Integer> adminPort = new CompletableFuture<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private final Thread reader;

    private ControlPlaneProcess(Process process) {
        this.process = process;
        this.reader = Thread.ofVirtual().start(this::read);
    }

    static ControlPlaneProcess start(String... arguments) throws IOException {
        return start(Map.of(), arguments);
    }

    static ControlPlaneProcess start(Map<String, String> environment, String... arguments)
            throws IOException {
        // Whoever runs the tests in the background ignores INT.
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-XX:+UseSerialGC",
                        "-XX:-UsePerfData",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("EBB_"));
        builder.environment().putAll(environment);
        return new ControlPlaneProcess(builder.start());
    }

    void awaitStarted() throws InterruptedException {
        assertThat(port()).isPositive();
    }

    /// The port that proxies connect to.
    int port() throws InterruptedException {
        return of(port);
    }

    private int of(CompletableFuture<Integer> boundPort) throws InterruptedException {
        try {
            return boundPort.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("not started: " + lines, e);
        }
    }

    /// The status of `/ready`; -1 once nobody answers.
    int ready() throws InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + of(adminPort) + "/ready");
        try {
            return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException _) {
            return -1;
        }
    }

    void signal(String name) throws IOException, InterruptedException {
        Process kill =
                new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start();
        assertThat(kill.waitFor()).isZero();
    }

    int exitCode() throws InterruptedException {
        assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS))
                .as("ended within %d s: %s", LIMIT_SECONDS, lines)
                .isTrue();
        reader.join();
        return process.exitValue();
    }

    /// What it has written to its terminal.
    String output() {
        return String.join("\n", lines);
    }

    @Override
    public void close() {
        process.destroyForcibly();
        http.close();
    }

    private void read() {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.add(line);
                Matcher started = STARTED.matcher(line);
                if (started.matches()) {
                    adminPort.complete(Integer.parseInt(started.group(2)));
                    port.complete(Integer.parseInt(started.group(1)));
                }
            }
        } catch (IOException e) {
            lines.add("unreadable: " + e);
        }
    }
}
