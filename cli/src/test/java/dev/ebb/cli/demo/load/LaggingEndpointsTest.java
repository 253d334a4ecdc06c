package dev.ebb.cli.demo.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LaggingEndpointsTest {
    private static final InetSocketAddress A = InetSocketAddress.createUnresolved("a", 1);
    private static final InetSocketAddress B = InetSocketAddress.createUnresolved("b", 1);

    private final AtomicLong now = new AtomicLong();
    private final LaggingEndpoints endpoints =
            new LaggingEndpoints(List.of(A), Duration.ofSeconds(3), now::get);

    @Test
    void aChangeArrivesAfterTheLagAndNotBefore() {
        endpoints.publish(List.of(B));

        now.set(Duration.ofSeconds(3).toNanos() - 1);
        assertThat(endpoints.next()).hasValue(A);
        now.set(Duration.ofSeconds(3).toNanos());
        assertThat(endpoints.next()).hasValue(B);
    }

    @Test
    void changesArriveInTheirOrder() {
        endpoints.publish(List.of());
        now.set(Duration.ofSeconds(1).toNanos());
        endpoints.publish(List.of(A, B));

        now.set(Duration.ofSeconds(3).toNanos());
        assertThat(endpoints.next()).isEmpty();
        now.set(Duration.ofSeconds(4).toNanos());
        assertThat(List.of(endpoints.next().orElseThrow(), endpoints.next().orElseThrow()))
                .containsExactlyInAnyOrder(A, B);
    }
}
