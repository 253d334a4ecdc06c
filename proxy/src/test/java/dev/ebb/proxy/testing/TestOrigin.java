package dev.ebb.proxy.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// An application behind a proxy: HTTP/1.1 on plain sockets, one virtual thread a connection. It
/// records the id of each request (the target's last part) before it answers, and answers only
/// while its gate is open.
public final class TestOrigin implements Closeable {

    private final String name;
    private final ServerSocket listener;
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final Gate gate = new Gate();

    private TestOrigin(String name, ServerSocket listener) {
        this.name = name;
        this.listener = listener;
    }

    public static TestOrigin start(String name) throws IOException {
        return startAt(name, 0);
    }

    /// A port that is free now.
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    public static TestOrigin startAt(String name, int port) throws IOException {
        TestOrigin origin =
                new TestOrigin(
                        name, new ServerSocket(port, 1_024, InetAddress.getLoopbackAddress()));
        Thread.ofVirtual().name("origin-" + name).start(origin::accept);
        return origin;
    }

    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.getLocalPort());
    }

    /// Ids of all requests, in the order in which they came.
    public List<String> seen() {
        return List.copyOf(seen);
    }

    /// From now on requests are recorded but not answered until [#open].
    public void shut() {
        gate.shut();
    }

    public void open() {
        gate.open();
    }

    /// Blocks until this many requests have been recorded.
    public void awaitSeen(int count) {
        Until.holds(() -> name + " has seen " + count + " requests", () -> seen.size() >= count);
    }

    /// Stops as an application does at TERM: no new connection, the open ones are cut.
    @Override
    public void close() {
        closeQuietly(listener);
        connections.forEach(TestOrigin::closeQuietly);
        // Last: what waits at the gate must not be answered any more.
        open();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                connections.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException _) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            while (answer(in, out)) {
                out.flush();
            }
        } catch (IOException | UncheckedIOException _) {
            // The peer has gone, or the test has closed us.
        } finally {
            connections.remove(socket);
        }
    }

    private boolean answer(InputStream in, OutputStream out) throws IOException {
        String requestLine = line(in);
        if (requestLine == null) {
            return false;
        }
        long length = 0;
        boolean close = false;
        for (String field = line(in); field != null && !field.isEmpty(); field = line(in)) {
            String lower = field.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Long.parseLong(lower.substring(15).strip());
            }
            close |= lower.equals("connection: close");
        }
        in.skipNBytes(length);
        String target = requestLine.split(" ", -1)[1];
        seen.add(target.substring(target.lastIndexOf('/') + 1));
        gate.pass();
        String body = name + "\n";
        out.write(
                ("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                        .getBytes(StandardCharsets.US_ASCII));
        return !close;
    }

    private static @Nullable String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0; b = in.read()) {
            if (b == '\n') {
                return line.toString(StandardCharsets.US_ASCII).stripTrailing();
            }
            line.write(b);
        }
        return null;
    }

    private static void closeQuietly(Closeable closeable) {
        try {
            closeable.close();
        } catch (IOException _) {
            // It was closed already.
        }
    }

    /// Lets everything pass while it is open.
    private static final class Gate {
        private boolean shut;

        synchronized void shut() {
            shut = true;
        }

        synchronized void open() {
            shut = false;
            notifyAll();
        }

        synchronized void pass() throws IOException {
            while (shut) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
        }
    }
}
