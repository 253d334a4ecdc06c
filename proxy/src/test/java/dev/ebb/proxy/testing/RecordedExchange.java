package dev.ebb.proxy.testing;

import dev.ebb.proxy.stream.RequestHead;
import dev.ebb.proxy.stream.ResponseHead;
import dev.ebb.proxy.stream.ServerStream;
import dev.ebb.proxy.stream.StreamListener;
import dev.ebb.proxy.stream.StreamReset;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One request as a handler hears it, with the means to answer it.
public final class RecordedExchange implements StreamListener {

    private final RequestHead head;
    private final ServerStream stream;
    private final StringBuilder body = new StringBuilder();
    private final List<String> events = new ArrayList<>();
    private @Nullable HttpHeaders trailers;
    private @Nullable StreamReset reset;
    private int writables;
    private Runnable onEnd = () -> {};

    public RecordedExchange(RequestHead head, ServerStream stream) {
        this.head = head;
        this.stream = stream;
        events.add(head.method() + " " + head.target());
    }

    public RequestHead head() {
        return head;
    }

    public ServerStream stream() {
        return stream;
    }

    public String body() {
        return body.toString();
    }

    public boolean isEnded() {
        return trailers != null;
    }

    public HttpHeaders trailers() {
        return trailers == null ? EmptyHttpHeaders.INSTANCE : trailers;
    }

    public StreamReset.@Nullable Cause resetCause() {
        return reset == null ? null : reset.cause();
    }

    /// The status that the adapter has answered with; 0 if none.
    public int resetAnswer() {
        return reset == null ? 0 : reset.answered();
    }

    public int writables() {
        return writables;
    }

    /// What was heard, in order; pieces of the body joined.
    public List<String> events() {
        List<String> all = new ArrayList<>();
        for (String event : events) {
            if (event.startsWith("data ") && !all.isEmpty() && all.getLast().startsWith("data ")) {
                all.set(all.size() - 1, all.getLast() + event.substring(5));
            } else {
                all.add(event);
            }
        }
        return all;
    }

    /// Answers with a body whose length is told.
    public void answer(int status, String text) {
        HttpHeaders headers = new DefaultHttpHeaders().set("content-length", text.length());
        stream.head(new ResponseHead(HttpResponseStatus.valueOf(status), headers, text.length()));
        if (!text.isEmpty()) {
            stream.data(bytes(text));
        }
        stream.end(EmptyHttpHeaders.INSTANCE);
    }

    /// Does something once the request is complete.
    public void whenComplete(Runnable action) {
        onEnd = action;
    }

    /// Begins an answer whose length is not known.
    public void begin(int status) {
        stream.head(
                new ResponseHead(
                        HttpResponseStatus.valueOf(status),
                        new DefaultHttpHeaders(),
                        RequestHead.UNKNOWN_LENGTH));
    }

    public void data(String text) {
        stream.data(bytes(text));
    }

    public void end() {
        stream.end(EmptyHttpHeaders.INSTANCE);
    }

    public void cut() {
        stream.reset(new StreamReset(StreamReset.Cause.PEER_CLOSED, "test"));
    }

    @Override
    public void data(ByteBuf data) {
        String text = data.toString(StandardCharsets.ISO_8859_1);
        data.release();
        body.append(text);
        events.add("data " + text);
    }

    @Override
    public void end(HttpHeaders trailers) {
        this.trailers = trailers;
        events.add("end " + trailers.entries());
        onEnd.run();
    }

    @Override
    public void reset(StreamReset reset) {
        this.reset = reset;
        events.add("reset " + reset.cause());
    }

    @Override
    public void writable() {
        writables++;
    }

    private static ByteBuf bytes(String text) {
        return ByteBufUtil.encodeString(
                UnpooledByteBufAllocator.DEFAULT,
                CharBuffer.wrap(text),
                StandardCharsets.ISO_8859_1);
    }
}
