package dev.ebb.proxy.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A client on one plain socket that never sends anything twice: the judge of a loss.
public final class TestClient implements Closeable {

    private static final Duration LIMIT = Duration.ofSeconds(40);

    private final Socket socket;
    private final InputStream in;

    private TestClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    public static TestClient connect(InetSocketAddress address) throws IOException {
        Socket socket = new Socket(address.getAddress(), address.getPort());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(Math.toIntExact(LIMIT.toMillis()));
        return new TestClient(socket);
    }

    /// Sends a GET and reads the whole response.
    public Response get(String authority, String target) throws IOException {
        write("GET " + target + " HTTP/1.1\r\nHost: " + authority + "\r\n\r\n");
        return read();
    }

    /// Sends a POST with a small body and reads the whole response.
    public Response post(String authority, String target, String body) throws IOException {
        write(
                "POST "
                        + target
                        + " HTTP/1.1\r\nHost: "
                        + authority
                        + "\r\nContent-Length: "
                        + body.length()
                        + "\r\n\r\n"
                        + body);
        return read();
    }

    /// Writes raw bytes.
    public void write(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    /// As [#write], for threads.
    public void writeUnchecked(String text) {
        try {
            write(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Ends the half of the connection that this side sends on.
    public void finish() throws IOException {
        socket.shutdownOutput();
    }

    /// Reads up to the end of the next line, without it; null at the end of the connection.
    public @Nullable String readLine() throws IOException {
        return line();
    }

    /// Reads this many bytes, or fewer if the connection ends.
    public byte[] readBytes(int count) throws IOException {
        return in.readNBytes(count);
    }

    /// Reads one response.
    ///
    /// @throws EOFException if the peer closed before its end
    public Response read() throws IOException {
        String statusLine = line();
        if (statusLine == null) {
            throw new EOFException("closed without a response");
        }
        int status = Integer.parseInt(statusLine.substring(9, 12));
        StringBuilder fields = new StringBuilder();
        int length = 0;
        boolean chunked = false;
        for (String field = line(); field != null && !field.isEmpty(); field = line()) {
            String lower = field.toLowerCase(Locale.ROOT);
            fields.append(lower).append('\n');
            if (lower.startsWith("content-length:")) {
                length = Integer.parseInt(lower.substring(15).strip());
            }
            chunked |= lower.equals("transfer-encoding: chunked");
        }
        return new Response(status, fields.toString(), chunked ? chunks() : exactly(length));
    }

    /// Whether the peer has closed its half; blocks until it has, or sent something.
    public boolean isClosedByPeer() throws IOException {
        return in.read() < 0;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private String chunks() throws IOException {
        StringBuilder body = new StringBuilder();
        while (true) {
            String size = line();
            if (size == null) {
                throw new EOFException("closed in the middle of a body");
            }
            int length = Integer.parseInt(size, 16);
            body.append(exactly(length));
            if (line() == null) {
                throw new EOFException("closed in the middle of a body");
            }
            if (length == 0) {
                return body.toString();
            }
        }
    }

    private String exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("closed in the middle of a body");
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private @Nullable String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0; b = in.read()) {
            if (b == '\n') {
                return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
            }
            line.write(b);
        }
        return null;
    }

    /// A whole response.
    ///
    /// @param status the final status
    /// @param fields in lower case, one a line
    /// @param body decoded
    public record Response(int status, String fields, String body) {}
}
