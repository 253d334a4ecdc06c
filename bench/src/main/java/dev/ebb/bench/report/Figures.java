package dev.ebb.bench.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// All that was measured of one candidate.
///
/// @param residentMebibytes after the last round, its connections closed
/// @param exitMillis from TERM to the end of the process without connections, one for each try
public record Figures(
        String name,
        String version,
        List<RoundFigures> rounds,
        double residentMebibytes,
        List<Double> exitMillis) {

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
        return rounds.stream().mapToLong(RoundFigures::errors).sum();
    }
}
