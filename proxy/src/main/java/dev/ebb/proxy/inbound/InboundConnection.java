package dev.ebb.proxy.inbound;

import dev.ebb.proxy.http.RequestRecord;
import dev.ebb.proxy.stream.RequestHandler;
import dev.ebb.proxy.stream.RequestHead;
import dev.ebb.proxy.stream.ServerStream;
import dev.ebb.proxy.stream.StreamListener;
import dev.ebb.proxy.upstream.EndpointPool;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/// One downstream connection from the mesh; starts the way of each of its requests. Lives on the
/// connection's event loop.
final class InboundConnection implements RequestHandler {

    private final InboundLoop loop;
    private final EndpointPool application;
    private final @Nullable SocketAddress client;

    InboundConnection(InboundLoop loop, EndpointPool application, @Nullable SocketAddress client) {
        this.loop = loop;
        this.application = application;
        this.client = client;
    }

    @Override
    public StreamListener request(RequestHead head, ServerStream stream) {
        RequestRecord record =
                new RequestRecord(loop.accessLog(), "inbound", client, head, loop.tick().now());
        InboundRequest request = new InboundRequest(loop, head, stream, record);
        request.start(application);
        return request;
    }
}
