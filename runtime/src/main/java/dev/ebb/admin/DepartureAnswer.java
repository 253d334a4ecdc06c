package dev.ebb.admin;

import java.time.Duration;
import java.util.Map;

/// What a caller of `/departure` hears.
///
/// @param state such as `none` or `released`
/// @param remaining of the departure's budget
/// @param reason why it ended so, for people
/// @param details further fields of the JSON, seen by loopback only
public record DepartureAnswer(
        String state, Duration remaining, String reason, Map<String, Object> details) {

    public DepartureAnswer {
        details = Map.copyOf(details);
    }
}
