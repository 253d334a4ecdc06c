package dev.ebb.bench.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// All that was measured of one candidate.
///
/// @param burstErrors what failed in the burst of large responses
/// @param exitMillis from TERM to the end of the process without connections, one for each try
public record Figures(
        String name,
        String version,
        List<RoundFigures> rounds,
        long burstErrors,
        Resident resident,
        List<Double> exitMillis) {

    /// Memory in mebibytes, each time two seconds after the load and with its connections closed.
    public record Resident(double afterRounds, double afterBurst) {}

    public Figures {
        rounds = List.copyOf(rounds);
        exitMillis = List.copyOf(exitMillis);
    }

    /// The median of one figure over the rounds.
    public double median(ToDoubleFunction<RoundFigures> figure) {
        return Median.of(rounds.stream().mapToDouble(figure));
    }

    public double medianExitMillis() {
        return Median.of(exitMillis.stream().mapToDouble(Double::doubleValue));
    }

    @JsonProperty
    public long errors() {
        return burstErrors + rounds.stream().mapToLong(RoundFigures::errors).sum();
    }
}
