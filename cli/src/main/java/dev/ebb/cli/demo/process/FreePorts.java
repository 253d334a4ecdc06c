package dev.ebb.cli.demo.process;

import dev.ebb.cli.terminal.CommandFailure;
import dev.ebb.lifecycle.ExitCode;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Hands out loopback ports for TCP that nobody listens on. They lie below the range from which
/// systems take the ports of outgoing connections, so that none of our own connections can take one
/// in between. Never the same twice, not even to two processes: the UDP port of the same number,
/// which nobody else needs, is held meanwhile. Safe for use by several threads.
public final class FreePorts {
    static final int LOWEST = 18_000;
    static final int HIGHEST = 31_999;
    private static final int ATTEMPTS = 1000;

    private final Random random;
    private final List<DatagramSocket> held = new ArrayList<>();

    /// Hands out ports in no order.
    public FreePorts() {
        this(new Random());
    }

    FreePorts(Random random) {
        this.random = random;
    }

    public synchronized int next() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = random.nextInt(LOWEST, HIGHEST + 1);
            if (hold(port) && isFree(port)) {
                return port;
            }
        }
        throw new CommandFailure(
                ExitCode.UNAVAILABLE,
                "no free port (expected: some between %d and %d)".formatted(LOWEST, HIGHEST));
    }

    /// Until this object, or the process, is gone. By then whoever was given the port listens.
    private boolean hold(int port) {
        try {
            return held.add(
                    new DatagramSocket(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
        } catch (SocketException e) {
            return false;
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
