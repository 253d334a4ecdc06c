package dev.ebb.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.proxy.testing.FakeLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WaitQueueTest {

    private final FakeLoop loop = new FakeLoop();
    private final List<String> expired = new ArrayList<>();
    private final WaitQueue<String> queue =
            new WaitQueue<>(loop.tick(), 3, Duration.ofSeconds(1), expired::add);

    @Test
    void firstComeFirstServed() {
        queue.offer("a");
        queue.offer("b");

        String first = queue.poll();

        assertThat(first).isEqualTo("a");
        assertThat(queue.pollAll()).containsExactly("b");
        assertThat(queue.poll()).isNull();
    }

    @Test
    void noMoreThanTheBoundWait() {
        queue.offer("a");
        queue.offer("b");
        queue.offer("c");

        boolean fourth = queue.offer("d");

        assertThat(fourth).isFalse();
        assertThat(queue.size()).isEqualTo(3);
    }

    @Test
    void eachWaitsItsOwnTime() {
        queue.offer("a");
        loop.pass(Duration.ofMillis(500));
        queue.offer("b");

        loop.pass(Duration.ofMillis(600));
        List<String> early = List.copyOf(expired);
        loop.pass(Duration.ofMillis(500));

        assertThat(early).containsExactly("a");
        assertThat(expired).containsExactly("a", "b");
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void theOneThatWasTakenOutDoesNotExpire() {
        queue.offer("a");
        queue.remove("a");

        loop.pass(Duration.ofSeconds(2));

        assertThat(expired).isEmpty();
    }

    @Test
    void queueThatRanEmptyTimesTheNextOneAnew() {
        queue.offer("a");
        queue.poll();
        loop.pass(Duration.ofMillis(700));
        queue.offer("b");

        loop.pass(Duration.ofMillis(700));
        List<String> early = List.copyOf(expired);
        loop.pass(Duration.ofMillis(400));

        assertThat(early).isEmpty();
        assertThat(expired).containsExactly("b");
    }
}
