package dev.ebb.controlplane.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ebb.controlplane.cluster.NotIdentifiedException;
import dev.ebb.controlplane.kubernetes.view.ObjectName;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewStatus;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Whose token it is, by what the API server says.
class TokenReviewsTest {
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicLong nanos = new AtomicLong();
    private volatile @Nullable TokenReviewStatus answer = ofPod("ebb").build();
    private final TokenReviews reviews =
            new TokenReviews(
                    _ -> {
                        asked.incrementAndGet();
                        return answer;
                    },
                    nanos::get);

    @Test
    void projectedTokenNamesItsPod() throws Exception {
        assertThat(uidOf("token")).isEqualTo("uid-1");
        assertThat(reviews.podOf("uid-1")).contains(new ObjectName("shop", "web-1"));
        assertThat(reviews.podOf("uid-2")).isEmpty();
    }

    @Test
    void answerIsKeptForAMinute() throws Exception {
        uidOf("token");

        nanos.addAndGet(Duration.ofSeconds(59).toNanos());
        uidOf("token");
        assertThat(asked).hasValue(1);

        nanos.addAndGet(Duration.ofSeconds(2).toNanos());
        uidOf("token");
        assertThat(asked).hasValue(2);
    }

    @Test
    void answerIsOfOneTokenOnly() throws Exception {
        uidOf("token");
        answer = new TokenReviewStatusBuilder().withAuthenticated(false).build();

        assertThatThrownBy(() -> uidOf("another")).hasCauseInstanceOf(NotIdentifiedException.class);
    }

    @Test
    void refusalIsNotKept() throws Exception {
        answer = null;
        assertThatThrownBy(() -> uidOf("token"))
                .hasCauseInstanceOf(NotIdentifiedException.class)
                .hasMessageContaining("not accepted");

        answer = ofPod("ebb").build();

        assertThat(uidOf("token")).isEqualTo("uid-1");
    }

    @Test
    void apiServerThatIsAwayIsNoRefusal() {
        TokenReviews away =
                new TokenReviews(
                        _ -> {
                            throw new KubernetesClientException("away");
                        },
                        nanos::get);

        assertThatThrownBy(
                        () -> away.uidOf("token").toCompletableFuture().get(10, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(KubernetesClientException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "another audience, not meant for us",
        "no audience, not meant for us",
        "no pod, of no pod",
        "a person, of no pod",
        "no extra, of no pod"
    })
    void everyOtherTokenIsRefusedWithWhatWasExpected(String token, String words) {
        TokenReviewStatus status =
                switch (token) {
                    case "another audience" -> ofPod("vault").build();
                    case "no audience" -> ofPod("ebb").withAudiences(List.of()).build();
                    case "no pod" -> ofPod("ebb").editUser().withExtra(Map.of()).endUser().build();
                    case "a person" ->
                            ofPod("ebb").editUser().withUsername("jane").endUser().build();
                    default -> ofPod("ebb").editUser().withExtra(null).endUser().build();
                };

        assertThatThrownBy(() -> TokenReviews.identity(status))
                .isInstanceOf(NotIdentifiedException.class)
                .hasMessageContaining(words)
                .hasMessageContaining("(expected: ");
    }

    private String uidOf(String token) throws Exception {
        return reviews.uidOf(token).toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static TokenReviewStatusBuilder ofPod(String audience) {
        return new TokenReviewStatusBuilder()
                .withAuthenticated(true)
                .withAudiences(audience)
                .withNewUser()
                .withUsername("system:serviceaccount:shop:default")
                .addToExtra("authentication.kubernetes.io/pod-uid", List.of("uid-1"))
                .addToExtra("authentication.kubernetes.io/pod-name", List.of("web-1"))
                .endUser();
    }
}
