package dev.ebb.bench.report;

import com.fasterxml.jackson.annotation.JsonProperty;

/// A figure that is not to be exceeded.
public record Aim(String what, double limit, double measured) {

    @JsonProperty
    public boolean met() {
        return measured <= limit;
    }
}
