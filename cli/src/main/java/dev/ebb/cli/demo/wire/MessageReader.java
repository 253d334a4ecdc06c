package dev.ebb.cli.demo.wire;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads HTTP/1.1 messages from one connection (RFC 9112), strictly: a message counts only if it is
/// whole and says itself where it ends. A body that only the end of the connection would delimit is
/// refused, since nobody could tell it from a cut one. Not thread-safe.
public final class MessageReader {
    private static final int LINE_LIMIT = 16 * 1024;
    private static final int FIELD_LIMIT = 100;
    private static final int BODY_LIMIT = 4 * 1024 * 1024;

    private final InputStream in;
    private final Runnable onFirstByte;

    public MessageReader(InputStream in) {
        this(in, () -> {});
    }

    /// Reads from a stream, which the caller closes.
    ///
    /// @param onFirstByte called whenever the first byte of a message has arrived
    public MessageReader(InputStream in, Runnable onFirstByte) {
        this.in = in;
        this.onFirstByte = onFirstByte;
    }

    /// The next head; null if the peer closed the connection between two messages.
    public @Nullable Head head() throws IOException {
        int first = in.read();
        if (first < 0) {
            return null;
        }
        onFirstByte.run();
        String startLine = line(first);
        List<Head.Field> fields = new ArrayList<>();
        for (String line = line(in.read()); !line.isEmpty(); line = line(in.read())) {
            if (fields.size() == FIELD_LIMIT) {
                throw new MalformedMessageException("more than %d fields".formatted(FIELD_LIMIT));
            }
            fields.add(field(line));
        }
        return new Head(startLine, fields);
    }

    /// The body that belongs to this head.
    public byte[] body(Head head) throws IOException {
        if (head.has("transfer-encoding", "chunked")) {
            return chunks();
        }
        String length = head.first("content-length").orElse("0");
        return exactly(number(length, 10));
    }

    /// Whether the head says where its body ends.
    public static boolean isFramed(Head head) {
        return head.has("transfer-encoding", "chunked") || head.first("content-length").isPresent();
    }

    private byte[] chunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            String size = line(in.read());
            int extension = size.indexOf(';');
            int length = number(extension < 0 ? size : size.substring(0, extension), 16);
            if (length == 0) {
                while (!line(in.read()).isEmpty()) {
                    // Trailer fields carry nothing here.
                }
                return body.toByteArray();
            }
            if (body.size() + length > BODY_LIMIT) {
                throw new MalformedMessageException("body over %d bytes".formatted(BODY_LIMIT));
            }
            body.writeBytes(exactly(length));
            if (!line(in.read()).isEmpty()) {
                throw new MalformedMessageException("chunk without its end");
            }
        }
    }

    private byte[] exactly(int length) throws IOException {
        if (length > BODY_LIMIT) {
            throw new MalformedMessageException("body over %d bytes".formatted(BODY_LIMIT));
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new MalformedMessageException(
                    "cut after %d of %d bytes of body".formatted(bytes.length, length));
        }
        return bytes;
    }

    private String line(int first) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(80);
        for (int next = first; next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new MalformedMessageException("cut within a line");
            }
            if (line.size() == LINE_LIMIT) {
                throw new MalformedMessageException("line over %d bytes".formatted(LINE_LIMIT));
            }
            line.write(next);
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    private static Head.Field field(String line) throws MalformedMessageException {
        int colon = line.indexOf(':');
        if (colon < 1) {
            throw new MalformedMessageException("field \"%s\"".formatted(line));
        }
        return new Head.Field(line.substring(0, colon), line.substring(colon + 1).strip());
    }

    private static int number(String text, int radix) throws MalformedMessageException {
        try {
            int number = Integer.parseInt(text.strip(), radix);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below, like a negative one.
        }
        throw new MalformedMessageException("length \"%s\"".formatted(text));
    }
}
