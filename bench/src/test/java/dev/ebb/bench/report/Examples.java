package dev.ebb.bench.report;

import dev.ebb.bench.process.Machine;
import dev.ebb.bench.report.Figures.Resident;
import java.util.List;

/// A small result with round numbers.
final class Examples {

    static final Figures EBB =
            new Figures(
                    "ebb",
                    "JDK 25",
                    List.of(round(40_000, 16, 1.0), round(20_000, 20, 2.0), round(30_000, 18, 1.5)),
                    0,
                    new Resident(63, 72),
                    List.of(40.0, 48.0, 44.0));

    static final Figures ENVOY =
            new Figures(
                    "envoy",
                    "1.40.0",
                    List.of(round(20_000, 40, 2.0), round(16_000, 80, 8.0), round(15_000, 36, 1.0)),
                    0,
                    new Resident(90, 100),
                    List.of(10.0));

    static final Figures HAPROXY =
            new Figures(
                    "haproxy",
                    "2.6.12",
                    List.of(round(44_000, 10, 1.0), round(30_000, 12, 1.0), round(40_000, 11, 1.0)),
                    0,
                    new Resident(20, 25),
                    List.of(5.0));

    private Examples() {}

    static Result result() {
        List<Figures> candidates = List.of(EBB, ENVOY, HAPROXY);
        return new Result(
                "2026-11-23T19:00:00Z",
                "abc1234",
                new Machine("A CPU", 2, "6.18", "25.0.3"),
                0.25,
                3.5,
                new Result.Method(3, 64, 3, 4000, 2, 512, 2),
                candidates,
                List.of("nginx: not installed"),
                Result.ratiosOf(candidates),
                Result.aimsOf(candidates));
    }

    private static RoundFigures round(double requestsPerSecond, double cpu, double p99) {
        return new RoundFigures(requestsPerSecond, cpu, cpu / 4, cpu * 2, p99 / 4, p99, p99 * 2, 0);
    }
}
