package dev.ebb.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/// `ebb-await` as a process of its own, started as its launcher does. Ended with all its
/// descendants when closed.
final class AwaitProcess implements AutoCloseable {

    private static final String END = "\0end";

    private final Process process;
    private final BlockingQueue<String> stdout = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> stderr = new LinkedBlockingQueue<>();

    private AwaitProcess(Process process) {
        this.process = process;
        collect(process.getInputStream(), stdout);
        collect(process.getErrorStream(), stderr);
    }

    static AwaitProcess start(String... args) throws IOException {
        return start(List.of(), Map.of(), args);
    }

    static AwaitProcess start(FakeProxy proxy, String... args) throws IOException {
        List<String> all = new ArrayList<>(List.of("-p", Integer.toString(proxy.port())));
        all.addAll(List.of(args));
        return start(all.toArray(String[]::new));
    }

    /// @param wrapper words that stand before the JVM's, such as `unshare --pid`
    static AwaitProcess start(List<String> wrapper, Map<String, String> environment, String... args)
            throws IOException {
        // Whoever runs the tests in the background ignores INT.
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
        command.addAll(wrapper);
        command.addAll(launcher());
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command);
        // A folder that may not be looked into would turn "no such file" into "permission denied".
        builder.environment().put("PATH", "/usr/bin:/bin");
        builder.environment().putAll(environment);
        return new AwaitProcess(builder.start());
    }

    /// For a process that was started some other way.
    static AwaitProcess of(Process process) {
        return new AwaitProcess(process);
    }

    /// The words that start the program.
    static List<String> launcher() {
        try {
            Path classes =
                    Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            return List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xint",
                    "-XX:+UseSerialGC",
                    "-Xmx8m",
                    "-Xss256k",
                    "-XX:-UsePerfData",
                    "-XX:-MaxFDLimit",
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    classes.toString(),
                    Main.class.getName());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    long pid() {
        return process.pid();
    }

    Process process() {
        return process;
    }

    void signal(String name) throws IOException, InterruptedException {
        signal(name, pid());
    }

    static void signal(String name, long pid) throws IOException, InterruptedException {
        int exit =
                new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor();
        if (exit != 0) {
            throw new AssertionError("kill -" + name + " " + pid + ": exit " + exit);
        }
    }

    /// The next line on stdout.
    String line() throws InterruptedException {
        return next(stdout);
    }

    /// Waits for a line on stderr that contains `text`; forgets those before it.
    void awaitSaying(String text) throws InterruptedException {
        List<String> before = new ArrayList<>();
        while (true) {
            String line = next(stderr);
            if (line.contains(text)) {
                return;
            }
            before.add(line);
            if (line.equals(END)) {
                throw new AssertionError("\"" + text + "\" was not said, but " + before);
            }
        }
    }

    /// Waits until the command runs.
    void awaitChild() {
        Awaitility.await().until(() -> process.children().count() == 1);
    }

    int exitCode() throws InterruptedException {
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new AssertionError("did not exit within 30 s; said " + stderr);
        }
        return process.exitValue();
    }

    /// All further lines on stdout.
    List<String> restOfOutput() throws InterruptedException {
        return rest(stdout);
    }

    /// All further lines on stderr.
    List<String> restOfErrors() throws InterruptedException {
        return rest(stderr);
    }

    @Override
    public void close() {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        all.forEach(ProcessHandle::destroyForcibly);
    }

    private static List<String> rest(BlockingQueue<String> lines) throws InterruptedException {
        List<String> rest = new ArrayList<>();
        for (String line = next(lines); !line.equals(END); line = next(lines)) {
            rest.add(line);
        }
        return rest;
    }

    private static String next(BlockingQueue<String> lines) throws InterruptedException {
        String line = lines.poll(30, TimeUnit.SECONDS);
        if (line == null) {
            throw new AssertionError("nothing was written within 30 s");
        }
        return line;
    }

    private static void collect(InputStream stream, BlockingQueue<String> lines) {
        Thread.ofVirtual()
                .start(() -> {
                    try (BufferedReader reader =
                            new BufferedReader(
                                    new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                        for (String line = reader.readLine();
                                line != null;
                                line = reader.readLine()) {
                            lines.add(line);
                        }
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    } finally {
                        lines.add(END);
                    }
                });
    }
}
