package dev.ebb.images;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/// An API server with one Service, one EndpointSlice and one Pod, which is there until the process
/// exits: so much of the API as the control plane speaks, over TLS.
///
/// A double, in a place where nothing is judged: a training needs the same code to be run, not the
/// same answers to be given. The control plane's tests use the real one.
final class TrainingCluster {
    static final String NAMESPACE = "training";
    static final String NAME = "web";
    static final String POD_UID = "5bd0c9a2-0000-4000-8000-000000000001";

    private static final String PODS = "/api/v1/pods";
    private static final int NOT_FOUND = 404;
    private static final int CREATED = 201;
    private static final int OK = 200;

    private final HttpsServer server;
    private final CountDownLatch deleted = new CountDownLatch(1);
    private final CountDownLatch never = new CountDownLatch(1);
    private final Path kubeconfig;
    private final int endpointPort;

    /// @param directory for the kubeconfig and the certificate
    /// @param endpointPort of the Service's only endpoint, on 127.0.0.1
    TrainingCluster(Path directory, int endpointPort) throws IOException, InterruptedException {
        this.endpointPort = endpointPort;
        Certificate certificate = Certificate.create(directory);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(certificate.context()));
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
        kubeconfig = Files.writeString(directory.resolve("kubeconfig"), kubeconfig(certificate));
    }

    /// The file that leads to it.
    Path kubeconfig() {
        return kubeconfig;
    }

    /// As `kubectl delete pod` does: from now on the pod has a deletionTimestamp.
    void deletePod() {
        deleted.countDown();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body =
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String path = exchange.getRequestURI().getPath();
            String query = String.valueOf(exchange.getRequestURI().getQuery());
            if (exchange.getRequestHeaders().containsKey("Upgrade")) {
                // No WebSocket here: the client asks again for the events as they are.
                send(exchange, OK, "");
            } else if (query.contains("watch=true")) {
                watch(exchange, path);
            } else if (exchange.getRequestMethod().equals("POST")) {
                send(exchange, CREATED, created(path, body));
            } else {
                get(exchange, path);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// The two reviews that the control plane asks for; everything else is taken as it is.
    private static String created(String path, String body) {
        if (path.endsWith("/tokenreviews")) {
            return review();
        }
        return path.endsWith("/selfsubjectaccessreviews") ? allowed() : body;
    }

    private void get(HttpExchange exchange, String path) throws IOException {
        switch (path) {
            case "/api/v1/services" -> send(exchange, OK, list("v1", "Service", service()));
            case PODS -> send(exchange, OK, list("v1", "Pod", pod()));
            case "/apis/discovery.k8s.io/v1/endpointslices" ->
                    send(exchange, OK, list("discovery.k8s.io/v1", "EndpointSlice", slice()));
            case "/api/v1/namespaces/" + NAMESPACE + "/pods/" + NAME -> send(exchange, OK, pod());
            default ->
                    send(
                            exchange,
                            NOT_FOUND,
                            """
                            {"kind":"Status","apiVersion":"v1","status":"Failure","reason":"NotFound","code":404}\
                            """);
        }
    }

    /// Never ends; of the pod's deletion, and of nothing else, there are news.
    private void watch(HttpExchange exchange, String path)
            throws IOException, InterruptedException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(OK, 0);
        OutputStream events = exchange.getResponseBody();
        events.flush();
        if (path.equals(PODS)) {
            deleted.await();
            events.write(
                    """
                    {"type":"MODIFIED","object":%s}
                    """
                            // An event is one line.
                            .formatted(pod().replace('\n', ' '))
                            .getBytes(StandardCharsets.UTF_8));
            events.flush();
        }
        never.await();
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static String list(String version, String kind, String item) {
        return """
        {"apiVersion":"%s","kind":"%sList","metadata":{"resourceVersion":"1"},"items":[%s]}\
        """
                .formatted(version, kind, item);
    }

    private static String meta(String name, String more) {
        return """
        {"name":"%s","namespace":"%s","uid":"%s","resourceVersion":"1"%s}\
        """
                .formatted(name, NAMESPACE, POD_UID, more);
    }

    private static String service() {
        return """
        {"apiVersion":"v1","kind":"Service","metadata":%s,
         "spec":{"type":"ClusterIP","clusterIP":"10.96.0.2","clusterIPs":["10.96.0.2"],"ipFamilies":["IPv4"],
                 "ports":[{"name":"http","port":80,"protocol":"TCP"}]}}\
        """
                .formatted(meta(NAME, ""));
    }

    private String slice() {
        return """
        {"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","addressType":"IPv4","metadata":%s,
         "ports":[{"name":"http","port":%d,"protocol":"TCP"}],
         "endpoints":[{"addresses":["127.0.0.1"],"conditions":{"ready":true,"serving":true,"terminating":false},
                       "targetRef":{"kind":"Pod","namespace":"%s","name":"%s","uid":"%s"}}]}\
        """
                .formatted(
                        meta(NAME + "-1", ",\"labels\":{\"kubernetes.io/service-name\":\"web\"}"),
                        endpointPort,
                        NAMESPACE,
                        NAME,
                        POD_UID);
    }

    private String pod() {
        String deletion =
                deleted.getCount() > 0
                        ? ""
                        : """
                        ,"deletionTimestamp":"2026-01-01T00:00:00Z","deletionGracePeriodSeconds":30\
                        """;
        return """
        {"apiVersion":"v1","kind":"Pod","metadata":%s,
         "spec":{"containers":[{"name":"web"}],"initContainers":[{"name":"ebb-proxy","restartPolicy":"Always"}]},
         "status":{"phase":"Running","podIP":"127.0.0.1","podIPs":[{"ip":"127.0.0.1"}]}}\
        """
                .formatted(meta(NAME, deletion));
    }

    private static String review() {
        return """
        {"apiVersion":"authentication.k8s.io/v1","kind":"TokenReview","status":{"authenticated":true,
         "audiences":["ebb"],"user":{"username":"system:serviceaccount:%s:default","extra":{
         "authentication.kubernetes.io/pod-name":["%s"],"authentication.kubernetes.io/pod-uid":["%s"]}}}}\
        """
                .formatted(NAMESPACE, NAME, POD_UID);
    }

    private static String allowed() {
        return """
        {"apiVersion":"authorization.k8s.io/v1","kind":"SelfSubjectAccessReview","status":{"allowed":true}}\
        """;
    }

    private String kubeconfig(Certificate certificate) {
        return """
        apiVersion: v1
        kind: Config
        clusters: [{name: training, cluster: {server: "https://127.0.0.1:%d", certificate-authority-data: %s}}]
        users: [{name: training, user: {token: training}}]
        contexts: [{name: training, context: {cluster: training, user: training}}]
        current-context: training
        """
                .formatted(
                        server.getAddress().getPort(),
                        Base64.getEncoder()
                                .encodeToString(
                                        certificate.pem().getBytes(StandardCharsets.US_ASCII)));
    }
}
