package dev.ebb.controlplane.registry;

import dev.ebb.controlplane.model.Registry;
import dev.ebb.env.FileProblem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Watches the registry file and passes on every valid state of it; an invalid one is refused with
/// its line and reason, and the last good state stays.
///
/// It compares the content itself, at an interval: that survives editors that write a new file and
/// rename it, and volumes that swap symbolic links, where file events and timestamps do not.
public final class RegistryWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RegistryWatch.class);
    private static final Duration INTERVAL = Duration.ofMillis(500);

    private final Path file;
    private final RegistryReader reader;
    private final Consumer<Registry> listener;
    private final Runnable onError;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("registry").daemon(true).factory());

    /// The content that was looked at last, good or bad, so that each is judged and reported once.
    private byte[] content = {};

    private boolean missing;

    /// @param listener takes each state; called on the watch's thread, the first time by [#start]
    /// @param onError is told of each refused edit
    public RegistryWatch(Path file, Consumer<Registry> listener, Runnable onError) {
        this.file = file;
        this.reader = new RegistryReader(file);
        this.listener = listener;
        this.onError = onError;
    }

    /// Reads the file for the first time and begins to watch it. A file that cannot be used now is
    /// the caller's to report; later on it is only logged.
    public void start() throws RegistryException {
        try {
            content = read();
        } catch (IOException e) {
            throw new RegistryException(
                    "%s: %s (expected: a registry file)".formatted(file, FileProblem.of(e)));
        }
        listener.accept(reader.read(content));
        var _ =
                timer.scheduleWithFixedDelay(
                        this::poll,
                        INTERVAL.toMillis(),
                        INTERVAL.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    /// Stops to watch.
    @Override
    public void close() {
        timer.shutdownNow();
    }

    private void poll() {
        try {
            byte[] now = read();
            missing = false;
            if (!Arrays.equals(now, content)) {
                content = now;
                listener.accept(reader.read(now));
                LOG.atInfo().addKeyValue("file", file).log("Registry file applied");
            }
        } catch (RegistryException e) {
            onError.run();
            LOG.atError()
                    .addKeyValue("reason", e.getMessage())
                    .log("Registry edit refused; the last good state stays");
        } catch (IOException e) {
            if (!missing) {
                missing = true;
                onError.run();
                LOG.atError()
                        .addKeyValue("file", file)
                        .addKeyValue("reason", FileProblem.of(e))
                        .log("Registry file cannot be read; the last good state stays");
            }
        } catch (RuntimeException e) {
            // A defect of ours; the timer would end without a word, and no later edit be seen.
            onError.run();
            LOG.atError()
                    .setCause(e)
                    .addKeyValue("file", file)
                    .log("Registry edit could not be applied");
        }
    }

    private byte[] read() throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(RegistryReader.MAX_BYTES + 1);
        }
    }
}
