package dev.ebb.proxy.upstream;

import dev.ebb.proxy.stream.ResponseHead;
import dev.ebb.proxy.stream.ResponseListener;
import dev.ebb.proxy.stream.StreamReset;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;

/// Takes a response without looking at it.
final class Ignoring implements ResponseListener {

    @Override
    public void informational(ResponseHead head) {}

    @Override
    public void head(ResponseHead head) {}

    @Override
    public void data(ByteBuf data) {
        data.release();
    }

    @Override
    public void end(HttpHeaders trailers) {}

    @Override
    public void reset(StreamReset reset) {}

    @Override
    public void writable() {}
}
