package dev.ebb.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.proxy.testing.FakeLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class KeptWhileUsedTest {

    private final FakeLoop loop = new FakeLoop();
    private final List<String> opened = new ArrayList<>();
    private final List<String> closed = new ArrayList<>();
    private final KeptWhileUsed<String, Thing> kept =
            new KeptWhileUsed<>(loop.tick(), 2, Duration.ofSeconds(5), this::open);

    @Test
    void oneThatIsKeptIsOpenedOnce() {
        Thing first = enter("a");
        Thing second = enter("a");

        assertThat(second).isSameAs(first);
        assertThat(opened).containsExactly("a");
    }

    @Test
    void oneThatIsUnusedIsClosedAfterAWhile() {
        enter("a").users().leave();
        loop.pass(Duration.ofSeconds(4));
        boolean early = !closed.isEmpty();

        loop.pass(Duration.ofSeconds(7));

        assertThat(early).isFalse();
        assertThat(closed).containsExactly("a");
        assertThat(kept.size()).isZero();
    }

    @Test
    void oneThatIsUsedStays() {
        enter("a");
        enter("a").users().leave();

        loop.pass(Duration.ofSeconds(60));

        assertThat(closed).isEmpty();
    }

    @Test
    void theOneUnusedForTheLongestTimeMakesRoom() {
        Thing a = enter("a");
        Thing b = enter("b");
        b.users().leave();
        loop.pass(Duration.ofSeconds(1));
        a.users().leave();

        enter("c");

        assertThat(closed).containsExactly("b");
        assertThat(kept.size()).isEqualTo(2);
    }

    @Test
    void whatIsInUseDoesNotMakeRoom() {
        enter("a");
        enter("b");

        Thing third = kept.enter("c");

        assertThat(third).isNull();
        assertThat(opened).containsExactly("a", "b");
    }

    @Test
    void allAreClosedAtTheEnd() {
        enter("a");
        enter("b").users().leave();

        kept.close();

        assertThat(closed).containsExactlyInAnyOrder("a", "b");
    }

    private Thing enter(String key) {
        return Objects.requireNonNull(kept.enter(key));
    }

    private Thing open(String key) {
        opened.add(key);
        return new Thing(key, new KeptWhileUsed.Users(loop.tick()), closed);
    }

    private record Thing(String key, KeptWhileUsed.Users users, List<String> closed)
            implements KeptWhileUsed.Kept {

        @Override
        public void close() {
            closed.add(key);
        }
    }
}
