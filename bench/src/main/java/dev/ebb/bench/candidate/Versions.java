package dev.ebb.bench.candidate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Asks a program for its version.
final class Versions {

    private Versions() {}

    /// The first group of a pattern in what a command prints, or all of it if the pattern is not
    /// there.
    static String firstMatch(String pattern, String... command) throws IOException {
        Process process = new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Matcher matcher = Pattern.compile(pattern).matcher(output);
        return matcher.find() ? matcher.group(1) : output.strip();
    }
}
