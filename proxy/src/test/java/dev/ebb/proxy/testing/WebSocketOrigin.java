package dev.ebb.proxy.testing;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// An application that accepts one WebSocket, sends what it is told to, and collects what comes. It
/// checks neither keys nor frames.
public final class WebSocketOrigin implements Closeable {

    private final ServerSocket listener;
    private final CompletableFuture<Socket> accepted = new CompletableFuture<>();

    private WebSocketOrigin(ServerSocket listener) {
        this.listener = listener;
    }

    public static WebSocketOrigin start() throws IOException {
        WebSocketOrigin origin =
                new WebSocketOrigin(new ServerSocket(0, 64, InetAddress.getLoopbackAddress()));
        Thread.ofVirtual().name("websocket-origin").start(origin::accept);
        return origin;
    }

    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.getLocalPort());
    }

    /// Sends bytes once the WebSocket is open.
    public void send(byte[] bytes) throws Exception {
        accepted.get(10, TimeUnit.SECONDS).getOutputStream().write(bytes);
    }

    /// Blocks until the client's side has ended; all that it has sent.
    public byte[] received() throws Exception {
        return accepted.get(10, TimeUnit.SECONDS).getInputStream().readAllBytes();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        if (accepted.isDone()) {
            accepted.join().close();
        }
    }

    /// Whoever connects and says nothing looks whether the port is open.
    private void accept() {
        try {
            while (!accepted.isDone()) {
                upgrade(listener.accept());
            }
        } catch (IOException _) {
            // Closed with the test.
        }
    }

    private void upgrade(Socket socket) throws IOException {
        InputStream in = new BufferedInputStream(socket.getInputStream(), 1);
        StringBuilder head = new StringBuilder();
        for (int b = in.read(); b >= 0 && head.indexOf("\r\n\r\n") < 0; b = in.read()) {
            head.append((char) b);
            if (head.indexOf("\r\n\r\n") >= 0) {
                break;
            }
        }
        if (head.isEmpty()) {
            socket.close();
            return;
        }
        socket.getOutputStream()
                .write(
                        Wire.head(
                                        "HTTP/1.1 101 Switching Protocols",
                                        "Connection: Upgrade",
                                        "Upgrade: websocket")
                                .getBytes(StandardCharsets.US_ASCII));
        accepted.complete(socket);
    }
}
