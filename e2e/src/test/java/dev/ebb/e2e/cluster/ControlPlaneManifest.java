package dev.ebb.e2e.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;

/// The objects of `deploy/ebb.yaml`, as they are written or moved to another namespace.
final class ControlPlaneManifest {
    /// The namespace that is written there.
    static final String NAMESPACE = "ebb";

    private ControlPlaneManifest() {}

    static List<HasMetadata> asWritten(KubernetesClient client) {
        try (InputStream yaml = Files.newInputStream(Home.file("deploy/ebb.yaml"))) {
            return client.load(yaml).items();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Those of a control plane in a namespace that is there. What belongs to no namespace has its
    /// name, and goes with it.
    static List<HasMetadata> movedTo(String namespace, KubernetesClient client) {
        Namespace home = client.namespaces().withName(namespace).get();
        List<HasMetadata> objects =
                asWritten(client).stream().filter(each -> !(each instanceof Namespace)).toList();
        objects.forEach(object -> move(object, home));
        return objects;
    }

    private static void move(HasMetadata object, Namespace home) {
        String namespace = home.getMetadata().getName();
        if (object instanceof ClusterRole || object instanceof ClusterRoleBinding) {
            object.getMetadata().setName(namespace);
            object.getMetadata().setOwnerReferences(List.of(owner(home)));
        } else {
            object.getMetadata().setNamespace(namespace);
        }
        if (object instanceof ClusterRoleBinding binding) {
            binding.getRoleRef().setName(namespace);
            binding.getSubjects().forEach(subject -> subject.setNamespace(namespace));
        }
    }

    private static OwnerReference owner(Namespace home) {
        return new OwnerReferenceBuilder()
                .withApiVersion("v1")
                .withKind("Namespace")
                .withName(home.getMetadata().getName())
                .withUid(home.getMetadata().getUid())
                .build();
    }
}
