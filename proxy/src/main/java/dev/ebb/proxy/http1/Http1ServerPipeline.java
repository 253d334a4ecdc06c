package dev.ebb.proxy.http1;

import dev.ebb.proxy.drain.LoopDrain;
import dev.ebb.proxy.stream.Budget;
import dev.ebb.proxy.stream.LoopTick;
import dev.ebb.proxy.stream.RefusedRequest;
import dev.ebb.proxy.stream.RequestHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpDecoderConfig;
import java.util.function.Consumer;

/// Puts HTTP/1 onto downstream connections of one event loop.
public final class Http1ServerPipeline {

    private final Shared shared;

    /// @param tick the event loop's clock
    /// @param drain the event loop's share in the drain
    /// @param heads what requests' heads may hold of the heap, in bytes
    /// @param refused hears of each refusal of the adapter's own making
    public Http1ServerPipeline(
            Http1Limits limits,
            LoopTick tick,
            LoopDrain drain,
            long heads,
            Consumer<RefusedRequest> refused) {
        shared =
                new Shared(limits, limits.decoderConfig(), tick, drain, new Budget(heads), refused);
    }

    /// Adds the handlers of one connection behind those that are there.
    public void addTo(ChannelPipeline pipeline, RequestHandler handler) {
        Http1ServerConnection connection = new Http1ServerConnection(shared, handler);
        // Bytes in become requests, one at a time.
        pipeline.addLast("http1-decoder", connection.decoder());
        // Responses out become bytes.
        pipeline.addLast("http1-encoder", connection.encoder());
        // Requests meet the stream interface.
        pipeline.addLast("http1", connection);
    }

    /// What the connections of one event loop have in common.
    record Shared(
            Http1Limits limits,
            HttpDecoderConfig decoderConfig,
            LoopTick tick,
            LoopDrain drain,
            Budget heads,
            Consumer<RefusedRequest> refused) {}
}
