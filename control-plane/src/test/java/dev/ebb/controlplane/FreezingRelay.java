package dev.ebb.controlplane;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/// A TCP relay that can stop to pass anything on while every connection stays open: what a peer
/// looks like that is frozen by SIGSTOP.
final class FreezingRelay implements AutoCloseable {
    private final ServerSocket listener;
    private final int target;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private volatile CountDownLatch thaw = new CountDownLatch(0);

    /// @param target the loopback port that it passes on to
    FreezingRelay(int target) throws IOException {
        this.target = target;
        this.listener = new ServerSocket();
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    void freeze() {
        thaw = new CountDownLatch(1);
    }

    void thaw() {
        thaw.countDown();
    }

    @Override
    public void close() throws IOException {
        thaw();
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket near = listener.accept();
                Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(near);
                sockets.add(far);
                Thread.ofVirtual().start(() -> copy(near, far));
                Thread.ofVirtual().start(() -> copy(far, near));
            }
        } catch (IOException e) {
            // The listener was closed: the test is over.
        }
    }

    private void copy(Socket from, Socket to) {
        byte[] buffer = new byte[16 * 1024];
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                thaw.await();
                out.write(buffer, 0, n);
            }
        } catch (IOException e) {
            // One side has gone; closing the streams tells the other.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
