package dev.ebb.bench.report;

import java.util.Formatter;
import java.util.Locale;

/// A result for people: one line a candidate, then the ratios, then the aims.
public final class TextReport {

    private TextReport() {}

    public static String render(Result result) {
        Formatter text = new Formatter(Locale.ROOT);
        appendPlace(text, result);
        appendFigures(text, result);
        appendRatios(text, result);
        appendAims(text, result);
        return text.toString();
    }

    private static void appendPlace(Formatter text, Result result) {
        Result.Method method = result.method();
        text.format("%s, commit %s\n", result.started(), result.commit());
        text.format(
                "%s, %d cores, Linux %s, load average %.2f before and %.2f after\n",
                result.machine().cpu(),
                result.machine().cores(),
                result.machine().kernel(),
                result.loadBefore(),
                result.loadAfter());
        text.format(
                "medians of %d rounds: %d s at saturation and %d s at %d requests/s, %d connections\n",
                method.rounds(),
                method.saturationSeconds(),
                method.fixedSeconds(),
                method.fixedRate(),
                method.connections());
        text.format(
                "burst: %d s of 64 KiB responses, %d connections\n",
                method.burstSeconds(), method.burstConnections());
        result.missing().forEach(reason -> text.format("not measured: %s\n", reason));
    }

    private static void appendFigures(Formatter text, Result result) {
        text.format("\n");
        text.format(
                "%-9s %9s %9s %6s %8s %8s %9s %9s %8s %8s %8s %7s\n",
                "",
                "req/s",
                "CPU s/M",
                "user",
                "p50 ms",
                "p99 ms",
                "p99.9 ms",
                "CPU fixed",
                "RSS MiB",
                "burst",
                "exit ms",
                "errors");
        for (Figures figures : result.candidates()) {
            double cpu = figures.median(RoundFigures::cpuSecondsPerMillion);
            text.format(
                    "%-9s %9.0f %9.1f %5.0f%% %8.2f %8.2f %9.2f %9.1f %8.1f %8.1f %8.0f %7d\n",
                    figures.name(),
                    figures.median(RoundFigures::requestsPerSecond),
                    cpu,
                    100 * figures.median(RoundFigures::userCpuSecondsPerMillion) / cpu,
                    figures.median(RoundFigures::p50Millis),
                    figures.median(RoundFigures::p99Millis),
                    figures.median(RoundFigures::p999Millis),
                    figures.median(RoundFigures::cpuSecondsPerMillionAtFixedRate),
                    figures.resident().afterRounds(),
                    figures.resident().afterBurst(),
                    figures.medianExitMillis(),
                    figures.errors());
        }
    }

    private static void appendRatios(Formatter text, Result result) {
        text.format("\n");
        for (Ratios ratios : result.ratios()) {
            text.format(
                    "%-16s req/s %.2f   CPU %.2f   CPU fixed %.2f   p50 %.2f   p99 %.2f   RSS %.2f   burst %.2f   exit %.2f\n",
                    ratios.of() + "/" + ratios.to(),
                    ratios.requestsPerSecond(),
                    ratios.cpu(),
                    ratios.cpuAtFixedRate(),
                    ratios.p50(),
                    ratios.p99(),
                    ratios.resident(),
                    ratios.residentAfterBurst(),
                    ratios.exit());
        }
    }

    private static void appendAims(Formatter text, Result result) {
        text.format("\n");
        for (Aim aim : result.aims()) {
            text.format(
                    "%-7s %s: %.2f (expected: at most %.2f)\n",
                    aim.met() ? "met" : "NOT MET", aim.what(), aim.measured(), aim.limit());
        }
    }
}
