package dev.ebb.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What a control plane does while the API server is away, silent or not willing.
class KubernetesOutageIT {
    @RegisterExtension static final RealApi API = new RealApi();

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final AtomicInteger NAMESPACES = new AtomicInteger();

    private final Shop shop = new Shop(API.client(), "outage-" + NAMESPACES.incrementAndGet());
    private final Pod pod = shop.pod("web-1", "10.1.0.1");

    @BeforeAll
    static void controlPlaneHasItsRole() throws Exception {
        ClusterRights.grant(API.client());
    }

    @BeforeEach
    void webIsServed() {
        shop.service("web");
        shop.slice("web", pod);
    }

    @AfterEach
    void clean() {
        API.client().pods().inNamespace(shop.namespace()).withGracePeriod(0).delete();
    }

    @Test
    void stateIsKeptWhileTheApiServerIsAwayAndResyncedWhenItIsBack() throws Exception {
        try (RunningControlPlane running = start(API.port(), Duration.ofSeconds(90))) {
            await().atMost(LIMIT).until(() -> ips(running).equals(List.of("10.1.0.1")));

            API.kill();

            // Long enough for its watches to have failed, and to have been begun anew in vain.
            await().during(Duration.ofSeconds(5))
                    .atMost(LIMIT)
                    .untilAsserted(() -> {
                        assertThat(ips(running)).containsExactly("10.1.0.1");
                        assertThat(running.status("/ready")).isEqualTo(200);
                    });

            API.startApiServer();
            Pod added = shop.pod("web-2", "10.1.0.2");
            shop.slice("web", pod, added);

            await().atMost(LIMIT).until(() -> ips(running).equals(List.of("10.1.0.1", "10.1.0.2")));
        }
    }

    @Test
    void watchThatIsDeadWithoutAWordIsBegunAnew() throws Exception {
        try (FreezingRelay relay = new FreezingRelay(API.port());
                RunningControlPlane running = start(relay.port(), Duration.ofSeconds(3))) {
            await().atMost(LIMIT).until(() -> ips(running).equals(List.of("10.1.0.1")));
            relay.freezeThoseThatThereAre();

            shop.slice("web", pod, shop.pod("web-2", "10.1.0.2"));

            assertThat(running.get("/metrics")).contains("ebb_watch_last_event_seconds");
            await().atMost(LIMIT).until(() -> ips(running).equals(List.of("10.1.0.1", "10.1.0.2")));
        }
    }

    @Test
    void podThatWentWhileNobodyWatchedIsFoundOut() throws Exception {
        try (FreezingRelay relay = new FreezingRelay(API.port());
                RunningControlPlane running = start(relay.port(), Duration.ofSeconds(3))) {
            await().atMost(LIMIT).until(() -> ips(running).equals(List.of("10.1.0.1")));
            relay.freezeThoseThatThereAre();

            shop.remove(pod);

            await().atMost(LIMIT).until(() -> ips(running).isEmpty());
        }
    }

    @Test
    void watchThatIsTooOldIsAnswered410AndEverythingIsListedAgain() throws Exception {
        try (FreezingRelay relay = new FreezingRelay(API.port());
                RunningControlPlane running = start(relay.port(), Duration.ofSeconds(90))) {
            await().atMost(LIMIT).until(() -> ips(running).equals(List.of("10.1.0.1")));
            String seen = API.client().pods().list().getMetadata().getResourceVersion();
            relay.cut();

            Pod added = shop.pod("web-2", "10.1.0.2");
            shop.slice("web", pod, added);
            shop.remove(pod);
            API.forgetThePast();
            assertThat(API.watchPodsFrom(seen)).contains("410");
            relay.restore();

            await().atMost(LIMIT).until(() -> ips(running).equals(List.of("10.1.0.2")));
        }
    }

    @Test
    void rightsThatAreMissingAreNamedAndWhenTheyComeTheControlPlaneIsReady() throws Exception {
        API.client()
                .rbac()
                .clusterRoles()
                .withName("ebb-control-plane")
                .edit(role ->
                        new ClusterRoleBuilder(role)
                                .removeMatchingFromRules(
                                        rule -> rule.getResources().contains("tokenreviews"))
                                .build());
        try (RunningControlPlane running =
                RunningControlPlane.kubernetes(
                        API.kubeconfig(ClusterRights.token(API.client()), API.port()),
                        Duration.ofSeconds(90),
                        Duration.ZERO)) {
            await().atMost(LIMIT).until(() -> ips(running).equals(List.of("10.1.0.1")));

            assertThat(running.status("/ready"))
                    .as("endpoints alone are not enough")
                    .isEqualTo(503);

            ClusterRights.grant(API.client());

            await().atMost(LIMIT).until(() -> running.status("/ready") == 200);
        }
    }

    @Test
    void whatTheRoleDoesNotGrantIsNamedAndTheControlPlaneIsNotReady() throws Exception {
        try (ControlPlaneProcess process =
                ControlPlaneProcess.start(
                        "kubernetes",
                        "--listen=127.0.0.1:0",
                        "--admin-listen=127.0.0.1:0",
                        "--kubeconfig=" + API.kubeconfig(RealApi.NOBODY, API.port()))) {
            await().atMost(LIMIT).until(() -> process.output().contains("pods is forbidden"));
            await().atMost(LIMIT).until(() -> process.output().contains("deploy/ebb.yaml"));
            await().atMost(LIMIT)
                    .until(() ->
                            process.output()
                                    .contains(
                                            "missing=\"create tokenreviews.authentication.k8s.io\""));
            assertThat(process.ready()).isEqualTo(503);
        }
    }

    @Test
    void apiServerThatCannotBeReachedIsNamedAndTriedAgain() throws Exception {
        try (ControlPlaneProcess process =
                ControlPlaneProcess.start(
                        "kubernetes",
                        "--listen=127.0.0.1:0",
                        "--admin-listen=127.0.0.1:0",
                        "--kubeconfig=" + API.kubeconfig(RealApi.ADMIN, 1))) {
            await().atMost(LIMIT)
                    .until(() -> process.output().contains("Cannot list and watch; trying again"));
            await().atMost(LIMIT).until(() -> process.output().contains("https://127.0.0.1:1/"));
        }
    }

    private static RunningControlPlane start(int apiPort, Duration watchSilence) throws Exception {
        RunningControlPlane running =
                RunningControlPlane.kubernetes(
                        API.kubeconfig(ClusterRights.token(API.client()), apiPort),
                        watchSilence,
                        Duration.ZERO);
        await().atMost(LIMIT).until(() -> running.status("/ready") == 200);
        return running;
    }

    private List<String> ips(RunningControlPlane running) {
        return running.endpoints("web." + shop.namespace() + ":80");
    }
}
