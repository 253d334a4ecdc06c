package dev.ebb.proxy.testing;

import dev.ebb.proxy.stream.ResponseHead;
import dev.ebb.proxy.stream.ServerStream;
import dev.ebb.proxy.stream.StreamReset;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A downstream leg without a socket: remembers what was written to it.
public final class FakeServerStream implements ServerStream {

    private final List<String> events = new ArrayList<>();
    private HttpHeaders headers = new DefaultHttpHeaders();
    private boolean paused;
    private boolean retired;
    private boolean meshed;

    /// What [#isWritable] says.
    public boolean writable = true;

    /// `informational 100`, `head 200`, `data …`, `end`, `reset CAUSE`, in order.
    public List<String> events() {
        return events;
    }

    /// The fields of the last head.
    public HttpHeaders headers() {
        return headers;
    }

    public boolean isPaused() {
        return paused;
    }

    public boolean isRetired() {
        return retired;
    }

    public boolean isMeshed() {
        return meshed;
    }

    @Override
    public void informational(ResponseHead head) {
        headers = head.headers();
        events.add("informational " + head.status().code());
    }

    @Override
    public void head(ResponseHead head) {
        headers = head.headers();
        events.add("head " + head.status().code());
    }

    @Override
    public void peerIsMeshed() {
        meshed = true;
    }

    @Override
    public void retireConnection() {
        retired = true;
    }

    @Override
    public void data(ByteBuf data) {
        events.add("data " + data.toString(StandardCharsets.ISO_8859_1));
        data.release();
    }

    @Override
    public void end(HttpHeaders trailers) {
        events.add("end");
    }

    @Override
    public void reset(StreamReset reset) {
        events.add("reset " + reset.cause());
    }

    @Override
    public boolean isWritable() {
        return writable;
    }

    @Override
    public void pauseReading() {
        paused = true;
    }

    @Override
    public void resumeReading() {
        paused = false;
    }
}
