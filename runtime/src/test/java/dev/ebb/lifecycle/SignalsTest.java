package dev.ebb.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SignalsTest {

    /// With a real signal to this process; USR1, which the JVM would die of, and which nothing that
    /// starts a build ignores on its behalf, as `nohup` does HUP.
    @Test
    void eachSignalIsToldWithItsNumber() throws Exception {
        BlockingQueue<String> received = new LinkedBlockingQueue<>();
        Signals.handle(List.of("USR1"), (name, count) -> received.add(name + " " + count));

        kill("USR1");
        String first = received.poll(30, TimeUnit.SECONDS);
        kill("USR1");
        String second = received.poll(30, TimeUnit.SECONDS);

        assertThat(first).isEqualTo("USR1 1");
        assertThat(second).isEqualTo("USR1 2");
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
