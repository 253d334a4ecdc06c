package dev.ebb.controlplane.grpc;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one thread that the index belongs to. Tasks run in the order they were handed in; a task
/// that fails is logged and does not stop the next. Thread-safe.
///
/// Its queue is bounded by what hands in: a stream has only so many messages unprocessed.
public final class SingleWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SingleWriter.class);
    private static final ThreadFactory THREAD =
            Thread.ofPlatform().name("index").daemon(true).factory();

    private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, THREAD);

    public SingleWriter() {
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        executor.setContinueExistingPeriodicTasksAfterShutdownPolicy(false);
    }

    /// Runs a task; dropped if the writer has been closed.
    public void execute(Runnable task) {
        try {
            executor.execute(() -> run(task));
        } catch (RejectedExecutionException e) {
            LOG.atDebug().log("Dropped a task after the end");
        }
    }

    /// Runs a task at a fixed delay, in turn with the others: what was handed in before runs before
    /// it.
    public void every(Duration delay, Runnable task) {
        var _ =
                executor.scheduleWithFixedDelay(
                        () -> execute(task),
                        delay.toNanos(),
                        delay.toNanos(),
                        TimeUnit.NANOSECONDS);
    }

    /// Runs a task later, in turn with the others.
    public void after(Duration delay, Runnable task) {
        try {
            var _ = executor.schedule(() -> run(task), delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.atDebug().log("Dropped a task after the end");
        }
    }

    /// Asks something of what the writer owns, and waits for at most `limit`.
    public <T> T ask(Callable<T> question, Duration limit) throws TimeoutException {
        CompletableFuture<T> answer = new CompletableFuture<>();
        execute(() -> {
            try {
                answer.complete(question.call());
            } catch (Exception e) {
                answer.completeExceptionally(e);
            }
        });
        return answer.orTimeout(limit.toNanos(), TimeUnit.NANOSECONDS).join();
    }

    /// Runs what was handed in, then ends the thread.
    @Override
    public void close() {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(1, TimeUnit.SECONDS)) {
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("A task failed");
        }
    }
}
