package dev.ebb.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.injector.redirect.Redirect;
import dev.ebb.injector.redirect.Ruleset;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The hand-written YAML is what injection has to produce: complete, and the same everywhere.
class ManifestsTest {
    private static final List<String> NAMES = List.of("web", "client", "job", "cronjob");

    private final KubernetesClient client =
            new KubernetesClientBuilder().withConfig(Config.empty()).build();

    @ParameterizedTest
    @EnumSource
    void theRulesAreThoseOfTheRenderer(Shape shape) {
        String rules = Ruleset.of(Redirect.defaults()).argument();

        assertThat(pods(shape))
                .allSatisfy((name, pod) ->
                        assertThat(container(pod, "ebb-init").getArgs())
                                .as(name)
                                .containsExactly(rules));
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsRootButTheInitContainerAndNothingIsPrivileged(Shape shape) {
        assertThat(pods(shape))
                .allSatisfy((name, pod) -> {
                    assertThat(pod.getSecurityContext().getRunAsNonRoot()).as(name).isTrue();
                    assertThat(containers(pod))
                            .allSatisfy(each -> isConfined(each.getSecurityContext()));
                    assertThat(containers(pod))
                            .filteredOn(each -> !each.getName().equals("ebb-init"))
                            .allSatisfy(ManifestsTest::isRestricted);
                });
    }

    @ParameterizedTest
    @EnumSource
    void theProxyKnowsTheGraceOfItsPod(Shape shape) {
        assertThat(pods(shape))
                .allSatisfy((name, pod) ->
                        assertThat(environment(container(pod, PodEdit.PROXY)))
                                .as(name)
                                .containsEntry(
                                        "EBB_PROXY_GRACE",
                                        pod.getTerminationGracePeriodSeconds() + "s"));
    }

    @ParameterizedTest
    @EnumSource
    void theProxyIsTheSameInAllFilesButForTheGrace(Shape shape) {
        List<Container> proxies =
                pods(shape).values().stream()
                        .map(pod -> container(pod, PodEdit.PROXY))
                        .peek(proxy ->
                                proxy.getEnv()
                                        .removeIf(each -> each.getName().equals("EBB_PROXY_GRACE")))
                        .distinct()
                        .toList();

        assertThat(proxies).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void theApplicationIsHeldAndIsNotTheProxysUser(Shape shape) {
        assertThat(pods(shape))
                .allSatisfy((name, pod) -> {
                    Container app = container(pod, PodEdit.APP);
                    assertThat(app.getLifecycle().getPreStop().getHttpGet().getPath())
                            .as(name)
                            .isEqualTo("/departure");
                    assertThat(app.getSecurityContext().getRunAsUser())
                            .isNotEqualTo(
                                    container(pod, PodEdit.PROXY)
                                            .getSecurityContext()
                                            .getRunAsUser());
                });
    }

    @Test
    void onlyTheNativeProxyIsAnInitContainer() {
        assertThat(pods(Shape.NATIVE).values())
                .allSatisfy(pod -> {
                    assertThat(pod.getInitContainers()).hasSize(2);
                    assertThat(container(pod, PodEdit.PROXY).getRestartPolicy())
                            .isEqualTo("Always");
                    assertThat(environment(container(pod, PodEdit.PROXY)))
                            .containsEntry("EBB_PROXY_NATIVE_SIDECAR", "true");
                });
        assertThat(pods(Shape.PLAIN).values())
                .allSatisfy(pod -> {
                    assertThat(pod.getInitContainers()).hasSize(1);
                    assertThat(environment(container(pod, PodEdit.PROXY)))
                            .doesNotContainKey("EBB_PROXY_NATIVE_SIDECAR");
                });
    }

    private Map<String, PodSpec> pods(Shape shape) {
        return NAMES.stream()
                .collect(
                        Collectors.toMap(
                                name -> name,
                                name ->
                                        PodEdit.of(Manifests.of(client, shape, name).getLast())
                                                .spec()));
    }

    private static void isConfined(SecurityContext context) {
        assertThat(context.getPrivileged()).isNull();
        assertThat(context.getAllowPrivilegeEscalation()).isFalse();
        assertThat(context.getReadOnlyRootFilesystem()).isTrue();
        assertThat(context.getCapabilities().getDrop()).containsExactly("ALL");
    }

    private static void isRestricted(Container container) {
        SecurityContext context = container.getSecurityContext();
        assertThat(context.getCapabilities().getAdd()).isEmpty();
        assertThat(context.getRunAsNonRoot()).isNull();
        assertThat(context.getRunAsUser()).isPositive();
        assertThat(container.getResources().getRequests()).containsKeys("cpu", "memory");
        assertThat(container.getResources().getLimits()).containsKey("memory");
    }

    private static Map<String, String> environment(Container container) {
        return container.getEnv().stream()
                .filter(each -> each.getValue() != null)
                .collect(Collectors.toMap(EnvVar::getName, EnvVar::getValue));
    }

    private static Container container(PodSpec pod, String name) {
        return containers(pod).stream()
                .filter(each -> each.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<Container> containers(PodSpec pod) {
        return Stream.concat(pod.getInitContainers().stream(), pod.getContainers().stream())
                .toList();
    }
}
