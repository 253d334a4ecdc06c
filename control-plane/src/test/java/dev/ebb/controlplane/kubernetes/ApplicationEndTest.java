package dev.ebb.controlplane.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.controlplane.model.DepartureStatus.Application;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Whether an application has terminated for good, by what the kubelet writes.
class ApplicationEndTest {

    @ParameterizedTest
    @CsvSource({
        "Never,0,GONE",
        "Never,3,GONE",
        "OnFailure,0,GONE",
        "OnFailure,3,RUNNING",
        "Always,0,RUNNING"
    })
    void restartPolicyDecidesWhetherAnEndIsForGood(
            String policy, int exitCode, Application expected) {
        assertThat(FromApi.pod(pod(policy, ended("app", exitCode))).application())
                .isEqualTo(expected);
    }

    @Test
    void whatIsBeingDeletedIsNotStartedAgain() {
        assertThat(FromApi.pod(deleted(pod("Always", ended("app", 1)))).application())
                .isEqualTo(Application.GONE);
    }

    @Test
    void whileAPodIsStoppedAContainerThatRunsTellsNothing() {
        assertThat(FromApi.pod(deleted(pod("Always"))).application())
                .isEqualTo(Application.UNKNOWN);
    }

    @Test
    void everyContainerButTheProxyCounts() {
        Pod two =
                new PodBuilder(pod("Never", ended("app", 0)))
                        .editSpec()
                        .addNewContainer()
                        .withName("second")
                        .endContainer()
                        .endSpec()
                        .build();

        assertThat(FromApi.pod(two).application()).isEqualTo(Application.RUNNING);
    }

    private static Pod deleted(Pod pod) {
        return new PodBuilder(pod)
                .editMetadata()
                .withDeletionTimestamp("2026-11-23T22:00:00Z")
                .withDeletionGracePeriodSeconds(30L)
                .endMetadata()
                .build();
    }

    private static Pod pod(String policy, ContainerStatus... statuses) {
        return new PodBuilder()
                .withNewMetadata()
                .withNamespace("shop")
                .withName("job")
                .withUid("u1")
                .endMetadata()
                .withNewSpec()
                .withRestartPolicy(policy)
                .addNewContainer()
                .withName("app")
                .endContainer()
                .addNewContainer()
                .withName("ebb-proxy")
                .endContainer()
                .endSpec()
                .withNewStatus()
                .withContainerStatuses(statuses)
                .endStatus()
                .build();
    }

    private static ContainerStatus ended(String container, int exitCode) {
        return new ContainerStatusBuilder()
                .withName(container)
                .withNewState()
                .withNewTerminated()
                .withExitCode(exitCode)
                .endTerminated()
                .endState()
                .build();
    }
}
