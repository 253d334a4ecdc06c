package dev.ebb.injector.redirect;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Asks the real `nft` whether it would take an argument, in a network namespace of its own, so
/// that nothing of this machine is looked at or changed.
final class NftCheck {

    static final String FINE = "0: ";

    private final List<String> command;

    private NftCheck(List<String> command) {
        this.command = command;
    }

    /// Aborts the test, loudly, where there is no `nft` or no namespace to run it in.
    static NftCheck here() throws IOException, InterruptedException {
        String nft = "/usr/sbin/nft";
        if (!Files.isExecutable(Path.of(nft))) {
            throw skip("there is no " + nft + "; apt-get install nftables brings it");
        }
        NftCheck check =
                new NftCheck(List.of("unshare", "--user", "--map-root-user", "--net", nft));
        String trial = check.run("list tables");
        if (!trial.equals(FINE)) {
            throw skip("nft cannot run in a user namespace of its own here: " + trial);
        }
        return check;
    }

    /// The exit code and what was printed: [#FINE] if nothing is wrong.
    String check(String argument) throws IOException, InterruptedException {
        return run("--check", argument);
    }

    private String run(String... arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of(arguments));
        Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("nft does not end: " + output);
        }
        return process.exitValue() + ": " + output;
    }

    @SuppressWarnings("SystemOut") // A test report would hide it.
    private static RuntimeException skip(String why) {
        System.out.println("SKIPPED: the rules are compared with golden files only, since " + why);
        return abort(why);
    }
}
