package dev.ebb.controlplane.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import org.junit.jupiter.api.Test;

/// Which preStop hooks are an application's own.
class OwnHooksTest {
    private static final Container PROXY =
            new ContainerBuilder()
                    .withName("ebb-proxy")
                    .addNewPort()
                    .withContainerPort(5191)
                    .endPort()
                    .withNewLifecycle()
                    .withNewPreStop()
                    .withNewSleep(1L)
                    .endPreStop()
                    .endLifecycle()
                    .build();

    @Test
    void containerWithoutAHookHasNone() {
        assertThat(OwnHooks.of(pod(app().build(), PROXY))).isEmpty();
    }

    @Test
    void questionToTheProxyIsNotTheApplicationsOwn() {
        assertThat(OwnHooks.of(pod(get("/departure", 4191), PROXY))).isEmpty();
        assertThat(OwnHooks.of(pod(get("/departure", 5191), PROXY))).isEmpty();
    }

    @Test
    void everyOtherHookIs() {
        Container sleeping =
                app().withNewLifecycle()
                        .withNewPreStop()
                        .withNewSleep(20L)
                        .endPreStop()
                        .endLifecycle()
                        .build();

        assertThat(OwnHooks.of(pod(sleeping, PROXY))).containsExactly("app");
        assertThat(OwnHooks.of(pod(get("/departure", 8080), PROXY))).containsExactly("app");
        assertThat(OwnHooks.of(pod(get("/quit", 4191), PROXY))).containsExactly("app");
    }

    @Test
    void podWithoutASpecHasNone() {
        assertThat(OwnHooks.of(new Pod())).isEmpty();
    }

    private static Container get(String path, int port) {
        return app().withNewLifecycle()
                .withNewPreStop()
                .withNewHttpGet()
                .withPath(path)
                .withNewPort(port)
                .endHttpGet()
                .endPreStop()
                .endLifecycle()
                .build();
    }

    private static ContainerBuilder app() {
        return new ContainerBuilder().withName("app");
    }

    private static Pod pod(Container... containers) {
        return new PodBuilder().withNewSpec().addToContainers(containers).endSpec().build();
    }
}
