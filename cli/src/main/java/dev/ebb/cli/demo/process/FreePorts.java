package dev.ebb.cli.demo.process;

import dev.ebb.cli.terminal.CommandFailure;
import dev.ebb.lifecycle.ExitCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

/// Hands out loopback ports that nobody listens on. They lie below the range from which systems
/// take the ports of outgoing connections, so that none of our own connections can take one in
/// between. Never the same twice. Safe for use by several threads.
public final class FreePorts {
    private static final int LOWEST = 18_000;
    private static final int HIGHEST = 31_999;
    private static final int ATTEMPTS = 1000;

    private final Random random = new Random();
    private final Set<Integer> given = new HashSet<>();

    public synchronized int next() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = random.nextInt(LOWEST, HIGHEST + 1);
            if (given.add(port) && isFree(port)) {
                return port;
            }
        }
        throw new CommandFailure(
                ExitCode.UNAVAILABLE,
                "no free port (expected: some between %d and %d)".formatted(LOWEST, HIGHEST));
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
