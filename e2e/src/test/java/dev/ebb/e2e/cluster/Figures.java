package dev.ebb.e2e.cluster;

/// What a run tells its reader, on standard output.
public final class Figures {
    private Figures() {}

    public static void print(String text) {
        text.lines().forEach(line -> System.out.println("e2e: " + line));
    }
}
