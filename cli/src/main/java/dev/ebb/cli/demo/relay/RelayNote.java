package dev.ebb.cli.demo.relay;

/// Something that passed the relay.
///
/// @param millis by the wall clock
/// @param what `applied 1 7`, `delta 1 7`, `welcome`: the message, its subscription and generation
public record RelayNote(long millis, Way way, String what) {
    /// Where it went.
    public enum Way {
        FROM_PROXY,
        FROM_CONTROL_PLANE,
        /// The same message again, after the lag.
        TO_PROXY
    }

    public String line() {
        return millis + "\t" + way + "\t" + what;
    }
}
