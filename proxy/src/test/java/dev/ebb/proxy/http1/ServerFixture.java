package dev.ebb.proxy.http1;

import dev.ebb.drain.DrainSignal;
import dev.ebb.proxy.drain.LoopDrain;
import dev.ebb.proxy.stream.LoopTick;
import dev.ebb.proxy.stream.RefusedRequest;
import dev.ebb.proxy.testing.DuplexEmbeddedChannel;
import dev.ebb.proxy.testing.RecordedExchange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// One downstream connection with the adapter on it; the test is its client and its handler.
final class ServerFixture {

    /// What heads may hold.
    static final long HEADS = 1 << 20;

    final DuplexEmbeddedChannel channel = DuplexEmbeddedChannel.create();
    final DrainSignal drain = new DrainSignal(channel.eventLoop());
    final LoopDrain loopDrain = new LoopDrain(channel.eventLoop(), drain.watch());
    final List<RecordedExchange> exchanges = new ArrayList<>();
    final List<String> rejected = new ArrayList<>();
    final List<RefusedRequest> refused = new ArrayList<>();
    Consumer<RecordedExchange> onRequest = _ -> {};

    ServerFixture() {
        this(Http1Limits.DEFAULTS);
    }

    ServerFixture(Http1Limits limits) {
        LoopTick tick = new LoopTick(channel.eventLoop(), Duration.ofMillis(50));
        new Http1ServerPipeline(limits, tick, loopDrain, HEADS, this::refused)
                .addTo(
                        channel.pipeline(),
                        (head, stream) -> {
                            RecordedExchange exchange = new RecordedExchange(head, stream);
                            exchanges.add(exchange);
                            onRequest.accept(exchange);
                            return exchange;
                        });
    }

    private void refused(RefusedRequest request) {
        rejected.add(request.reason());
        refused.add(request);
    }

    /// Answers every request as soon as it is complete.
    ServerFixture echoing() {
        onRequest =
                exchange ->
                        exchange.whenComplete(() -> exchange.answer(200, exchange.head().target()));
        return this;
    }

    RecordedExchange exchange(int index) {
        return exchanges.get(index);
    }

    RecordedExchange only() {
        if (exchanges.size() != 1) {
            throw new AssertionError("exchanges: " + exchanges.size() + " (expected: 1)");
        }
        return exchanges.getFirst();
    }

    void beginDrain() {
        var _ = drain.begin(Duration.ofMinutes(1));
        channel.turn();
        channel.pass(10);
    }

    /// How many connections may bring a request of an Ebb client.
    int expectant() {
        var count = loopDrain.expectant().toCompletableFuture();
        channel.turn();
        channel.pass(20);
        return count.join();
    }

    boolean isDrained() {
        return drain.held() == 0;
    }

    /// The test is over: whatever is left is closed.
    void close() {
        channel.finishAndReleaseAll();
    }
}
