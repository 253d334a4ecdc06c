package dev.ebb.bench.report;

import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// One candidate's figures divided by another's.
///
/// Where there are rounds, it is the median of the ratios within each round: what slows the machine
/// down for a while slows both.
public record Ratios(
        String of,
        String to,
        double requestsPerSecond,
        double cpu,
        double cpuAtFixedRate,
        double p50,
        double p99,
        double resident,
        double residentAfterBurst,
        double exit) {

    public static Ratios between(Figures of, Figures to) {
        return new Ratios(
                of.name(),
                to.name(),
                overRounds(of, to, RoundFigures::requestsPerSecond),
                overRounds(of, to, RoundFigures::cpuSecondsPerMillion),
                overRounds(of, to, RoundFigures::cpuSecondsPerMillionAtFixedRate),
                overRounds(of, to, RoundFigures::p50Millis),
                overRounds(of, to, RoundFigures::p99Millis),
                of.resident().afterRounds() / to.resident().afterRounds(),
                of.resident().afterBurst() / to.resident().afterBurst(),
                of.medianExitMillis() / to.medianExitMillis());
    }

    private static double overRounds(
            Figures of, Figures to, ToDoubleFunction<RoundFigures> figure) {
        int rounds = Math.min(of.rounds().size(), to.rounds().size());
        return Median.of(
                IntStream.range(0, rounds)
                        .mapToDouble(round ->
                                figure.applyAsDouble(of.rounds().get(round))
                                        / figure.applyAsDouble(to.rounds().get(round))));
    }
}
