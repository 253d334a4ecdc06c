package dev.ebb.cli.demo.process;

import dev.ebb.cli.terminal.CommandFailure;
import dev.ebb.lifecycle.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// A packaged program of this repository, and how a JVM is started on it.
public enum Program {
    CONTROL_PLANE("control-plane", "dev.ebb.controlplane.Main"),
    PROXY("proxy", "dev.ebb.proxy.Main"),
    AWAIT("await", "dev.ebb.await.Main"),
    WEB("cli", "dev.ebb.cli.demo.web.Web");

    /// Beside the program's own options: what starts fast counts more here than what runs fast.
    private static final List<String> FLAGS =
            List.of("-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Xms8m");

    /// Makes the kernel send TERM to a child whose parent has died, so that nothing runs on for
    /// ever after a KILL of the demo (PR_SET_PDEATHSIG in prctl(2), which counts the thread that
    /// started the child as its parent). A program of util-linux; without it the children run on.
    private static final List<String> END_WITH_PARENT = List.of("setpriv", "--pdeathsig", "TERM");

    private final String module;
    private final String mainClass;

    Program(String module, String mainClass) {
        this.module = module;
        this.mainClass = mainClass;
    }

    /// The command line that runs this program. To be started by a thread that lives as long as its
    /// process.
    ///
    /// @param home the top of the repository
    public List<String> command(Path home, List<String> arguments) {
        Path jars = home.resolve(module).resolve("target/app/lib");
        if (!Files.isDirectory(jars)) {
            throw new CommandFailure(
                    ExitCode.UNAVAILABLE,
                    "%s: not built (expected: jars, which the `ebb` launcher builds)"
                            .formatted(jars));
        }
        List<String> command = new ArrayList<>();
        if (isOnPath(END_WITH_PARENT.getFirst())) {
            command.addAll(END_WITH_PARENT);
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("@" + home.resolve(module).resolve("jvm.options"));
        command.addAll(FLAGS);
        command.addAll(List.of("-cp", jars + "/*", mainClass));
        command.addAll(arguments);
        return command;
    }

    private static boolean isOnPath(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }
}
