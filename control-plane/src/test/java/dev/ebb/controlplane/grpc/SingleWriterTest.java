package dev.ebb.controlplane.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The thread that the index belongs to.
class SingleWriterTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final SingleWriter writer = new SingleWriter();

    @AfterEach
    void close() {
        writer.close();
    }

    @Test
    void tasksRunInTheOrderTheyWereHandedIn() throws Exception {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            int number = i;
            writer.execute(() -> order.add(number));
        }

        int size = writer.ask(order::size, LIMIT);

        assertThat(size).isEqualTo(1_000);
        assertThat(order).isSorted();
    }

    @Test
    void taskThatFailsDoesNotStopTheNext() throws Exception {
        writer.execute(() -> {
            throw new IllegalStateException("on purpose");
        });

        assertThat(writer.ask(() -> "next", LIMIT)).isEqualTo("next");
    }

    @Test
    void periodicTasksGoOnAfterAFailure() throws Exception {
        CountDownLatch twice = new CountDownLatch(2);

        writer.every(
                Duration.ofMillis(1),
                () -> {
                    twice.countDown();
                    throw new IllegalStateException("on purpose");
                });

        assertThat(twice.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void failureOfAQuestionIsToldToWhoAsked() {
        assertThatThrownBy(() ->
                        writer.ask(
                                () -> {
                                    throw new IllegalStateException("on purpose");
                                },
                                LIMIT))
                .isInstanceOf(CompletionException.class)
                .hasRootCauseMessage("on purpose");
    }

    @Test
    void closeRunsWhatWasHandedInAndDropsTheRest() {
        List<String> ran = new ArrayList<>();
        writer.execute(() -> ran.add("before"));

        writer.close();
        writer.execute(() -> ran.add("after"));

        assertThat(ran).containsExactly("before");
    }
}
