package dev.ebb.controlplane.kubernetes;

import dev.ebb.controlplane.cluster.Identities;
import dev.ebb.controlplane.cluster.NotIdentifiedException;
import dev.ebb.controlplane.kubernetes.view.ObjectName;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Asks the API server whose token it is: a projected token with the audience `ebb` names its pod.
///
/// Answers are kept for a minute, under the digest of the token, so that a proxy that reconnects
/// does not depend on the API server. Thread-safe.
///
/// @see <a
///   href="https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/#additional-metadata-in-pod-bound-tokens">Additional
///   metadata in Pod bound tokens</a>
final class TokenReviews implements Identities {
    static final String AUDIENCE = "ebb";
    private static final String POD_UID = "authentication.kubernetes.io/pod-uid";
    private static final String POD_NAME = "authentication.kubernetes.io/pod-name";
    private static final String ACCOUNT = "system:serviceaccount:";
    private static final long KEPT = Duration.ofMinutes(1).toNanos();
    private static final int MAX_KEPT = 10_000;
    private static final int MAX_AT_ONCE = 16;

    private final Reviewer reviewer;
    private final LongSupplier nanos;
    private final Semaphore permits = new Semaphore(MAX_AT_ONCE);
    private final Map<String, Review> reviews = new Recent<>();
    private final Map<String, ObjectName> pods = new Recent<>();

    /// @param nanos a monotonic clock in nanoseconds
    TokenReviews(Reviewer reviewer, LongSupplier nanos) {
        this.reviewer = reviewer;
        this.nanos = nanos;
    }

    /// Asks the API server.
    static TokenReviews by(KubernetesClient client) {
        return new TokenReviews(token -> review(client, token), System::nanoTime);
    }

    /// The pod that has shown its token with this UID, if that is not too long ago.
    Optional<ObjectName> podOf(String uid) {
        synchronized (pods) {
            return Optional.ofNullable(pods.get(uid));
        }
    }

    @Override
    public CompletionStage<String> uidOf(String token) {
        String digest = digest(token);
        Optional<Review> kept = find(digest);
        if (kept.isPresent()) {
            return CompletableFuture.completedFuture(kept.get().uid());
        }
        CompletableFuture<String> uid = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                uid.complete(review(token, digest));
            } catch (NotIdentifiedException | RuntimeException e) {
                uid.completeExceptionally(e);
            }
        });
        return uid;
    }

    private String review(String token, String digest) throws NotIdentifiedException {
        PodIdentity identity = identity(ask(token));
        synchronized (reviews) {
            reviews.put(digest, new Review(identity.uid(), nanos.getAsLong()));
        }
        synchronized (pods) {
            pods.put(identity.uid(), identity.name());
        }
        return identity.uid();
    }

    private static @Nullable TokenReviewStatus review(KubernetesClient client, String token) {
        return client.tokenReviews()
                .create(
                        new TokenReviewBuilder()
                                .withNewSpec()
                                .withToken(token)
                                .withAudiences(AUDIENCE)
                                .endSpec()
                                .build())
                .getStatus();
    }

    private @Nullable TokenReviewStatus ask(String token) {
        permits.acquireUninterruptibly();
        try {
            return reviewer.review(token);
        } finally {
            permits.release();
        }
    }

    static PodIdentity identity(@Nullable TokenReviewStatus status) throws NotIdentifiedException {
        if (status == null || !Boolean.TRUE.equals(status.getAuthenticated())) {
            throw new NotIdentifiedException(
                    "token: not accepted by the API server (expected: a projected token with the"
                            + " audience \"ebb\" that has not expired, of a pod that is there)");
        }
        if (!FromApi.orEmpty(status.getAudiences()).contains(AUDIENCE)) {
            throw new NotIdentifiedException(
                    "token: not meant for us (expected: the audience \"ebb\")");
        }
        String uid = extra(status, POD_UID);
        String account = String.valueOf(status.getUser().getUsername());
        if (uid.isEmpty() || !account.startsWith(ACCOUNT)) {
            throw new NotIdentifiedException(
                    "token: of no pod (expected: one that the kubelet projects into a pod)");
        }
        String namespace = account.substring(ACCOUNT.length()).split(":", 2)[0];
        return new PodIdentity(uid, new ObjectName(namespace, extra(status, POD_NAME)));
    }

    private static String extra(TokenReviewStatus status, String key) {
        Map<String, List<String>> extra = status.getUser().getExtra();
        return extra == null ? "" : FromApi.orEmpty(extra.get(key)).stream().findFirst().orElse("");
    }

    private Optional<Review> find(String digest) {
        synchronized (reviews) {
            return Optional.ofNullable(reviews.get(digest))
                    .filter(review -> nanos.getAsLong() - review.at() < KEPT);
        }
    }

    /// Nobody who reads our memory gets a token.
    private static String digest(String token) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 (expected: in every JDK)", e);
        }
    }

    /// Says whose token it is; may block.
    interface Reviewer {
        @Nullable TokenReviewStatus review(String token);
    }

    /// @param uid of the pod
    record PodIdentity(String uid, ObjectName name) {}

    private record Review(String uid, long at) {}

    /// Forgets what was put longest ago when there is too much.
    private static final class Recent<V> extends LinkedHashMap<String, V> {

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
            return size() > MAX_KEPT;
        }
    }
}
