package dev.ebb.proxy.upstream;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// A real listener that nobody accepts from: its queue is full, and the kernel drops what comes.
final class FullListener implements AutoCloseable {

    private static final int TOO_LONG_MILLIS = 200;

    private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();

    FullListener() throws IOException {
        while (isConnected(address())) {
            // One more is in the queue.
        }
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    /// Accepts all that is there and that comes, until the end.
    void accept() {
        Thread.startVirtualThread(() -> {
            try {
                while (true) {
                    sockets.add(listener.accept());
                }
            } catch (IOException e) {
                // Closed with the test.
            }
        });
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private boolean isConnected(InetSocketAddress address) throws IOException {
        Socket socket = new Socket();
        sockets.add(socket);
        try {
            socket.connect(address, TOO_LONG_MILLIS);
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }
}
