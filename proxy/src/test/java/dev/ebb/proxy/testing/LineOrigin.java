package dev.ebb.proxy.testing;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// An application with a protocol of its own: it speaks first, answers each line with its name and
/// the line, and once the client has ended its half says `bye` and ends the other one.
public final class LineOrigin implements Closeable {

    private final String name;
    private final ServerSocket listener;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

    private LineOrigin(String name, ServerSocket listener) {
        this.name = name;
        this.listener = listener;
    }

    public static LineOrigin start(String name) throws IOException {
        LineOrigin origin =
                new LineOrigin(name, new ServerSocket(0, 64, InetAddress.getLoopbackAddress()));
        Thread.ofVirtual().name("lines-" + name).start(origin::accept);
        return origin;
    }

    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.getLocalPort());
    }

    /// No new connection; the open ones go on.
    public void stopAccepting() throws IOException {
        listener.close();
    }

    /// Resets the open connections, as a process that ends in the middle does.
    public void reset() throws IOException {
        for (Socket each : connections) {
            each.setSoLinger(true, 0);
            each.close();
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket each : connections) {
            each.close();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                connections.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException _) {
            // Closed with the test.
        }
    }

    private void serve(Socket socket) {
        try (socket;
                BufferedReader in =
                        new BufferedReader(
                                new InputStreamReader(
                                        socket.getInputStream(), StandardCharsets.US_ASCII))) {
            say(socket, "hello from " + name);
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                say(socket, name + ": " + line);
            }
            say(socket, "bye");
        } catch (IOException _) {
            // The peer has gone, or the test has closed us.
        } finally {
            connections.remove(socket);
        }
    }

    private static void say(Socket socket, String line) throws IOException {
        socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.US_ASCII));
    }
}
