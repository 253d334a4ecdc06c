package dev.ebb.images;

import dev.ebb.cli.demo.process.Children;
import dev.ebb.cli.demo.process.FreePorts;
import dev.ebb.cli.terminal.CommandFailure;
import dev.ebb.lifecycle.ExitCode;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The process: `Main HOME PROGRAM TREE CACHE` runs a program on the files of its image and leaves
/// its cache. `deploy/images/build` starts it once a program.
public final class Main {
    private Main() {}

    /// Always exits: the training's cluster has threads that never end.
    public static void main(String[] args) throws InterruptedException {
        if (args.length != 4) {
            System.err.println("images: expected: HOME PROGRAM TREE CACHE");
            System.exit(ExitCode.USAGE);
        }
        Trainee trainee = new Trainee(args[1], Path.of(args[2]), Path.of(args[3]));
        try {
            train(Path.of(args[0]), trainee);
        } catch (CommandFailure e) {
            fail(trainee, e.getMessage(), e.exitCode());
        } catch (IOException | RuntimeException e) {
            fail(trainee, e.toString(), ExitCode.SOFTWARE);
        }
        System.exit(ExitCode.OK);
    }

    private static void train(Path home, Trainee trainee) throws IOException, InterruptedException {
        Path logs = trainee.cache().resolveSibling(trainee.program() + ".training");
        try (Children children = new Children(logs)) {
            // For the time limit of whoever started us.
            Runtime.getRuntime().addShutdownHook(new Thread(children::close));
            new Training(home, trainee, children, new FreePorts()).run(logs);
        }
    }

    private static void fail(Trainee trainee, @Nullable String why, int exitCode) {
        System.err.println("images: training of " + trainee.program() + ": " + why);
        System.exit(exitCode);
    }
}
