package dev.ebb.cli.demo.load;

/// What became of one request.
public sealed interface Outcome {
    /// A complete and correct 2xx answer came back.
    record Answered(String origin) implements Outcome {}

    /// Anything else.
    ///
    /// @param reason in words, for the log
    record Lost(String reason) implements Outcome {}
}
