package dev.ebb.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.proxy.testing.AdminClient;
import dev.ebb.proxy.testing.TestOrigin;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The promise that linkerd-await works unchanged beside our proxy, with the real programs: ours,
/// and the file that `EBB_LINKERD_AWAIT` names.
class LinkerdAwaitIT {

    @BeforeEach
    void linkerdAwaitIsAtHand() {
        String problem = problem(System.getenv("EBB_LINKERD_AWAIT"));
        if (problem != null) {
            System.err.println("NOT TESTED with the real linkerd-await: " + problem);
        }
        Assumptions.assumeTrue(problem == null, problem);
    }

    @Test
    void itWaitsForTheProxyAndEndsItAndExitsWithTheCodeOfItsCommand() throws Exception {
        int admin = TestOrigin.freePort();
        Process await = linkerdAwait(admin, "-b", "20ms", "-S", "--", "sh", "-c", "exit 7");
        try (ProxyProcess proxy =
                ProxyProcess.start(Map.of("ADMIN_LISTEN", "127.0.0.1:" + admin))) {
            boolean waited = await.isAlive();

            assertThat(await.waitFor(40, TimeUnit.SECONDS)).isTrue();
            assertThat(await.exitValue()).isEqualTo(7);
            assertThat(proxy.awaitExit()).isZero();
            assertThat(waited).isTrue();
        } finally {
            await.destroyForcibly();
        }
    }

    @Test
    void proxyServesUntilTheCommandHasEnded() throws Exception {
        try (ProxyProcess proxy = ProxyProcess.start(Map.of())) {
            int admin = proxy.listener("admin").getPort();

            Process await = linkerdAwait(admin, "-S", "--", "sh", "-c", "echo runs; read line");
            int first = await.getInputStream().read();
            int ready = AdminClient.ask(proxy.listener("admin"), "GET", "/ready").status();
            await.getOutputStream().close();

            assertThat(first).isEqualTo('r');
            assertThat(ready).isEqualTo(200);
            assertThat(await.waitFor(40, TimeUnit.SECONDS)).isTrue();
            assertThat(proxy.awaitExit()).isZero();
        }
    }

    @Test
    void itGivesUpOnAProxyThatIsNotReadyAndLeavesItAlone() throws Exception {
        try (ProxyProcess proxy = ProxyProcess.start(Map.of("CONTROL_PLANE", "127.0.0.1:1"))) {
            int admin = proxy.listener("admin").getPort();

            Process await = linkerdAwait(admin, "-b", "20ms", "-t", "200ms", "--", "true");

            assertThat(await.waitFor(40, TimeUnit.SECONDS)).isTrue();
            assertThat(await.exitValue()).isEqualTo(69);
            assertThat(proxy.isAlive()).isTrue();
        }
    }

    private static Process linkerdAwait(int admin, String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(
                        List.of(System.getenv("EBB_LINKERD_AWAIT"), "-p", Integer.toString(admin)));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    private static @Nullable String problem(@Nullable String program) {
        if (program == null) {
            return "EBB_LINKERD_AWAIT is not set (expected: the path of the program)";
        }
        return Files.isExecutable(Path.of(program)) ? null : program + " is not executable";
    }
}
