package dev.ebb.cli.demo.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FreePortsTest {
    private static final int SEED = 1;
    private static final int PORTS = 50;

    /// Two processes that choose the same: both would find a port free that neither has taken yet.
    @Test
    void portThatSomebodyElseWasGivenIsNotGivenAgain() {
        FreePorts ours = new FreePorts(new Random(SEED));
        FreePorts theirs = new FreePorts(new Random(SEED));

        List<Integer> given =
                Stream.of(ours, theirs)
                        .flatMap(ports -> Stream.generate(ports::next).limit(PORTS))
                        .toList();

        assertThat(given).hasSize(2 * PORTS).doesNotHaveDuplicates();
    }

    @Test
    void portThatSomebodyListensOnIsNotGiven() throws Exception {
        int first = new Random(SEED + 1).nextInt(FreePorts.LOWEST, FreePorts.HIGHEST + 1);

        try (ServerSocket _ = new ServerSocket(first, 1, InetAddress.getLoopbackAddress())) {
            assertThat(new FreePorts(new Random(SEED + 1)).next()).isNotEqualTo(first);
        }
    }
}
