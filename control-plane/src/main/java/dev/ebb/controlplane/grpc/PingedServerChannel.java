package dev.ebb.controlplane.grpc;

import io.netty.channel.Channel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.util.List;

/// A listening socket that gives every connection a [PingHandler], where gRPC's builder has no
/// place for a handler of ours.
final class PingedServerChannel extends NioServerSocketChannel {

    @Override
    protected int doReadMessages(List<Object> accepted) throws Exception {
        int before = accepted.size();
        int result = super.doReadMessages(accepted);
        for (Object each : accepted.subList(before, accepted.size())) {
            ((Channel) each).pipeline().addFirst("ping", new PingHandler());
        }
        return result;
    }
}
