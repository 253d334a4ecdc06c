package dev.ebb.proxy.http1;

import dev.ebb.proxy.stream.ClientStream;
import dev.ebb.proxy.stream.ResponseHead;
import dev.ebb.proxy.stream.ResponseListener;
import dev.ebb.proxy.stream.StreamReset;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a listener hears of one response, in order.
final class RecordedResponse implements ResponseListener {

    final List<String> events = new ArrayList<>();
    final StringBuilder body = new StringBuilder();
    @Nullable ClientStream stream;
    @Nullable ResponseHead head;
    StreamReset.@Nullable Cause resetCause;
    int writables;

    ClientStream stream() {
        if (stream == null) {
            throw new AssertionError("stream: none (expected: opened)");
        }
        return stream;
    }

    ResponseHead head() {
        if (head == null) {
            throw new AssertionError("head: none (expected: heard) in " + events);
        }
        return head;
    }

    @Override
    public void informational(ResponseHead head) {
        events.add(String.valueOf(head.status().code()));
    }

    @Override
    public void head(ResponseHead head) {
        this.head = head;
        events.add(String.valueOf(head.status().code()));
    }

    @Override
    public void data(ByteBuf data) {
        String text = data.toString(StandardCharsets.ISO_8859_1);
        data.release();
        body.append(text);
        if (!events.isEmpty() && events.getLast().startsWith("data ")) {
            events.set(events.size() - 1, events.getLast() + text);
        } else {
            events.add("data " + text);
        }
    }

    @Override
    public void end(HttpHeaders trailers) {
        events.add("end " + trailers.entries());
    }

    @Override
    public void reset(StreamReset reset) {
        resetCause = reset.cause();
        events.add("reset " + reset.cause());
    }

    @Override
    public void writable() {
        writables++;
    }
}
