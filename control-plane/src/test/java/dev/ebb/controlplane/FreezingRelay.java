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
import java.util.concurrent.atomic.AtomicInteger;

/// A TCP relay that can stop to pass anything on while every connection stays open: what a peer
/// looks like that is frozen by SIGSTOP; or that breaks them.
final class FreezingRelay implements AutoCloseable {
    private final ServerSocket listener;
    private final int target;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private volatile CountDownLatch thaw = new CountDownLatch(0);
    private volatile CountDownLatch thawOfEarlier = new CountDownLatch(0);
    private final AtomicInteger accepted = new AtomicInteger();
    private volatile int frozen;
    private volatile boolean cut;

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

    /// Connections that come later are passed on.
    void freezeThoseThatThereAre() {
        thawOfEarlier = new CountDownLatch(1);
        frozen = accepted.get();
    }

    /// Every connection breaks, and nobody gets through until [#restore].
    void cut() throws IOException {
        cut = true;
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    void restore() {
        cut = false;
    }

    void thaw() {
        thaw.countDown();
        thawOfEarlier.countDown();
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
                if (cut) {
                    near.close();
                    continue;
                }
                Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(near);
                sockets.add(far);
                int number = accepted.getAndIncrement();
                Thread.ofVirtual().start(() -> copy(number, near, far));
                Thread.ofVirtual().start(() -> copy(number, far, near));
            }
        } catch (IOException e) {
            // The listener was closed: the test is over.
        }
    }

    private void copy(int number, Socket from, Socket to) {
        byte[] buffer = new byte[16 * 1024];
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                thaw.await();
                if (number < frozen) {
                    thawOfEarlier.await();
                }
                out.write(buffer, 0, n);
            }
        } catch (IOException e) {
            // One side has gone; closing the streams tells the other.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
