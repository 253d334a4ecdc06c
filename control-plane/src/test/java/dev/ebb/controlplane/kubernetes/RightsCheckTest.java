package dev.ebb.controlplane.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Whether a control plane may begin.
class RightsCheckTest {
    private final Set<Right> granted = EnumSet.allOf(Right.class);
    private final RightsCheck check = new RightsCheck(granted::contains);

    @Test
    void allRightsAreEnough() {
        assertThat(check.look()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "WRITE_EVENTS")
    void eachIsNeededAndWaitedFor(Right right) {
        granted.remove(right);
        assertThat(check.look()).isFalse();

        granted.add(right);

        assertThat(check.look()).isTrue();
    }

    @Test
    void manifestGrantsExactlyWhatIsAskedFor() throws Exception {
        String role =
                Arrays.stream(Files.readString(Path.of("../deploy/ebb.yaml")).split("\n---\n"))
                        .filter(document -> document.contains("kind: ClusterRole\n"))
                        .findFirst()
                        .orElseThrow();
        Set<String> granted = new TreeSet<>();
        for (PolicyRule rule : Serialization.unmarshal(role, ClusterRole.class).getRules()) {
            String group = rule.getApiGroups().getFirst();
            for (String verb : rule.getVerbs()) {
                granted.add(
                        verb
                                + " "
                                + rule.getResources().getFirst()
                                + (group.isEmpty() ? "" : "." + group));
            }
        }

        assertThat(Arrays.stream(Right.values()).map(Right::toString))
                .containsExactlyInAnyOrderElementsOf(granted);
    }

    @Test
    void controlPlaneIsOfUseWithoutEvents() {
        granted.remove(Right.WRITE_EVENTS);

        assertThat(check.look()).isTrue();
    }

    @Test
    void namesWhatIsWaitedFor() {
        granted.remove(Right.GET_PODS);
        granted.remove(Right.WRITE_EVENTS);
        check.look();
        assertThat(check.awaited()).containsExactly("get pods");

        granted.add(Right.GET_PODS);
        check.look();

        assertThat(check.awaited()).isEmpty();
    }

    @Test
    void rightsThatCouldNotBeAskedForAreWaitedFor() {
        RightsCheck unanswered =
                new RightsCheck(_ -> {
                    throw new KubernetesClientException("too slow");
                });
        assertThat(unanswered.awaited()).containsExactly("rights");

        assertThat(unanswered.look()).isFalse();

        assertThat(unanswered.awaited()).containsExactly("rights");
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 404})
    void controlPlaneThatCannotAskGoesOn(int code) {
        RightsCheck refused =
                new RightsCheck(_ -> {
                    throw new KubernetesClientException("refused", code, null);
                });

        assertThat(refused.look()).isTrue();

        assertThat(refused.awaited()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 404, 500})
    void rightThatWasMissingIsWaitedForUntilItIsAnswered(int code) {
        boolean[] refuses = {false};
        RightsCheck later =
                new RightsCheck(right -> {
                    if (refuses[0]) {
                        throw new KubernetesClientException("refused", code, null);
                    }
                    return granted.contains(right);
                });
        granted.remove(Right.GET_PODS);
        granted.remove(Right.WRITE_EVENTS);
        later.look();
        refuses[0] = true;

        assertThat(later.look()).isFalse();

        assertThat(later.awaited()).containsExactly("get pods");
    }

    @Test
    void apiServerThatCannotBeAskedIsAskedAgain() throws Exception {
        CountDownLatch asked = new CountDownLatch(2);
        CountDownLatch begun = new CountDownLatch(1);
        try (RightsCheck later =
                new RightsCheck(_ -> {
                    if (asked.getCount() == 2) {
                        asked.countDown();
                        throw new KubernetesClientException("away");
                    }
                    asked.countDown();
                    return true;
                })) {
            later.start(begun::countDown);

            assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(asked.getCount()).isZero();
        }
    }
}
