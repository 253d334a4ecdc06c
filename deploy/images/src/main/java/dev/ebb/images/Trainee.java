package dev.ebb.images;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A program on the files of its image, started so that it writes its cache when it ends.
///
/// @param tree the directory that will be the image's root
/// @param cache the file to write
record Trainee(String program, Path tree, Path cache) {

    /// The command line that the image has, with paths of this machine. The JVM does not mind that
    /// its files lie elsewhere later, as long as all of them move together.
    List<String> command(List<String> arguments) {
        Path file = cache.resolveSibling(program + ".args");
        try {
            Files.write(
                    file,
                    Files.readAllLines(tree.resolve("ebb/" + program + ".args")).stream()
                            .map(this::onThisMachine)
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> command = new ArrayList<>();
        command.add(tree.resolve("ebb/jre/bin/java").toString());
        command.add("@" + file);
        command.addAll(arguments);
        return command;
    }

    private String onThisMachine(String line) {
        return line.startsWith("-XX:AOTCache=")
                ? "\"-XX:AOTCacheOutput=" + cache + "\""
                : line.replace("/ebb/", tree + "/ebb/");
    }
}
