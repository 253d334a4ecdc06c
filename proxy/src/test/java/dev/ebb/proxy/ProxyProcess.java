package dev.ebb.proxy;

import dev.ebb.proxy.testing.Until;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The proxy as a process of its own, with real signals and a real exit code.
public final class ProxyProcess implements AutoCloseable {

    private static final long LIMIT_SECONDS = 40;

    private static final List<String> COMMAND =
            List.of(
                    // Whoever runs the tests in the background ignores INT.
                    "env",
                    "--default-signal=INT",
                    ProcessHandle.current().info().command().orElseThrow(),
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:-UsePerfData",
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-cp",
                    System.getProperty("java.class.path"),
                    "dev.ebb.proxy.Main");

    private final Process process;
    private final List<String> lines = new CopyOnWriteArrayList<>();

    private ProxyProcess(Process process) {
        this.process = process;
        Thread.ofVirtual().start(this::read);
    }

    /// Starts it on free ports of loopback, unless `variables` say otherwise.
    ///
    /// @param variables without their prefix `EBB_PROXY_`
    static ProxyProcess start(Map<String, String> variables, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(COMMAND);
        command.addAll(List.of(arguments));
        return start(command, onLoopback(variables));
    }

    /// As [#start], with the heap that it has in production, the end of which ends the process.
    static ProxyProcess startWithSmallHeap(Map<String, String> variables) throws IOException {
        List<String> command = new ArrayList<>(COMMAND);
        command.add(command.indexOf("-XX:+UseSerialGC"), "@jvm.options");
        return start(command, onLoopback(variables));
    }

    /// Starts it somewhere else, with nothing but `variables`.
    ///
    /// @param place what a command has to become to run there
    /// @param variables without their prefix `EBB_PROXY_`
    public static ProxyProcess startAt(
            UnaryOperator<List<String>> place, Map<String, String> variables) throws IOException {
        return start(place.apply(COMMAND), variables);
    }

    private static Map<String, String> onLoopback(Map<String, String> variables) {
        Map<String, String> all = new HashMap<>();
        for (String listener : List.of("INBOUND", "OUTBOUND", "ADMIN")) {
            all.put(listener + "_LISTEN", "127.0.0.1:0");
        }
        all.putAll(variables);
        return all;
    }

    private static ProxyProcess start(List<String> command, Map<String, String> variables)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("EBB_"));
        variables.forEach((name, value) -> environment.put("EBB_PROXY_" + name, value));
        return new ProxyProcess(builder.start());
    }

    long pid() {
        return process.pid();
    }

    /// Everything that it has printed.
    public String output() {
        return String.join("\n", lines);
    }

    /// Blocks until it listens; the port of that listener.
    InetSocketAddress listener(String kind) {
        Pattern pattern = Pattern.compile(" Listening .*\\b" + kind + "=[^ ]*:(\\d+)");
        Until.holds(
                () -> "the proxy listens; it says: " + output(),
                () -> lines.stream().anyMatch(line -> pattern.matcher(line).find()));
        for (String line : lines) {
            Matcher matcher = pattern.matcher(line);
            if (matcher.find()) {
                return new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), Integer.parseInt(matcher.group(1)));
            }
        }
        throw new AssertionError(output());
    }

    /// Blocks until it has printed a line that contains `text`.
    public void awaitLine(String text) {
        Until.holds(
                () -> "a line with: " + text, () -> lines.stream().anyMatch(l -> l.contains(text)));
    }

    /// Sends a signal by its name, such as `TERM`.
    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start().waitFor();
    }

    int awaitExit() throws InterruptedException {
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("process: still runs (expected: exit); " + output());
        }
        return process.exitValue();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private void read() {
        try (BufferedReader reader =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            if (process.isAlive()) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
