package dev.ebb.controlplane;

import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Arrays;
import java.util.List;

/// One namespace of a real API server, with what controllers and the kubelet would write there.
final class Shop {
    private final KubernetesClient client;
    private final String namespace;

    /// Makes the namespace.
    Shop(KubernetesClient client, String namespace) {
        this.client = client;
        this.namespace = namespace;
        create(new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build());
        create(
                new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName("default")
                        .endMetadata()
                        .build());
    }

    String namespace() {
        return namespace;
    }

    /// A running pod with a proxy, bound to a node, so that its deletion waits for the kubelet.
    Pod pod(String name, String ip) {
        return pod(name, ip, "Always");
    }

    Pod pod(String name, String ip, String restartPolicy) {
        Pod pod =
                create(
                        new PodBuilder()
                                .withNewMetadata()
                                .withNamespace(namespace)
                                .withName(name)
                                .endMetadata()
                                .withNewSpec()
                                .withNodeName("node-1")
                                .withServiceAccountName("default")
                                .withRestartPolicy(restartPolicy)
                                .withTerminationGracePeriodSeconds(30L)
                                .addNewContainer()
                                .withName("app")
                                .withImage("app")
                                .endContainer()
                                .addNewContainer()
                                .withName("ebb-proxy")
                                .withImage("proxy")
                                .endContainer()
                                .endSpec()
                                .build());
        Pod running =
                new PodBuilder(pod)
                        .withNewStatus()
                        .withPhase("Running")
                        .withPodIP(ip)
                        .withPodIPs(new PodIP(ip))
                        .endStatus()
                        .build();
        return client.resource(running).updateStatus();
    }

    /// What the kubelet says when the application's container has ended.
    void applicationEnds(Pod pod, int exitCode) {
        Pod current = client.resource(pod).get();
        client.resource(
                        new PodBuilder(current)
                                .editStatus()
                                .withContainerStatuses(
                                        new ContainerStatusBuilder()
                                                .withName("app")
                                                .withImage("app")
                                                .withImageID("app")
                                                .withReady(false)
                                                .withRestartCount(0)
                                                .withNewState()
                                                .withNewTerminated()
                                                .withExitCode(exitCode)
                                                .endTerminated()
                                                .endState()
                                                .build())
                                .endStatus()
                                .build())
                .updateStatus();
    }

    void delete(Pod pod) {
        client.pods().inNamespace(namespace).withName(pod.getMetadata().getName()).delete();
    }

    /// What the kubelet does when everything in the pod has ended.
    void remove(Pod pod) {
        client.pods()
                .inNamespace(namespace)
                .withName(pod.getMetadata().getName())
                .withGracePeriod(0)
                .delete();
    }

    Service service(String name) {
        return create(
                new ServiceBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName(name)
                        .endMetadata()
                        .withNewSpec()
                        .addNewPort()
                        .withName("http")
                        .withPort(80)
                        .withNewTargetPort(8080)
                        .endPort()
                        .endSpec()
                        .build());
    }

    /// What the EndpointSlice controller writes for pods that are ready.
    void slice(String service, Pod... pods) {
        List<Endpoint> endpoints = Arrays.stream(pods).map(Shop::endpoint).toList();
        var _ =
                client.resource(
                                new EndpointSliceBuilder()
                                        .withNewMetadata()
                                        .withNamespace(namespace)
                                        .withName(service + "-1")
                                        .addToLabels("kubernetes.io/service-name", service)
                                        .endMetadata()
                                        .withAddressType("IPv4")
                                        .addNewPort()
                                        .withName("http")
                                        .withPort(8080)
                                        .withProtocol("TCP")
                                        .endPort()
                                        .withEndpoints(endpoints)
                                        .build())
                        .forceConflicts()
                        .serverSideApply();
    }

    /// What the kubelet projects into a pod.
    String token(Pod pod, String audience) {
        return client.serviceAccounts()
                .inNamespace(namespace)
                .withName("default")
                .tokenRequest(
                        new TokenRequestBuilder()
                                .withNewSpec()
                                .withAudiences(audience)
                                .withNewBoundObjectRef()
                                .withApiVersion("v1")
                                .withKind("Pod")
                                .withName(pod.getMetadata().getName())
                                .withUid(pod.getMetadata().getUid())
                                .endBoundObjectRef()
                                .endSpec()
                                .build())
                .getStatus()
                .getToken();
    }

    private static Endpoint endpoint(Pod pod) {
        return new EndpointBuilder()
                .withAddresses(pod.getStatus().getPodIP())
                .withNewConditions()
                .withReady(true)
                .withServing(true)
                .withTerminating(false)
                .endConditions()
                .withNewTargetRef()
                .withKind("Pod")
                .withNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName())
                .withUid(pod.getMetadata().getUid())
                .endTargetRef()
                .build();
    }

    private <T extends HasMetadata> T create(T object) {
        return client.resource(object).create();
    }
}
