package dev.ebb.proxy.testing;

import dev.ebb.proxy.stream.ClientStream;
import dev.ebb.proxy.stream.RequestHead;
import dev.ebb.proxy.stream.ResponseHead;
import dev.ebb.proxy.stream.ResponseListener;
import dev.ebb.proxy.stream.StreamReset;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// One request as an upstream peer sees it, with the means to answer it.
public final class FakeExchange implements ClientStream {

    private final FakeConnection connection;
    private final RequestHead head;
    private final HttpHeaders headers;
    private final ResponseListener listener;
    private final StreamReset.@Nullable Cause resetOnData;
    private final StringBuilder body = new StringBuilder();
    private boolean ended;
    private boolean paused;
    private StreamReset.@Nullable Cause reset;

    /// What [#isWritable] says.
    public boolean writable = true;

    FakeExchange(
            FakeConnection connection,
            RequestHead head,
            ResponseListener listener,
            StreamReset.@Nullable Cause resetOnData) {
        this.connection = connection;
        this.head = head;
        this.headers = new DefaultHttpHeaders().setAll(head.headers());
        this.listener = listener;
        this.resetOnData = resetOnData;
    }

    public int port() {
        return connection.port();
    }

    public RequestHead head() {
        return head;
    }

    /// The fields as they were when the head was sent.
    public HttpHeaders headers() {
        return headers;
    }

    public String body() {
        return body.toString();
    }

    public boolean isEnded() {
        return ended;
    }

    public boolean isPaused() {
        return paused;
    }

    public StreamReset.@Nullable Cause resetCause() {
        return reset;
    }

    /// The peer answers with a head and names and values of fields.
    public void head(int status, String... fields) {
        HttpHeaders response = new DefaultHttpHeaders();
        for (int i = 0; i < fields.length; i += 2) {
            response.add(fields[i], fields[i + 1]);
        }
        listener.head(
                new ResponseHead(
                        HttpResponseStatus.valueOf(status), response, RequestHead.UNKNOWN_LENGTH));
    }

    public void informational(int status) {
        listener.informational(
                new ResponseHead(HttpResponseStatus.valueOf(status), new DefaultHttpHeaders(), 0));
    }

    public void respondData(String text) {
        listener.data(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
    }

    /// The response is complete; the connection can be used again if the request is too.
    public void respondEnd() {
        listener.end(EmptyHttpHeaders.INSTANCE);
        connection.exchangeEnded(ended && reset == null);
    }

    /// The whole response.
    public void respond(int status, String text, String... fields) {
        head(status, fields);
        respondData(text);
        respondEnd();
    }

    /// The connection breaks off.
    public void breakOff(StreamReset.Cause cause) {
        connection.exchangeEnded(false);
        listener.reset(new StreamReset(cause, "test"));
    }

    public void becomeWritable() {
        writable = true;
        listener.writable();
    }

    @Override
    public void data(ByteBuf data) {
        body.append(data.toString(StandardCharsets.ISO_8859_1));
        data.release();
        if (resetOnData != null && reset == null) {
            reset = resetOnData;
            breakOff(resetOnData);
        }
    }

    @Override
    public void end(HttpHeaders trailers) {
        ended = true;
    }

    @Override
    public void reset(StreamReset reset) {
        if (this.reset == null) {
            this.reset = reset.cause();
            connection.exchangeEnded(false);
        }
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
