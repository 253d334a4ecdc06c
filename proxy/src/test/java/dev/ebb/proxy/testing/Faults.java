package dev.ebb.proxy.testing;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// A wire between two parties on loopback that fails when it is told to: whoever would connect to
/// the target connects here instead. Thread-safe.
public final class Faults implements Closeable {

    private static final int PIECE = 8 << 10;

    private final ServerSocket listener;
    private final Set<Wire> wires = ConcurrentHashMap.newKeySet();

    /// Guarded by this.
    private @Nullable InetSocketAddress target;

    /// Guarded by this; waited for.
    private boolean silent;

    /// Guarded by this: how many bytes still come from the target before it seems to have finished;
    /// negative for no limit.
    private long untilFinish = -1;

    private Faults(ServerSocket listener) {
        this.listener = listener;
    }

    /// A sound wire.
    public static Faults before(InetSocketAddress target) throws IOException {
        Faults faults = withoutTarget();
        faults.leadTo(target);
        return faults;
    }

    /// A wire whose other end is not known yet: what connects waits for it.
    public static Faults withoutTarget() throws IOException {
        ServerSocket listener = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
        Faults faults = new Faults(listener);
        Thread.ofVirtual().name("faults").start(faults::accept);
        return faults;
    }

    /// Where to connect to.
    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.getLocalPort());
    }

    public synchronized void leadTo(InetSocketAddress newTarget) {
        target = newTarget;
        notifyAll();
    }

    /// Resets (RST) every connection, towards both parties. Later ones are sound.
    public void reset() {
        wires.forEach(Wire::reset);
    }

    /// From now on nothing passes, in no direction and on no connection, and nobody is told: a
    /// party that sends on fills its buffers and waits, as before a reader that has stopped.
    public synchronized void blackHole() {
        silent = true;
    }

    /// Takes [#blackHole] back; nothing was lost.
    public synchronized void heal() {
        silent = false;
        notifyAll();
    }

    /// After so many bytes more from the target the connection that carries them ends with a FIN
    /// towards whoever connected, as if the target had closed its half.
    public synchronized void finishAfter(long bytes) {
        untilFinish = bytes;
    }

    /// How many connections there are.
    public int open() {
        return wires.size();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        heal();
        wires.forEach(Wire::close);
    }

    private void accept() {
        try {
            while (true) {
                Socket near = listener.accept();
                Thread.ofVirtual().start(() -> connect(near));
            }
        } catch (IOException _) {
            // Closed with the test.
        }
    }

    private void connect(Socket near) {
        try {
            Socket far = new Socket();
            far.connect(awaitTarget());
            Wire wire = new Wire(near, far);
            wires.add(wire);
            Thread.ofVirtual().start(() -> wire.carry(near, far, Direction.TO_TARGET));
            wire.carry(far, near, Direction.FROM_TARGET);
        } catch (IOException | InterruptedException _) {
            closeQuietly(near);
        }
    }

    private synchronized InetSocketAddress awaitTarget() throws InterruptedException {
        while (target == null) {
            wait();
        }
        return target;
    }

    private synchronized void awaitSound() throws InterruptedException {
        while (silent) {
            wait();
        }
    }

    /// How many of these bytes may still pass.
    private synchronized int allowed(Direction direction, int count) {
        if (direction == Direction.TO_TARGET || untilFinish < 0) {
            return count;
        }
        int allowed = (int) Math.min(untilFinish, count);
        untilFinish -= allowed;
        return allowed;
    }

    private static void closeQuietly(Closeable closeable) {
        try {
            closeable.close();
        } catch (IOException _) {
            // It was closed already.
        }
    }

    private enum Direction {
        TO_TARGET,
        FROM_TARGET
    }

    /// One connection and its other half.
    private final class Wire {

        private final Socket near;
        private final Socket far;
        private int ended;

        Wire(Socket near, Socket far) {
            this.near = near;
            this.far = far;
        }

        void carry(Socket from, Socket to, Direction direction) {
            byte[] piece = new byte[PIECE];
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
                    awaitSound();
                    int allowed = allowed(direction, count);
                    out.write(piece, 0, allowed);
                    if (allowed < count) {
                        break;
                    }
                }
                awaitSound();
                to.shutdownOutput();
                halfEnded();
            } catch (IOException | InterruptedException _) {
                reset();
            }
        }

        void reset() {
            for (Socket each : new Socket[] {near, far}) {
                try {
                    each.setOption(StandardSocketOptions.SO_LINGER, 0);
                } catch (IOException _) {
                    // It was closed already.
                }
            }
            close();
        }

        void close() {
            wires.remove(this);
            closeQuietly(near);
            closeQuietly(far);
        }

        private synchronized void halfEnded() {
            ended++;
            if (ended == 2) {
                close();
            }
        }
    }
}
