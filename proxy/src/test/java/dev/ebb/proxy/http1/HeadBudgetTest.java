package dev.ebb.proxy.http1;

import static dev.ebb.proxy.testing.Wire.head;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.drain.DrainSignal;
import dev.ebb.proxy.drain.LoopDrain;
import dev.ebb.proxy.stream.LoopTick;
import dev.ebb.proxy.testing.DuplexEmbeddedChannel;
import dev.ebb.proxy.testing.RecordedExchange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What all the heads of one event loop may hold together.
class HeadBudgetTest {

    private static final String LARGE =
            head("GET /large HTTP/1.1", "Host: w", "X: " + "x".repeat(30_000));
    private static final String USUAL =
            head("GET /usual HTTP/1.1", "Host: w", "X: " + "x".repeat(6_000));
    private static final String SMALL = head("GET /small HTTP/1.1", "Host: w");

    private final DuplexEmbeddedChannel first = DuplexEmbeddedChannel.create();
    private final LoopTick tick = new LoopTick(first.eventLoop(), Duration.ofMillis(50));
    private final DrainSignal drain = new DrainSignal(first.eventLoop());
    private final Http1ServerPipeline pipeline =
            new Http1ServerPipeline(
                    Http1Limits.DEFAULTS,
                    tick,
                    new LoopDrain(first.eventLoop(), drain.watch()),
                    // One large head, and no second one.
                    120_000,
                    _ -> {});
    private final List<RecordedExchange> exchanges = new ArrayList<>();

    @Test
    void headThatDoesNotFitBesideTheOthersIsRefusedAndFitsWhenTheyHaveEnded() {
        DuplexEmbeddedChannel second = connection(DuplexEmbeddedChannel.create());
        DuplexEmbeddedChannel third = connection(DuplexEmbeddedChannel.create());
        connection(first).send(LARGE);

        second.send(LARGE);
        assertThat(second.received())
                .startsWith("HTTP/1.1 503 ")
                .contains("ebb-proxy-error: overloaded\r\n");
        assertThat(exchanges).hasSize(1);

        exchanges.getFirst().answer(200, "");
        third.send(LARGE);

        assertThat(exchanges).hasSize(2);
    }

    @Test
    void headThatIsStillComingHoldsItsShareUntilItsConnectionEnds() {
        DuplexEmbeddedChannel second = connection(DuplexEmbeddedChannel.create());
        DuplexEmbeddedChannel third = connection(DuplexEmbeddedChannel.create());
        connection(first).send(LARGE.substring(0, 25_000));

        second.send(LARGE);
        assertThat(second.received()).startsWith("HTTP/1.1 503 ");
        var _ = first.close();
        first.turn();
        third.send(LARGE);

        assertThat(exchanges).hasSize(1);
    }

    @Test
    void requestsOneAfterTheOtherHoldNoMoreThanOne() {
        connection(first);

        for (int i = 0; i < 100; i++) {
            first.send(i % 2 == 0 ? USUAL : SMALL);
            exchanges.getLast().answer(200, "");
        }

        assertThat(exchanges).hasSize(100);
        assertThat(first.received()).doesNotContain(" 503 ");
    }

    /// The codec keeps an array as long as the longest line.
    @Test
    void connectionEndsBehindALargeHeadAndKeepsNothingOfIt() {
        connection(first).send(LARGE);

        exchanges.getFirst().answer(200, "");

        assertThat(first.received()).contains("connection: close\r\n");
        assertThat(first.pipeline().get("http1-decoder")).isNull();
    }

    private DuplexEmbeddedChannel connection(DuplexEmbeddedChannel channel) {
        pipeline.addTo(
                channel.pipeline(),
                (head, stream) -> {
                    RecordedExchange exchange = new RecordedExchange(head, stream);
                    exchanges.add(exchange);
                    return exchange;
                });
        return channel;
    }
}
