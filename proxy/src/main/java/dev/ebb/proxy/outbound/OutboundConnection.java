package dev.ebb.proxy.outbound;

import dev.ebb.proxy.http.RequestRecord;
import dev.ebb.proxy.stream.RequestHandler;
import dev.ebb.proxy.stream.RequestHead;
import dev.ebb.proxy.stream.ServerStream;
import dev.ebb.proxy.stream.StreamListener;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/// One downstream connection of the local application; starts the way of each of its requests.
/// Lives on the connection's event loop.
final class OutboundConnection implements RequestHandler {

    private final OutboundLoop loop;
    private final @Nullable SocketAddress client;

    /// What all requests ask for, null if each says so itself.
    private final @Nullable Asked redirected;

    /// Connections mostly ask for the same thing again.
    private String lastAuthority = "";

    private Asked lastAsked = new Asked.Nothing("");

    /// @param client the downstream peer
    /// @param redirected where the connection wanted to go, null if it wanted to come here: then
    ///   each request's authority tells what it asks for
    OutboundConnection(
            OutboundLoop loop, @Nullable SocketAddress client, @Nullable Asked redirected) {
        this.loop = loop;
        this.client = client;
        this.redirected = redirected;
    }

    @Override
    public StreamListener request(RequestHead head, ServerStream stream) {
        RequestRecord record =
                new RequestRecord(loop.accessLog(), "outbound", client, head, loop.tick().now());
        OutboundRequest request = new OutboundRequest(loop, head, stream, record);
        request.start(redirected == null ? asked(head.authority()) : redirected);
        return request;
    }

    private Asked asked(String authority) {
        if (!authority.equals(lastAuthority)) {
            lastAsked = Asked.of(authority, loop.ownListeners());
            lastAuthority = authority;
        }
        return lastAsked;
    }
}
