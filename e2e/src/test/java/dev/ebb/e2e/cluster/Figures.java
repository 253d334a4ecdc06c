package dev.ebb.e2e.cluster;

import java.util.stream.Collectors;

/// What a run tells its reader, on standard output.
public final class Figures {
    private Figures() {}

    public static void print(String text) {
        // In one piece: several tests run at a time.
        System.out.println(text.lines().map("e2e: "::concat).collect(Collectors.joining("\n")));
    }
}
