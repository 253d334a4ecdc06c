package dev.ebb.e2e.cluster;

import com.google.protobuf.Duration;
import dev.ebb.proto.destination.v1.DepartureReport;
import dev.ebb.proto.destination.v1.Vote;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/// One departure, put together from those who saw it: the control plane's report (its monotonic
/// clock), the proxy's log, and the application's own log. Proxy and application of a pod share one
/// wall clock; clocks of two machines are not compared.
///
/// @param pod who left
/// @param subscribers how many were counted
/// @param releaseAfterAppliedMillis from the last applied to the release
/// @param proxy what the proxy wrote about its release; empty if it never was released
/// @param termMillis when the application got TERM, by its own wall clock
/// @param report the control plane's
public record Departure(
        String pod,
        int subscribers,
        OptionalLong releaseAfterAppliedMillis,
        Optional<Release> proxy,
        OptionalLong termMillis,
        DepartureReport report) {

    /// The key of a test's report entry whose value is a line of the run's table.
    public static final String HELD = "held departure";

    /// The same for an application that nothing holds: a control, or a client.
    public static final String NOT_HELD = "departure";

    static final Comparator<Departure> BY_RELEASE = Comparator.comparingLong(Departure::releasedAt);

    private static final String LINE = "%-26s %11s %8s %18s %14s  %-17s";

    /// What stands above the lines of a table.
    public static final String HEADER =
            LINE.formatted(
                    "pod", "subscribers", "hold", "release - applied", "TERM - release", "reason");

    private static final Pattern RELEASED =
            Pattern.compile(
                    "^\\S+Z .*Departure (?:released|unconfirmed).*reason=\"?([^\"]+?)\"? afterMillis=(\\d+).*$");

    /// A line of a proxy's log: of a release, or of the answer to a hook that nobody confirmed.
    ///
    /// @param millis by the wall clock
    /// @param reason as in the ledger
    /// @param holdMillis since the beginning of the departure
    public record Release(long millis, String reason, long holdMillis) {
        /// What the proxy of a pod wrote; empty if it has not been released.
        public static Optional<Release> of(Logs logs, String pod) {
            return logs.of(pod, PodEdit.PROXY).flatMap(line -> parse(line).stream()).findFirst();
        }

        static Optional<Release> parse(LogLine line) {
            Matcher matcher = RELEASED.matcher(line.text());
            return matcher.matches()
                    ? Optional.of(
                            new Release(
                                    line.ebbMillis(),
                                    matcher.group(1),
                                    Long.parseLong(matcher.group(2))))
                    : Optional.empty();
        }
    }

    /// All departures of one application in a scene, in the order in which they were released.
    public static List<Departure> of(Scene scene, String app) {
        Predicate<DepartureReport> here =
                report ->
                        report.getInstance().getName().startsWith(app + "-")
                                && scene.logs()
                                        .of(report.getInstance().getName(), PodEdit.APP)
                                        .findAny()
                                        .isPresent();
        return scene.controlPlane().departures().stream()
                .filter(here)
                .map(report -> of(scene.logs(), report))
                .sorted(BY_RELEASE)
                .toList();
    }

    /// One of them, by the report of a control plane and the logs of the pod.
    public static Departure of(Logs logs, DepartureReport report) {
        String pod = report.getInstance().getName();
        OptionalLong applied = lastApplied(report);
        return new Departure(
                pod,
                (int)
                        report.getVotesList().stream()
                                .map(vote -> vote.getSubscriber().getUid())
                                .distinct()
                                .count(),
                report.hasReleased() && applied.isPresent()
                        ? OptionalLong.of(millis(report.getReleased()) - applied.getAsLong())
                        : OptionalLong.empty(),
                Release.of(logs, pod),
                logs.appMillis(pod, "term"),
                report);
    }

    /// From the release to the application's TERM.
    public OptionalLong termAfterReleaseMillis() {
        return proxy.isPresent() && termMillis.isPresent()
                ? OptionalLong.of(termMillis.getAsLong() - proxy.get().millis())
                : OptionalLong.empty();
    }

    /// How long the application was not told, as the ledger has it.
    public OptionalLong holdMillis() {
        return proxy.map(Release::holdMillis).map(OptionalLong::of).orElse(OptionalLong.empty());
    }

    /// The application was told after the last subscriber had applied the removal, and because of
    /// that.
    ///
    /// @throws AssertionError if it was told too early, or never, or for another reason
    public void checkTermAfterApplied() {
        if (!isAgreed()) {
            throw new AssertionError(
                    "%s: %s (expected: a release that all agree to)".formatted(pod, proxy));
        }
        if (releaseAfterAppliedMillis.orElse(-1) < 0) {
            throw new AssertionError(
                    pod + ": released before the last applied, or never applied: " + report);
        }
        if (termAfterReleaseMillis().orElse(-1) < 0) {
            throw new AssertionError(
                    "%s: TERM at %s, release %s (expected: TERM after the release)"
                            .formatted(pod, termMillis, proxy));
        }
    }

    /// As [#checkTermAfterApplied], of any departure of an application that has Ebb's hook. A hold
    /// that ended without the subscribers, with the safe minimum, proves that order alone. Where
    /// the grace is too short, or the application ends by itself, there is none to prove.
    ///
    /// @throws AssertionError if it was told too early
    void checkOrder() {
        if (termMillis.isPresent() && (proxy.isEmpty() || isEarly())) {
            throw new AssertionError(
                    "%s was told too early (expected: TERM ≥ release ≥ last applied):%n%s%n%s"
                            .formatted(pod, HEADER, line()));
        }
    }

    /// The control plane knows when the subscribers of a release that all agreed to had applied.
    ///
    /// @throws AssertionError if it does not
    void checkKnown() {
        if (isAgreed() && !report.hasAge()) {
            throw new AssertionError(
                    "%s was released, and the control plane knows nothing of it: %s"
                            .formatted(pod, proxy));
        }
    }

    private boolean isEarly() {
        boolean ordered = isAgreed() || reason().equals("safe minimum");
        return (ordered && termAfterReleaseMillis().orElse(0) < 0)
                || (isAgreed() && releaseAfterAppliedMillis.orElse(0) < 0);
    }

    private boolean isAgreed() {
        return Set.of("released", "no_other_endpoint").contains(reason());
    }

    private String reason() {
        return proxy.map(Release::reason).orElse("-");
    }

    /// A table with a line for each.
    public static String table(List<Departure> departures) {
        return "%s%n%s%n(milliseconds)"
                .formatted(
                        HEADER,
                        departures.stream().map(Departure::line).collect(Collectors.joining("\n")));
    }

    /// Whether its proxy was told to hold nothing.
    public boolean isNotHeld() {
        return proxy.map(Release::reason).filter("not held"::equals).isPresent();
    }

    /// As a line below [#HEADER].
    public String line() {
        return LINE.formatted(
                pod,
                report.hasAge() ? subscribers : "-",
                text(holdMillis()),
                text(releaseAfterAppliedMillis()),
                text(termAfterReleaseMillis()),
                reason());
    }

    /// The line: a report has a hundred.
    @Override
    public String toString() {
        return line();
    }

    private static OptionalLong lastApplied(DepartureReport report) {
        return report.getVotesList().stream()
                .filter(Vote::hasApplied)
                .flatMapToLong(vote -> LongStream.of(millis(vote.getApplied())))
                .max();
    }

    private long releasedAt() {
        return proxy.map(Release::millis).orElse(Long.MAX_VALUE);
    }

    static long millis(Duration duration) {
        return duration.getSeconds() * 1000 + duration.getNanos() / 1_000_000;
    }

    private static String text(OptionalLong millis) {
        return millis.isPresent() ? Long.toString(millis.getAsLong()) : "-";
    }
}
