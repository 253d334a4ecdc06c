package dev.ebb.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SignalsTest {

    /// With a real signal to this process; HUP, which the JVM would die of.
    @Test
    void eachSignalIsToldWithItsNumber() throws Exception {
        BlockingQueue<String> received = new LinkedBlockingQueue<>();
        Signals.handle(List.of("HUP"), (name, count) -> received.add(name + " " + count));

        kill("HUP");
        String first = received.poll(30, TimeUnit.SECONDS);
        kill("HUP");
        String second = received.poll(30, TimeUnit.SECONDS);

        assertThat(first).isEqualTo("HUP 1");
        assertThat(second).isEqualTo("HUP 2");
    }

    private static void kill(String signal) throws Exception {
        long pid = ProcessHandle.current().pid();
        int exit =
                new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
                        .inheritIO()
                        .start()
                        .waitFor();
        assertThat(exit).isZero();
    }
}
