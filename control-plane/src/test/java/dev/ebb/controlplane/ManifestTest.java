package dev.ebb.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// What `deploy/ebb.yaml` lets the control plane do, and how it is run.
class ManifestTest {
    private static final Path MANIFEST = Path.of("../deploy/ebb.yaml");

    @Test
    void controlPlaneMayDoExactlyThis() throws Exception {
        var granted = new TreeSet<String>();
        for (JsonNode rule : object("ClusterRole").path("rules")) {
            for (JsonNode group : rule.path("apiGroups")) {
                for (JsonNode resource : rule.path("resources")) {
                    for (JsonNode verb : rule.path("verbs")) {
                        granted.add(text(verb, resource, group));
                    }
                }
            }
        }

        assertThat(granted)
                .containsExactlyInAnyOrder(
                        "list services",
                        "watch services",
                        "list endpointslices.discovery.k8s.io",
                        "watch endpointslices.discovery.k8s.io",
                        "get pods",
                        "list pods",
                        "watch pods",
                        "create tokenreviews.authentication.k8s.io",
                        "create events");
    }

    /// There is one role, so the list above is the whole one.
    @Test
    void nothingElseGrantsAnything() throws Exception {
        assertThat(documents())
                .extracting(document -> document.path("kind").asString())
                .containsExactly(
                        "Namespace",
                        "ServiceAccount",
                        "ClusterRole",
                        "ClusterRoleBinding",
                        "Service",
                        "Deployment");
        assertThat(object("ClusterRoleBinding").path("roleRef"))
                .hasToString(
                        "{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\","
                                + "\"name\":\"ebb-control-plane\"}");
        assertThat(object("ClusterRole").path("rules"))
                .allSatisfy(rule -> assertThat(rule.has("nonResourceURLs")).isFalse());
        assertThat(object("ClusterRole").has("aggregationRule")).isFalse();
    }

    @Test
    void podIsRestricted() throws Exception {
        JsonNode pod = object("Deployment").at("/spec/template/spec");
        JsonNode container = pod.at("/containers/0/securityContext");

        assertThat(object("Namespace").path("metadata").path("labels"))
                .hasToString(
                        "{\"app.kubernetes.io/part-of\":\"ebb\","
                                + "\"pod-security.kubernetes.io/enforce\":\"restricted\"}");
        assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
        assertThat(pod.at("/securityContext/runAsUser").asInt()).isEqualTo(2102);
        assertThat(container.path("readOnlyRootFilesystem").asBoolean()).isTrue();
        assertThat(container.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
        assertThat(container.at("/capabilities/drop/0").asString()).isEqualTo("ALL");
    }

    /// Also one that is ending: a departing proxy that did not find it would not miss its
    /// subscribers.
    @Test
    void everyReplicaIsFoundByName() throws Exception {
        JsonNode spec = object("Service").path("spec");

        assertThat(spec.path("clusterIP").asString()).isEqualTo("None");
        assertThat(spec.path("publishNotReadyAddresses").asBoolean()).isTrue();
    }

    private static String text(JsonNode verb, JsonNode resource, JsonNode group) {
        String suffix = group.asString().isEmpty() ? "" : "." + group.asString();
        return verb.asString() + " " + resource.asString() + suffix;
    }

    private static JsonNode object(String kind) throws IOException {
        return documents().stream()
                .filter(document -> document.path("kind").asString().equals(kind))
                .findFirst()
                .orElseThrow();
    }

    private static List<JsonNode> documents() throws IOException {
        List<JsonNode> documents = new ArrayList<>();
        try (var values =
                new YAMLMapper()
                        .readerFor(JsonNode.class)
                        .<JsonNode>readValues(Files.readString(MANIFEST))) {
            values.forEachRemaining(documents::add);
        }
        return documents;
    }
}
