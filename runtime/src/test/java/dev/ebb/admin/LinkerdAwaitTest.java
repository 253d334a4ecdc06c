package dev.ebb.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.lifecycle.Lifecycle;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The promise that linkerd-await works unchanged, with the real program: the file that
/// `EBB_LINKERD_AWAIT` names.
class LinkerdAwaitTest {

    private final Lifecycle lifecycle = new Lifecycle();
    private final AtomicInteger shutdowns = new AtomicInteger();

    @BeforeEach
    void linkerdAwaitIsAtHand() {
        String problem = problem(System.getenv("EBB_LINKERD_AWAIT"));
        if (problem != null) {
            System.err.println("NOT TESTED with the real linkerd-await: " + problem);
        }
        Assumptions.assumeTrue(problem == null, problem);
    }

    @Test
    void itWaitsAndEndsTheProxyWithTheCommandsCode() throws Exception {
        try (AdminServer admin = start()) {
            Process await = linkerdAwait(admin, "-b", "20ms", "-S", "--", "sh", "-c", "exit 7");
            assertThat(await.isAlive()).isTrue();

            lifecycle.started();

            assertThat(await.waitFor()).isEqualTo(7);
            assertThat(shutdowns).hasValue(1);
        }
    }

    @Test
    void itGivesUpOnAProxyThatIsNotReady() throws Exception {
        try (AdminServer admin = start()) {
            Process await = linkerdAwait(admin, "-b", "20ms", "-t", "200ms", "--", "true");

            assertThat(await.waitFor()).isEqualTo(69);
            assertThat(shutdowns).hasValue(0);
        }
    }

    private AdminServer start() throws Exception {
        return AdminServer.start(
                new InetSocketAddress(0),
                new Routes(lifecycle, new NoMetrics(), shutdowns::incrementAndGet, null, Map::of));
    }

    private static Process linkerdAwait(AdminServer admin, String... args) throws Exception {
        String[] command = new String[args.length + 3];
        command[0] = System.getenv("EBB_LINKERD_AWAIT");
        command[1] = "-p";
        command[2] = Integer.toString(admin.port());
        System.arraycopy(args, 0, command, 3, args.length);
        return new ProcessBuilder(command).inheritIO().start();
    }

    private static @Nullable String problem(@Nullable String program) {
        if (program == null) {
            return "EBB_LINKERD_AWAIT is not set (expected: the path of the program)";
        }
        return Files.isExecutable(Path.of(program)) ? null : program + " is not executable";
    }

    private static final class NoMetrics implements MetricsWriter {

        @Override
        public String contentType(@Nullable String accept) {
            return "text/plain";
        }

        @Override
        public void write(@Nullable String accept, OutputStream out) {
            // Has none.
        }
    }
}
