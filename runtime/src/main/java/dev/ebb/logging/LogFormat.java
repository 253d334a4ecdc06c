package dev.ebb.logging;

/// What a log line looks like.
public enum LogFormat {
    /// For people.
    PLAIN,
    /// One JSON object a line, key-values as its fields.
    JSON
}
