package dev.ebb.cli.demo.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.ebb.cli.terminal.CommandFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildrenTest {
    private static final Duration LONG = Duration.ofSeconds(10);

    @TempDir private Path directory;
    private Children children = new Children(Path.of("unused"));

    @BeforeEach
    void open() {
        children = new Children(directory);
    }

    @AfterEach
    void close() {
        children.close();
    }

    @Test
    void closeEndsAChildAndWhatItStarted() {
        Path pids = directory.resolve("pids");
        Child child = shell("sleep 600 & echo $! >> %1$s; sleep 600 & echo $! >> %1$s; wait", pids);
        await().until(() -> Files.exists(pids) && Files.readAllLines(pids).size() == 2);

        children.close();

        assertThat(child.hasEnded()).isTrue();
        await().until(() -> Files.readAllLines(pids).stream().noneMatch(ChildrenTest::runs));
    }

    @Test
    void closeEndsWhatAChildLeftBehindWhenItWasTerminated() throws Exception {
        Path pids = directory.resolve("pids");
        Child child = shell("sleep 600 & echo $! >> %1$s; exec sleep 600", pids);
        await().until(() -> Files.exists(pids) && Files.readAllLines(pids).size() == 1);
        child.terminate();
        child.awaitExit(LONG);

        children.close();

        await().until(() -> Files.readAllLines(pids).stream().noneMatch(ChildrenTest::runs));
    }

    @Test
    void aChildThatIgnoresTermIsEndedToo() {
        Path ready = directory.resolve("ready");
        Child child = shell("trap '' TERM; touch %s; while :; do sleep 1; done", ready);
        await().until(() -> Files.exists(ready));

        children.close();

        assertThat(child.hasEnded()).isTrue();
    }

    @Test
    void nothingIsStartedAfterClose() {
        children.close();

        assertThatExceptionOfType(CommandFailure.class)
                .isThrownBy(() -> children.start("late", List.of("true"), Map.of()))
                .withMessageContaining("late");
    }

    @Test
    void aProgramThatIsNotThereIsNamed() {
        assertThatExceptionOfType(CommandFailure.class)
                .isThrownBy(() -> children.start("ghost", List.of("/nowhere/program"), Map.of()))
                .withMessageContaining("ghost")
                .withMessageContaining("/nowhere/program");
    }

    @Test
    void exitCodeAndLastWordsAreKept() throws Exception {
        Child child = shell("echo first; echo last %s >&2; exit 7", Path.of("word"));

        OptionalInt exit = child.awaitExit(LONG);

        assertThat(exit).hasValue(7);
        assertThat(child.lastWords()).isEqualTo("first\nlast word");
    }

    private Child shell(String script, Path argument) {
        return children.start("child", List.of("sh", "-c", script.formatted(argument)), Map.of());
    }

    /// Whether a process runs; one that only waits for its parent to read its exit code does not.
    private static boolean runs(String pid) {
        try {
            String stat = Files.readString(Path.of("/proc", pid, "stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
        } catch (IOException e) {
            return false;
        }
    }
}
