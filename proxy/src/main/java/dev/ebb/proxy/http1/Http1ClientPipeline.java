package dev.ebb.proxy.http1;

import dev.ebb.proxy.stream.ClientConnection;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpDecoderConfig;

/// Puts HTTP/1 onto upstream connections.
public final class Http1ClientPipeline {

    private final HttpDecoderConfig config;

    public Http1ClientPipeline(Http1Limits limits) {
        config = limits.decoderConfig();
    }

    /// Adds the handlers of one connection behind those that are there. The connection is connected
    /// and has read nothing yet.
    public ClientConnection addTo(ChannelPipeline pipeline, ClientConnection.Owner owner) {
        Http1ClientConnection connection = new Http1ClientConnection(config, owner);
        // Bytes in become responses.
        pipeline.addLast("http1-decoder", connection.decoder());
        // Requests out become bytes.
        pipeline.addLast("http1-encoder", connection.encoder());
        // Responses meet the stream interface.
        pipeline.addLast("http1", connection);
        return connection;
    }
}
