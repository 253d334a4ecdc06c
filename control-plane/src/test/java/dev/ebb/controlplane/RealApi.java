package dev.ebb.controlplane;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A real API server on loopback: `etcd` and `kube-apiserver` from the folder that `EBB_KUBE_BIN`
/// names, or where `e2e/kind/binaries` links them. No controllers and no kubelet: the test is both.
/// Where the programs are absent the tests are skipped, and a line says so.
final class RealApi implements ExecutionCondition, BeforeAllCallback, AfterAllCallback {
    static final String ADMIN = "admin-token";

    /// Of a user who may do nothing.
    static final String NOBODY = "nobody-token";

    private static final Duration START = Duration.ofSeconds(90);
    private static final Pattern REVISION = Pattern.compile("\"revision\":\"(\\d+)\"");

    private final List<Process> processes = new ArrayList<>();
    private @Nullable Path folder;
    private @Nullable KubernetesClient client;
    private int etcdPort;
    private int port;

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (binaries().isPresent()) {
            return ConditionEvaluationResult.enabled("etcd and kube-apiserver are there");
        }
        String skipped =
                "SKIPPED "
                        + context.getDisplayName()
                        + ": no etcd and kube-apiserver (expected: EBB_KUBE_BIN=FOLDER, or run"
                        + " e2e/kind/binaries)";
        System.err.println(skipped);
        return ConditionEvaluationResult.disabled(skipped);
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        folder = Files.createTempDirectory("ebb-api");
        etcdPort = freePort();
        port = freePort();
        writeKeys();
        Files.writeString(
                folder().resolve("tokens.csv"),
                ADMIN + ",admin,1,system:masters\n" + NOBODY + ",nobody,2\n");
        startEtcd();
        startApiServer();
        client = client(ADMIN);
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        if (client != null) {
            client.close();
        }
        for (Process process : processes.reversed()) {
            stop(process);
        }
    }

    /// As an administrator.
    KubernetesClient client() {
        return Objects.requireNonNull(client, "the API server has not been started");
    }

    int port() {
        return port;
    }

    /// Ends the API server and starts another on the same port and the same state.
    void restart() throws Exception {
        stop(processes.removeLast());
        startApiServer();
    }

    /// Lets etcd forget everything but the present state, and the API server what it had cached:
    /// who watches from an earlier version is told 410 Gone.
    void forgetThePast() throws Exception {
        String status = etcd("maintenance/status", "{}");
        Matcher revision = REVISION.matcher(status);
        if (!revision.find()) {
            throw new AssertionError("etcd: " + status + " (expected: a revision)");
        }
        var _ = etcd("kv/compaction", "{\"revision\":\"" + revision.group(1) + "\"}");
        restart();
    }

    /// What the API server answers to who watches pods from there.
    String watchPodsFrom(String resourceVersion) {
        try {
            return String.valueOf(
                    client().raw(
                                    "/api/v1/pods?watch=true&timeoutSeconds=1&resourceVersion="
                                            + resourceVersion));
        } catch (KubernetesClientException e) {
            return "code " + e.getCode() + ": " + e.getMessage();
        }
    }

    private String etcd(String call, String json) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(
                                            URI.create(
                                                    "http://127.0.0.1:" + etcdPort + "/v3/" + call))
                                    .POST(HttpRequest.BodyPublishers.ofString(json))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    /// Ends the API server for now.
    void kill() throws Exception {
        stop(processes.removeLast());
    }

    void startApiServer() throws Exception {
        start(
                "kube-apiserver",
                "--etcd-servers=http://127.0.0.1:" + etcdPort,
                "--bind-address=127.0.0.1",
                "--secure-port=" + port,
                "--cert-dir=" + folder().resolve("certs"),
                "--token-auth-file=" + folder().resolve("tokens.csv"),
                "--authorization-mode=RBAC",
                "--disable-admission-plugins=ServiceAccount",
                "--service-cluster-ip-range=10.96.0.0/16",
                "--service-account-issuer=https://kubernetes.default.svc",
                "--service-account-key-file=" + folder().resolve("sa.pub"),
                "--service-account-signing-key-file=" + folder().resolve("sa.key"),
                "--endpoint-reconciler-type=none");
        try (KubernetesClient admin = client(ADMIN)) {
            await().atMost(START)
                    .ignoreException(KubernetesClientException.class)
                    .until(() -> "ok".equals(admin.raw("/readyz")));
        }
    }

    /// A file as kubectl uses it.
    ///
    /// @param apiPort of the API server, or of something in front of it
    Path kubeconfig(String token, int apiPort) throws IOException {
        return Files.writeString(
                Files.createTempFile(folder(), "kubeconfig", ".yaml"),
                """
                apiVersion: v1
                kind: Config
                clusters:
                  - name: real
                    cluster: {server: "https://127.0.0.1:%d", insecure-skip-tls-verify: true}
                users:
                  - name: test
                    user: {token: "%s"}
                contexts:
                  - name: test
                    context: {cluster: real, user: test}
                current-context: test
                """
                        .formatted(apiPort, token));
    }

    private KubernetesClient client(String token) {
        Config config =
                new ConfigBuilder(Config.empty())
                        .withMasterUrl("https://127.0.0.1:" + port)
                        .withOauthToken(token)
                        .withTrustCerts(true)
                        .withDisableHostnameVerification(true)
                        .withRequestRetryBackoffLimit(0)
                        .withHttp2Disable(true)
                        .build();
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    private void startEtcd() throws Exception {
        String own = "http://127.0.0.1:" + etcdPort;
        String peer = "http://127.0.0.1:" + freePort();
        start(
                "etcd",
                "--data-dir=" + folder().resolve("etcd"),
                "--listen-client-urls=" + own,
                "--advertise-client-urls=" + own,
                "--listen-peer-urls=" + peer,
                "--initial-advertise-peer-urls=" + peer,
                "--initial-cluster=default=" + peer,
                "--unsafe-no-fsync");
    }

    private void start(String program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(binaries().orElseThrow().resolve(program).toString());
        command.addAll(List.of(arguments));
        processes.add(
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(
                                ProcessBuilder.Redirect.appendTo(
                                        folder().resolve(program + ".log").toFile()))
                        .start());
    }

    private static void stop(Process process) throws InterruptedException {
        process.destroyForcibly();
        process.waitFor(10, TimeUnit.SECONDS);
    }

    /// What the API server signs the tokens of ServiceAccounts with.
    private void writeKeys() throws IOException, NoSuchAlgorithmException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair pair = generator.generateKeyPair();
        writePem("sa.key", "PRIVATE KEY", pair.getPrivate().getEncoded());
        writePem("sa.pub", "PUBLIC KEY", pair.getPublic().getEncoded());
    }

    private void writePem(String name, String type, byte[] content) throws IOException {
        Files.writeString(
                folder().resolve(name),
                "-----BEGIN %s-----\n%s\n-----END %s-----\n"
                        .formatted(type, Base64.getMimeEncoder().encodeToString(content), type));
    }

    private Path folder() {
        return Objects.requireNonNull(folder, "the API server has not been started");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static Optional<Path> binaries() {
        return Optional.of(
                        Path.of(
                                System.getenv()
                                        .getOrDefault("EBB_KUBE_BIN", "../e2e/kind/target/bin")))
                .filter(bin -> Files.isExecutable(bin.resolve("etcd")))
                .filter(bin -> Files.isExecutable(bin.resolve("kube-apiserver")));
    }
}
