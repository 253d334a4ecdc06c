package dev.ebb.bench.report;

import dev.ebb.bench.process.Machine;
import java.util.ArrayList;
import java.util.List;

/// One run, whole: where, how, what was measured, and how Ebb compares.
///
/// @param missing the candidates that could not be measured, each with the reason
public record Result(
        String started,
        String commit,
        Machine machine,
        double loadBefore,
        double loadAfter,
        Method method,
        List<Figures> candidates,
        List<String> missing,
        List<Ratios> ratios,
        List<Aim> aims) {

    /// The candidate that has to reach the aims.
    public static final String SUBJECT = "ebb";

    /// How it was measured.
    public record Method(
            int rounds,
            int connections,
            int saturationSeconds,
            int fixedRate,
            int fixedSeconds,
            int burstConnections,
            int burstSeconds) {}

    public Result {
        candidates = List.copyOf(candidates);
        missing = List.copyOf(missing);
        ratios = List.copyOf(ratios);
        aims = List.copyOf(aims);
    }

    /// The ratios of each of Ebb's sides to each peer, as far as they were measured.
    public static List<Ratios> ratiosOf(List<Figures> candidates) {
        return candidates.stream()
                .filter(Result::isEbb)
                .flatMap(ebb ->
                        candidates.stream()
                                .filter(peer -> !isEbb(peer))
                                .map(peer -> Ratios.between(ebb, peer)))
                .toList();
    }

    /// What the first data plane has to reach, as far as it was measured.
    public static List<Aim> aimsOf(List<Figures> candidates) {
        List<Aim> aims = new ArrayList<>();
        for (Ratios ratios : ratiosOf(candidates)) {
            if (!ratios.of().equals(SUBJECT)) {
                continue;
            }
            if (ratios.to().equals("envoy")) {
                aims.add(new Aim("CPU per request, ebb / envoy", 0.5, ratios.cpu()));
                aims.add(new Aim("RSS after the rounds, ebb / envoy", 0.9, ratios.resident()));
                aims.add(
                        new Aim(
                                "RSS after the burst, ebb / envoy",
                                0.9,
                                ratios.residentAfterBurst()));
            }
            if (ratios.to().equals("haproxy")) {
                aims.add(new Aim("CPU per request, ebb / haproxy", 1.3, ratios.cpu()));
            }
        }
        candidates.stream()
                .filter(figures -> figures.name().equals(SUBJECT))
                .forEach(ebb -> aims.add(new Aim("TERM to exit, ms", 60, ebb.medianExitMillis())));
        return aims;
    }

    private static boolean isEbb(Figures figures) {
        return figures.name().startsWith(SUBJECT);
    }
}
