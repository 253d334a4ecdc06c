package dev.ebb.controlplane.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FirstSyncTest {
    private final AtomicInteger runs = new AtomicInteger();
    private final FirstSync first =
            new FirstSync(Set.of("services", "pods"), runs::incrementAndGet);

    @Test
    void watchThatIsBegunAnewDoesNotStandInForAnother() {
        first.of("services");
        first.of("services");
        assertThat(runs).hasValue(0);

        first.of("pods");

        assertThat(runs).hasValue(1);
    }

    @Test
    void laterReadsRunNothing() {
        first.of("pods");
        first.of("services");

        first.of("services");

        assertThat(runs).hasValue(1);
    }
}
