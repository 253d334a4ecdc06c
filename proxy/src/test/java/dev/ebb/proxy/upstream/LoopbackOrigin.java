package dev.ebb.proxy.upstream;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// An HTTP/1.1 server on a real socket that answers each request with 204 and keeps its connections
/// open; it counts what it sees.
final class LoopbackOrigin implements AutoCloseable {

    final AtomicInteger accepted = new AtomicInteger();
    final AtomicInteger answered = new AtomicInteger();

    /// Connections that the client closed first.
    final AtomicInteger closedByClient = new AtomicInteger();

    private final ServerSocket listener;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    LoopbackOrigin() throws IOException {
        listener = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    InetSocketAddress address() {
        return new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort());
    }

    /// Closes every connection, though not the listener.
    void closeConnections() {
        sockets.forEach(LoopbackOrigin::closeQuietly);
    }

    @Override
    public void close() throws IOException {
        listener.close();
        closeConnections();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                accepted.incrementAndGet();
                sockets.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException e) {
            // Closed with the test.
        }
    }

    private void serve(Socket socket) {
        try (BufferedReader in =
                new BufferedReader(
                        new InputStreamReader(
                                socket.getInputStream(), StandardCharsets.US_ASCII))) {
            String line = in.readLine();
            while (line != null) {
                if (line.isEmpty()) {
                    answered.incrementAndGet();
                    socket.getOutputStream()
                            .write(
                                    "HTTP/1.1 204 No Content\r\n\r\n"
                                            .getBytes(StandardCharsets.US_ASCII));
                }
                line = in.readLine();
            }
            closedByClient.incrementAndGet();
        } catch (IOException e) {
            // Closed from this side.
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
