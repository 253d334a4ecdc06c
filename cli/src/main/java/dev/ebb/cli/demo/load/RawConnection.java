package dev.ebb.cli.demo.load;

import dev.ebb.cli.demo.wire.Head;
import dev.ebb.cli.demo.wire.MessageReader;
import dev.ebb.cli.demo.wire.Payload;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;

/// One socket to one endpoint, used for one request at a time. Not thread-safe.
final class RawConnection implements AutoCloseable {
    private final SocketChannel channel;
    private final MessageReader reader;
    private boolean reusable = true;

    private RawConnection(SocketChannel channel) throws IOException {
        this.channel = channel;
        this.reader = new MessageReader(new BufferedInputStream(channel.socket().getInputStream()));
    }

    static RawConnection open(InetSocketAddress endpoint, Duration timeLimit) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.socket().setTcpNoDelay(true);
            channel.socket().setSoTimeout((int) timeLimit.toMillis());
            channel.socket().connect(endpoint, (int) timeLimit.toMillis());
            return new RawConnection(channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /// Whether another request may be sent: the last answer was whole and did not say otherwise,
    /// and the peer has neither closed nor said anything unasked (RFC 9112 §9.3).
    boolean isReusable() {
        if (!reusable) {
            return false;
        }
        try {
            channel.configureBlocking(false);
            int read = channel.read(ByteBuffer.allocate(1));
            channel.configureBlocking(true);
            return read == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /// Writes the request, once, and reads its answer.
    Outcome exchange(Request request, String authority) {
        reusable = false;
        try {
            channel.socket().getOutputStream().write(request.encode(authority));
            Head head = finalHead();
            String status = head.startLine();
            if (!MessageReader.isFramed(head)) {
                return new Outcome.Lost("answer without an end: " + status);
            }
            byte[] body = reader.body(head);
            reusable = !head.has("connection", "close");
            if (!status.startsWith("HTTP/1.1 2")) {
                return new Outcome.Lost(status + proxyError(head));
            }
            if (!head.first(Payload.ID).orElse("").equals(request.id())) {
                return new Outcome.Lost("the answer of another request");
            }
            if (!Arrays.equals(body, request.expectedAnswer())) {
                return new Outcome.Lost("wrong body");
            }
            return new Outcome.Answered(head.first(Payload.ORIGIN).orElse("-"));
        } catch (IOException e) {
            reusable = false;
            return new Outcome.Lost(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // It is closed either way.
        }
    }

    private Head finalHead() throws IOException {
        while (true) {
            Head head = reader.head();
            if (head == null) {
                throw new EOFException("closed without an answer");
            }
            if (!head.startLine().startsWith("HTTP/1.1 1")) {
                return head;
            }
        }
    }

    private static String proxyError(Head head) {
        return head.first("ebb-proxy-error").map(reason -> " (" + reason + ")").orElse("");
    }
}
