package dev.ebb.proxy.discovery;

import dev.ebb.proxy.departure.ControlAnswer;
import dev.ebb.proxy.departure.ControlAnswer.Application;
import dev.ebb.proxy.departure.ControlAnswer.Deletion;
import dev.ebb.proxy.departure.ControlAnswer.OtherEndpoints;
import dev.ebb.proxy.departure.ControlAnswer.Verdict;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Puts the answers of several replicas together: each speaks for its own subscribers, so the one
/// that holds longest counts. Pure.
final class CombinedAnswer {

    private CombinedAnswer() {}

    /// What follows from the answers that there are; empty if nothing does yet.
    ///
    /// That the instance leaves, or that it is alive, is certain as soon as one replica has seen
    /// it; that it is released, only when all have said so.
    ///
    /// @param completeness whether more answers are to come
    static Optional<ControlAnswer> of(
            Collection<ControlAnswer> answers, Completeness completeness) {
        Set<Verdict> said = verdicts(answers);
        boolean leaves =
                said.contains(Verdict.WAITING)
                        || said.contains(Verdict.RELEASED)
                        || answers.stream().anyMatch(each -> each.deletion().isPresent());
        return verdict(said, leaves, completeness).map(verdict -> combined(verdict, answers));
    }

    private static Optional<Verdict> verdict(
            Set<Verdict> said, boolean leaves, Completeness completeness) {
        if (!leaves && said.contains(Verdict.NONE)) {
            return Optional.of(Verdict.NONE);
        }
        // One that has seen the instance alive looks again before it speaks for its subscribers.
        boolean complete = completeness == Completeness.ALL && !said.contains(Verdict.NONE);
        if (leaves && (said.contains(Verdict.WAITING) || !complete)) {
            return Optional.of(Verdict.WAITING);
        }
        if (!complete || said.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                said.contains(Verdict.CANNOT_TELL) ? Verdict.CANNOT_TELL : Verdict.RELEASED);
    }

    private static ControlAnswer combined(Verdict verdict, Collection<ControlAnswer> answers) {
        return new ControlAnswer(
                verdict,
                all(answers.stream().map(ControlAnswer::waitingFor)),
                answers.stream().mapToInt(ControlAnswer::waiting).sum(),
                answers.stream()
                        .map(ControlAnswer::reason)
                        .distinct()
                        .collect(Collectors.joining("; ")),
                all(answers.stream().map(ControlAnswer::lapsed)),
                answers.stream().allMatch(each -> each.endpoints() == OtherEndpoints.NONE)
                        ? OtherEndpoints.NONE
                        : OtherEndpoints.EXIST,
                application(answers),
                answers.stream()
                        .map(ControlAnswer::deletion)
                        .flatMap(Optional::stream)
                        .reduce(Deletion::and));
    }

    private static Application application(Collection<ControlAnswer> answers) {
        Set<Application> said = EnumSet.noneOf(Application.class);
        answers.forEach(each -> said.add(each.application()));
        if (said.contains(Application.GONE)) {
            return Application.GONE;
        }
        return said.contains(Application.RUNNING) ? Application.RUNNING : Application.UNKNOWN;
    }

    private static Set<Verdict> verdicts(Collection<ControlAnswer> answers) {
        Set<Verdict> said = EnumSet.noneOf(Verdict.class);
        answers.forEach(each -> said.add(each.verdict()));
        return said;
    }

    private static <T> List<T> all(Stream<List<T>> lists) {
        return lists.flatMap(List::stream).toList();
    }

    /// Whether every replica has been heard.
    enum Completeness {
        ALL,
        MORE_TO_COME
    }
}
