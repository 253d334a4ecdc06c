package dev.ebb.cli.terminal;

import java.util.Locale;

/// How a command writes its answer: for people, or for programs.
public enum OutputFormat {
    TABLE,
    JSON;

    /// The word that a user types.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
