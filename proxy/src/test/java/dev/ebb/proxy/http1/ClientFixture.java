package dev.ebb.proxy.http1;

import dev.ebb.proxy.stream.ClientConnection;
import dev.ebb.proxy.stream.ClientStream;
import dev.ebb.proxy.stream.RequestHead;
import dev.ebb.proxy.testing.DuplexEmbeddedChannel;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.nio.charset.StandardCharsets;

/// One upstream connection with the adapter on it; the test is its pool and its server.
final class ClientFixture implements ClientConnection.Owner {

    final DuplexEmbeddedChannel channel = DuplexEmbeddedChannel.create();
    final ClientConnection connection =
            new Http1ClientPipeline(Http1Limits.DEFAULTS).addTo(channel.pipeline(), this);
    int available;
    int unavailable;

    @Override
    public void available(ClientConnection connection) {
        available++;
    }

    @Override
    public void unavailable(ClientConnection connection) {
        unavailable++;
    }

    /// Sends a request without a body.
    RecordedResponse get(String target) {
        return open(head(HttpMethod.GET, target, 0));
    }

    RecordedResponse open(RequestHead head) {
        RecordedResponse response = new RecordedResponse();
        ClientStream stream = connection.open(head, response);
        response.stream = stream;
        return response;
    }

    static RequestHead head(HttpMethod method, String target, long length) {
        HttpHeaders headers = new DefaultHttpHeaders().set("host", "web");
        return new RequestHead(method, target, "web", headers, length);
    }

    static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }

    void close() {
        channel.finishAndReleaseAll();
    }
}
