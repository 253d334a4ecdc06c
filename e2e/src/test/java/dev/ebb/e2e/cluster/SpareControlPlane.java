package dev.ebb.e2e.cluster;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/// A control plane beside the cluster's own, as `deploy/ebb.yaml` says it but in the namespace of a
/// scene and with rights of its own, so that a test may spoil it. No proxy knows of it. Its rights
/// go with the namespace.
public final class SpareControlPlane {
    private static final String NAME = "ebb-control-plane";
    private static final Duration READY = Duration.ofMinutes(2);

    private final Scene scene;

    private SpareControlPlane(Scene scene) {
        this.scene = scene;
    }

    /// Creates it, and does not wait.
    ///
    /// @param role what is different from the manifest's ClusterRole
    /// @param container what is different from the manifest's container
    public static SpareControlPlane create(
            Scene scene, Consumer<ClusterRole> role, Consumer<Container> container) {
        SpareControlPlane spare = new SpareControlPlane(scene);
        for (HasMetadata object : manifest(scene)) {
            switch (object) {
                case ServiceAccount account -> spare.create(account);
                case ClusterRole rights -> {
                    role.accept(rights);
                    spare.createForTheCluster(rights);
                }
                case ClusterRoleBinding binding -> {
                    binding.getRoleRef().setName(scene.namespace());
                    binding.getSubjects()
                            .forEach(subject -> subject.setNamespace(scene.namespace()));
                    spare.createForTheCluster(binding);
                }
                case Deployment deployment -> {
                    container.accept(
                            deployment
                                    .getSpec()
                                    .getTemplate()
                                    .getSpec()
                                    .getContainers()
                                    .getFirst());
                    spare.create(deployment);
                }
                default -> {
                    // Neither its namespace nor its Service is needed.
                }
            }
        }
        return spare;
    }

    /// Takes a verb away from a resource in a ClusterRole.
    public static void withoutVerb(ClusterRole role, String resource, String verb) {
        role.getRules().stream()
                .filter(rule -> rule.getResources().contains(resource))
                .forEach(rule -> rule.getVerbs().remove(verb));
        // A rule without a verb is invalid.
        role.getRules().removeIf(rule -> rule.getVerbs().isEmpty());
    }

    /// Gives it the rights that the manifest says.
    public void repairRights() {
        manifest(scene).stream()
                .filter(ClusterRole.class::isInstance)
                .map(ClusterRole.class::cast)
                .forEach(role ->
                        scene.client()
                                .rbac()
                                .clusterRoles()
                                .withName(scene.namespace())
                                .edit(object -> {
                                    object.setRules(role.getRules());
                                    return object;
                                }));
    }

    /// Its pods.
    public List<Pod> pods() {
        return scene.client()
                .pods()
                .inNamespace(scene.namespace())
                .withLabel("app.kubernetes.io/name", NAME)
                .list()
                .getItems();
    }

    /// What it has written so far.
    public List<String> log() {
        return scene.logs().lines().stream()
                .filter(line -> line.container().equals(NAME))
                .map(LogLine::text)
                .toList();
    }

    /// Waits until it serves.
    public void awaitReady() {
        Poll.untilPods(
                "the control plane of " + scene.namespace(),
                READY,
                this::pods,
                pods -> !pods.isEmpty() && pods.stream().allMatch(Readiness::isPodReady));
    }

    private void create(HasMetadata object) {
        object.getMetadata().setNamespace(scene.namespace());
        scene.apply(List.of(object));
    }

    /// An object of no namespace, which Kubernetes deletes when the scene's has gone.
    private void createForTheCluster(HasMetadata object) {
        Namespace owner = scene.client().namespaces().withName(scene.namespace()).get();
        object.getMetadata().setName(scene.namespace());
        object.getMetadata()
                .setOwnerReferences(
                        List.of(
                                new OwnerReferenceBuilder()
                                        .withApiVersion("v1")
                                        .withKind("Namespace")
                                        .withName(scene.namespace())
                                        .withUid(owner.getMetadata().getUid())
                                        .build()));
        scene.client().resource(object).create();
    }

    private static List<HasMetadata> manifest(Scene scene) {
        try (InputStream yaml = Files.newInputStream(Home.file("deploy/ebb.yaml"))) {
            return scene.client().load(yaml).items();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
