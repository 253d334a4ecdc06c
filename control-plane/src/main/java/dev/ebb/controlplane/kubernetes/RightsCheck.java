package dev.ebb.controlplane.kubernetes;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds out at the start whether the control plane may do what it has to, and says in a line each
/// what it may not: or the first proxy would find out, or the first departure.
///
/// Asks again until every required right is there, on a thread of its own; then it is done, since a
/// right that is taken away later is told by the call that it fails.
final class RightsCheck implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RightsCheck.class);
    private static final Duration AGAIN = Duration.ofSeconds(2);

    /// Awaited while nobody has told which are missing.
    private static final List<String> UNKNOWN = List.of("rights");

    private static final String EXPECTED =
            " (expected: the ClusterRole ebb-control-plane of deploy/ebb.yaml)";

    private final Rights rights;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("kubernetes-rights").daemon(true).factory());

    /// What was missing at the last look.
    private final Set<Right> missing = EnumSet.noneOf(Right.class);

    /// Why the last look came to nothing; null if it did not.
    private @Nullable String failure;

    private volatile List<String> awaited = UNKNOWN;

    RightsCheck(Rights rights) {
        this.rights = rights;
    }

    /// Starts to ask.
    ///
    /// @param granted run once, on the thread of the check, when nothing required is missing
    void start(Runnable granted) {
        thread.execute(() -> lookUntil(granted));
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private void lookUntil(Runnable granted) {
        if (look()) {
            granted.run();
            thread.shutdown();
        } else if (!thread.isShutdown()) {
            var _ =
                    thread.schedule(
                            () -> lookUntil(granted), AGAIN.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /// What the control plane is not ready without, as far as it is known: the names of rights, or
    /// `rights` while they could not be asked for and none is known to be missing; empty when there
    /// is nothing to wait for. May be called on any thread.
    List<String> awaited() {
        return awaited;
    }

    /// Asks for every right; true if there is nothing to wait for.
    boolean look() {
        awaited = ask();
        return awaited.isEmpty();
    }

    private List<String> ask() {
        try {
            for (Right right : Right.values()) {
                look(right);
            }
        } catch (RuntimeException e) {
            return unanswered(e);
        }
        failure = null;
        return requiredMissing();
    }

    private List<String> requiredMissing() {
        return missing.stream().filter(Right::isRequired).map(Right::toString).toList();
    }

    /// Who cannot ask may still be allowed all the rest: then nobody can tell, and the calls that
    /// need a right say what they lack. But a right that was found missing is still missing, as far
    /// as anybody knows.
    private List<String> unanswered(RuntimeException e) {
        List<String> known = requiredMissing();
        if (ApiFailure.isRefusal(e) && known.isEmpty()) {
            LOG.atWarn()
                    .addKeyValue(
                            "expected",
                            "selfsubjectaccessreviews.authorization.k8s.io, and the ClusterRole"
                                    + " system:basic-user of every cluster")
                    .log("Cannot ask which rights are missing; going on without knowing");
            return List.of();
        }
        String words = ApiFailure.words(e);
        if (!words.equals(failure)) {
            failure = words;
            LOG.atWarn()
                    .addKeyValue("reason", words)
                    .log("Not ready: could not ask which rights are missing; trying again");
        }
        return known.isEmpty() ? UNKNOWN : known;
    }

    private void look(Right right) {
        if (rights.has(right)) {
            missing.remove(right);
        } else if (missing.add(right)) {
            LOG.atWarn()
                    .addKeyValue("missing", right)
                    .addKeyValue("without", right.without() + EXPECTED)
                    .log(
                            right.isRequired()
                                    ? "Not ready: a right is missing"
                                    : "A right is missing");
        }
    }

    /// What we may do; may block, and fails when nobody can tell.
    interface Rights {
        boolean has(Right right);
    }
}
