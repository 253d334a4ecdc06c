package dev.ebb.images;

import dev.ebb.cli.demo.process.Children;
import dev.ebb.cli.demo.process.FreePorts;
import dev.ebb.cli.terminal.CommandFailure;
import java.io.IOException;
import java.nio.file.Path;

/// The process: `Main HOME PROGRAM TREE CACHE` runs a program on the files of its image and leaves
/// its cache. `deploy/images/build` starts it once a program.
public final class Main {
    private Main() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length != 4) {
            System.err.println("images: expected: HOME PROGRAM TREE CACHE");
            System.exit(64);
        }
        Path cache = Path.of(args[3]);
        Trainee trainee = new Trainee(args[1], Path.of(args[2]), cache);
        Path logs = cache.resolveSibling(args[1] + ".training");
        try (Children children = new Children(logs)) {
            new Training(Path.of(args[0]), trainee, children, new FreePorts()).run(logs);
        } catch (CommandFailure e) {
            System.err.println("images: training of " + trainee.program() + ": " + e.getMessage());
            System.exit(e.exitCode());
        }
    }
}
