package dev.ebb.bench.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildrenTest {

    private static final Duration DEADLINE = Duration.ofSeconds(10);

    @TempDir private Path logs;

    @Test
    void closingEndsChildrenAndTheirOwnChildren() throws IOException {
        List<ProcessHandle> family;
        Child shell;

        try (Children children = new Children(logs)) {
            // The shell ignores TERM and waits for a child of its own.
            shell = children.start(shell("trap '' TERM; sleep 600 & wait; wait"));
            Awaitility.await().atMost(DEADLINE).until(() -> grandchildren().count() == 1);
            family = grandchildren().toList();
        }

        assertThat(shell.isAlive()).isFalse();
        Awaitility.await().atMost(DEADLINE).until(() -> !family.getFirst().isAlive());
    }

    @Test
    void nothingIsStartedAfterClosing() throws IOException {
        Children children = new Children(logs);

        children.close();

        assertThatThrownBy(() -> children.start(shell("exit 0")))
                .isInstanceOf(IOException.class)
                .hasMessage("shell: not started, the run is ending");
    }

    @Test
    void whatAChildPrintsIsKept() throws IOException, InterruptedException {
        try (Children children = new Children(logs)) {
            Child shell = children.start(shell("echo out; echo err >&2; exit 3"));

            int code = shell.awaitExit(DEADLINE);

            assertThat(code).isEqualTo(3);
            assertThat(shell.output()).isEqualTo("out\nerr\n");
        }
    }

    @Test
    void cpuAndMemoryOfARunningChildAreMeasured() throws IOException {
        try (Children children = new Children(logs)) {
            Child shell = children.start(shell("while :; do :; done"));

            Awaitility.await().atMost(DEADLINE).until(() -> shell.cpu().total().isPositive());

            assertThat(shell.residentBytes()).isPositive();
        }
    }

    private static Command shell(String script) {
        return Command.of("shell", List.of("sh", "-c", script));
    }

    private static Stream<ProcessHandle> grandchildren() {
        return ProcessHandle.current().children().flatMap(ProcessHandle::children);
    }
}
