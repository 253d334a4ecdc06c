package dev.ebb.cli.demo;

import java.util.Locale;

/// One way of replacing replicas.
public enum Scenario {
    /// The client's endpoint list lags, and the application stops at TERM.
    PLAIN,
    /// TERM is held back by a guessed wait.
    SLEEP,
    /// Ebb holds TERM back until every client has applied the removal.
    EBB;

    /// The word that a user types and that results show.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
