package dev.ebb.await;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// As process 1 of a PID namespace, as in a container.
class ProcessOneIT {

    private static final List<String> NAMESPACE =
            List.of(
                    "unshare",
                    "--user",
                    "--map-root-user",
                    "--pid",
                    "--fork",
                    "--kill-child",
                    "--mount-proc");

    @BeforeAll
    static void namespacesAreAllowed() throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder("unshare", "-Urpf", "--mount-proc", "true")
                        .redirectErrorStream(true)
                        .start();
        String said =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        boolean allowed = process.waitFor() == 0;
        if (!allowed) {
            System.err.println("NOT TESTED: ebb-await as process 1, because: " + said);
        }
        Assumptions.assumeTrue(allowed, "NOT TESTED as process 1, because: " + said);
    }

    /// The command leaves orphans behind, which end, and then waits until none of them is a zombie.
    @Test
    void orphansAreReaped() throws Exception {
        String leavesOrphans =
                "for i in 1 2 3 4 5; do (sh -c 'exit 0' &); done;"
                        + " n=0; while grep -q ') Z ' /proc/[0-9]*/stat 2>/dev/null; do"
                        + " n=$((n+1)); [ $n = 500 ] && exit 9; sleep 0.02; done; echo $$ of $PPID;"
                        + " exit 5";
        try (FakeProxy proxy = FakeProxy.ready();
                AwaitProcess await = inNamespace(proxy, "-S", "sh", "-c", leavesOrphans)) {

            assertThat(await.exitCode()).isEqualTo(5);
            assertThat(await.line()).endsWith(" of 1");
            proxy.awaitRequest("POST /shutdown");
        }
    }

    /// The negative control: under a process 1 that does not reap, here `sleep`, the zombie stays.
    @Test
    void orphansOfAProcessOneThatDoesNotReapStay() throws Exception {
        String leavesOrphan =
                "(sh -c 'exit 0' &); n=0; while ! grep -q ') Z ' /proc/[0-9]*/stat 2>/dev/null; do"
                        + " n=$((n+1)); [ $n = 500 ] && exit 9; sleep 0.02; done; echo zombie";
        List<String> command = new ArrayList<>(NAMESPACE);
        command.addAll(List.of("sh", "-c", "sh -c \"$1\" & exec sleep 60", "sh", leavesOrphan));
        Process process = new ProcessBuilder(command).start();

        String said = process.inputReader().readLine();
        process.destroyForcibly();

        assertThat(said).isEqualTo("zombie");
    }

    @Test
    void termGoesToTheCommand() throws Exception {
        String termsProcessOne = "trap 'exit 6' TERM; kill -TERM 1; while :; do sleep 0.01; done";
        try (FakeProxy proxy = FakeProxy.ready();
                AwaitProcess await = inNamespace(proxy, "-S", "sh", "-c", termsProcessOne)) {

            assertThat(await.exitCode()).isEqualTo(6);
        }
    }

    /// The kernel ignores signals to process 1 that it has no handler for; linkerd-await cannot be
    /// stopped here.
    @Test
    void termEndsTheWait() throws Exception {
        try (FakeProxy proxy = FakeProxy.start().holds("GET /ready");
                AwaitProcess await = inNamespace(proxy, "echo", "ran")) {
            proxy.awaitRequest("GET /ready");
            long processOne = await.process().children().findFirst().orElseThrow().pid();

            AwaitProcess.signal("TERM", processOne);

            assertThat(await.exitCode()).isEqualTo(143);
            await.awaitSaying("TERM while waiting for the proxy: the command is not run");
        }
    }

    @Test
    void withoutAParentToBeTheCommandIsProcessOne() throws Exception {
        try (FakeProxy proxy = FakeProxy.ready();
                AwaitProcess await = inNamespace(proxy, "sh", "-c", "echo $$")) {

            assertThat(await.line()).isEqualTo("1");
            assertThat(await.exitCode()).isZero();
        }
    }

    private static AwaitProcess inNamespace(FakeProxy proxy, String... args) throws IOException {
        String[] all = new String[args.length + 2];
        all[0] = "-p";
        all[1] = Integer.toString(proxy.port());
        System.arraycopy(args, 0, all, 2, args.length);
        return AwaitProcess.start(NAMESPACE, Map.of(), all);
    }
}
