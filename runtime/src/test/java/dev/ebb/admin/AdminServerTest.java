package dev.ebb.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ebb.lifecycle.Lifecycle;
import dev.ebb.logging.Logging;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Each row of the admin table over real sockets, written by hand so that nothing is added to what
/// is sent.
class AdminServerTest {

    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    private final Lifecycle lifecycle = new Lifecycle();
    private final AtomicInteger shutdowns = new AtomicInteger();
    private final GatedDeparture departure = new GatedDeparture();
    private @Nullable AdminServer running;

    @BeforeEach
    void start() throws IOException {
        running = serve(shutdowns::incrementAndGet, departure);
    }

    @AfterEach
    void stop() {
        server().close();
        Logging.levels("warn,ebb=info");
    }

    @Test
    void liveWhileDrainingToo() throws IOException {
        lifecycle.draining();

        assertThat(get("/live")).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\nlive\n");
    }

    @Test
    void readyFollowsTheLifecycle() throws IOException {
        assertThat(get("/ready")).startsWith("HTTP/1.1 503 ").endsWith("not ready\n");

        lifecycle.started();

        assertThat(get("/ready")).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\nready\n");
    }

    @Test
    void metricsComeInTheFormThatIsAccepted() throws IOException {
        String answer = ask("GET /metrics HTTP/1.1\r\nHost: x\r\nAccept: fancy\r\n");

        assertThat(answer)
                .startsWith("HTTP/1.1 200 ")
                .containsIgnoringCase("content-type: type-for-fancy\r\n")
                .endsWith("\r\n\r\nmetrics for fancy\n");
    }

    @Test
    void headAnswersWithoutABody() throws IOException {
        assertThat(ask("HEAD /live HTTP/1.1\r\nHost: x\r\n"))
                .startsWith("HTTP/1.1 200 ")
                .containsIgnoringCase("content-length: 5\r\n")
                .endsWith("\r\n\r\n");
    }

    @Test
    void unknownPathsAreNotFound() throws IOException {
        assertThat(get("/")).startsWith("HTTP/1.1 404 ");
        assertThat(get("/live/")).startsWith("HTTP/1.1 404 ");
        assertThat(get("/shutdown/../live")).startsWith("HTTP/1.1 404 ");
    }

    @Test
    void otherMethodsAreRefusedWithWhatIsAllowed() throws IOException {
        Map<String, String> allowed =
                Map.of(
                        "/live", "GET, HEAD",
                        "/ready", "GET, HEAD",
                        "/metrics", "GET, HEAD",
                        "/shutdown", "POST",
                        "/departure", "GET, HEAD, POST",
                        "/log-level", "GET, HEAD, PUT",
                        "/config", "GET, HEAD");

        for (Map.Entry<String, String> path : allowed.entrySet()) {
            assertThat(ask("DELETE " + path.getKey() + " HTTP/1.1\r\nHost: localhost\r\n"))
                    .startsWith("HTTP/1.1 405 ")
                    .containsIgnoringCase("allow: " + path.getValue() + "\r\n");
        }
    }

    @Test
    void shutdownByPostFromLoopback() throws IOException {
        assertThat(post("/shutdown", "localhost:4191"))
                .startsWith("HTTP/1.1 200 ")
                .endsWith("\r\n\r\nshutdown\n");

        assertThat(shutdowns).hasValue(1);
    }

    @Test
    void shutdownAskedTwiceIsAnsweredTwice() throws IOException {
        lifecycle.draining();

        assertThat(post("/shutdown", "localhost")).startsWith("HTTP/1.1 200 ");
        assertThat(post("/shutdown", "localhost")).startsWith("HTTP/1.1 200 ");

        assertThat(shutdowns).hasValue(2);
    }

    @Test
    void getDoesNotShutDown() throws IOException {
        assertThat(get("/shutdown")).startsWith("HTTP/1.1 405 ");

        assertThat(shutdowns).hasValue(0);
    }

    @Test
    void aForeignHostIsRefusedOnLoopbackPaths() throws IOException {
        assertThat(post("/shutdown", "evil.example")).startsWith("HTTP/1.1 403 ");
        assertThat(post("/departure", "evil.example")).startsWith("HTTP/1.1 403 ");
        assertThat(ask("GET /config HTTP/1.1\r\nHost: evil.example\r\n"))
                .startsWith("HTTP/1.1 403 ");
        assertThat(ask("PUT /log-level HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 0\r\n"))
                .startsWith("HTTP/1.1 403 ");

        assertThat(shutdowns).hasValue(0);
        assertThat(departure.started).hasValue(0);
    }

    @Test
    void shutdownSwitchedOffIsNotFound() throws IOException {
        server().close();
        running = serve(null, null);

        assertThat(post("/shutdown", "localhost")).startsWith("HTTP/1.1 404 ");
        assertThat(get("/departure")).startsWith("HTTP/1.1 404 ");
    }

    /// The peer's own address is judged, whatever the `Host` says. The address of another interface
    /// of this machine is not loopback, and needs no second machine.
    @Test
    void othersThanLoopbackChangeNothing() throws IOException {
        InetAddress other = otherAddress();
        List<String> answers = new ArrayList<>();
        for (String head :
                List.of(
                        "POST /shutdown HTTP/1.1",
                        "POST /departure HTTP/1.1",
                        "PUT /log-level HTTP/1.1",
                        "GET /log-level HTTP/1.1",
                        "GET /config HTTP/1.1")) {
            answers.add(ask(other, head + "\r\nHost: localhost\r\nContent-Length: 0\r\n"));
        }

        assertThat(answers).allMatch(answer -> answer.startsWith("HTTP/1.1 403 "));
        assertThat(shutdowns).hasValue(0);
        assertThat(departure.started).hasValue(0);
    }

    @Test
    void othersThanLoopbackLearnLittleOfADeparture() throws IOException {
        departure.end.complete(ANSWER);

        assertThat(ask(otherAddress(), "GET /departure HTTP/1.1\r\nHost: localhost\r\n"))
                .startsWith("HTTP/1.1 200 ")
                .endsWith("\r\n\r\n{\"state\":\"released\",\"remaining_s\":7}\n");
    }

    @Test
    void loopbackLearnsAllOfADeparture() throws IOException {
        departure.end.complete(ANSWER);

        assertThat(get("/departure"))
                .startsWith("HTTP/1.1 200 ")
                .endsWith(
                        "\r\n\r\n{\"state\":\"released\",\"remaining_s\":7,\"reason\":\"nobody holds"
                                + " it\",\"waited_for\":[\"a\"]}\n");
    }

    @Test
    void theHookIsHeldUntilTheDepartureIsOver() throws Exception {
        CompletableFuture<String> hook = later("GET /departure HTTP/1.1\r\nHost: x\r\n");
        await().until(() -> departure.asked.get() == 1);
        assertThat(hook).isNotDone();
        assertThat(get("/live")).startsWith("HTTP/1.1 200 ");

        departure.end.complete(ANSWER);

        assertThat(hook.get()).startsWith("HTTP/1.1 200 ").contains("released");
    }

    @Test
    void twoHooksAreHeldAndEndTogether() throws Exception {
        CompletableFuture<String> first = later("GET /departure HTTP/1.1\r\nHost: x\r\n");
        CompletableFuture<String> second = later("HEAD /departure HTTP/1.1\r\nHost: x\r\n");
        await().until(() -> departure.asked.get() == 2);
        assertThat(first).isNotDone();
        assertThat(second).isNotDone();

        departure.end.complete(ANSWER);

        assertThat(first.get()).startsWith("HTTP/1.1 200 ").contains("released");
        assertThat(second.get()).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\n");
        assertThat(get("/departure")).contains("released");
    }

    @Test
    void postStartsADepartureAndIsHeld() throws Exception {
        CompletableFuture<String> post =
                later("POST /departure HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n");
        await().until(() -> departure.started.get() == 1);
        assertThat(post).isNotDone();

        departure.end.complete(ANSWER);

        assertThat(post.get()).startsWith("HTTP/1.1 200 ").contains("released");
    }

    @Test
    void theHookEndsWith200EvenIfTheDepartureFails() throws IOException {
        departure.end.completeExceptionally(new IllegalStateException("thrown by the test"));

        assertThat(get("/departure"))
                .startsWith("HTTP/1.1 200 ")
                .endsWith("{\"state\":\"failed\",\"remaining_s\":0}\n");
    }

    @Test
    void aCallerThatLeavesWhileWaitingDisturbsNobody() throws Exception {
        try (Socket socket = new Socket(LOOPBACK, server().port())) {
            send(socket, "GET /departure HTTP/1.1\r\nHost: localhost\r\n");
            await().until(() -> departure.asked.get() == 1);
        }
        CompletableFuture<String> second = later("GET /departure HTTP/1.1\r\nHost: localhost\r\n");
        await().until(() -> departure.asked.get() == 2);

        departure.end.complete(ANSWER);

        assertThat(second.get()).contains("released");
    }

    @Test
    void theSeventeenthWaitingCallerOfAPeerIsTurnedAway() throws Exception {
        List<CompletableFuture<String>> sixteen = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            sixteen.add(later("GET /departure HTTP/1.1\r\nHost: localhost\r\n"));
        }
        await().until(() -> departure.asked.get() == 16);

        assertThat(get("/departure")).startsWith("HTTP/1.1 429 ");
        departure.end.complete(ANSWER);

        for (CompletableFuture<String> caller : sixteen) {
            assertThat(caller.get()).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void logLevelsAreReadAndSet() throws IOException {
        assertThat(put("debug")).startsWith("HTTP/1.1 204 ");

        assertThat(get("/log-level")).endsWith("\r\n\r\ndebug\n");
    }

    @Test
    void aMalformedLogLevelIsRefusedWithTheForm() throws IOException {
        assertThat(put("loud"))
                .startsWith("HTTP/1.1 400 ")
                .endsWith("\"loud\" (expected: levels such as warn or warn,ebb=info)\n");
        assertThat(put("x".repeat(5000))).startsWith("HTTP/1.1 413 ");

        assertThat(Logging.levels()).isEqualTo("warn,ebb=info");
    }

    @Test
    void configIsShownToLoopback() throws IOException {
        assertThat(get("/config")).startsWith("HTTP/1.1 200 ").endsWith("{\"grace\":\"30s\"}\n");
    }

    @Test
    void closingCutsOffThoseWhoWait() throws Exception {
        CompletableFuture<String> hook = later("GET /departure HTTP/1.1\r\nHost: localhost\r\n");
        await().until(() -> departure.asked.get() == 1);

        server().close();

        assertThat(hook.get()).isEmpty();
    }

    /// Takes the 5 s that a request may take.
    @Test
    void aRequestThatNeverEndsIsCutOff() throws IOException {
        try (Socket socket = new Socket(LOOPBACK, server().port())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream()
                    .write("GET /live HTTP/1.1\r\nHo".getBytes(StandardCharsets.US_ASCII));

            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    /// Nagle's algorithm and delayed acknowledgements together make it 40 ms.
    @Test
    void answersOnOneConnectionDoNotStall() throws IOException {
        try (Socket socket = new Socket(LOOPBACK, server().port())) {
            byte[] buffer = new byte[4096];
            long began = System.nanoTime();
            for (int i = 0; i < 50; i++) {
                socket.getOutputStream()
                        .write(
                                "GET /live HTTP/1.1\r\nHost: x\r\n\r\n"
                                        .getBytes(StandardCharsets.US_ASCII));
                StringBuilder answer = new StringBuilder();
                while (!answer.toString().endsWith("live\n")) {
                    int n = socket.getInputStream().read(buffer);
                    answer.append(new String(buffer, 0, n, StandardCharsets.US_ASCII));
                }
            }
            Duration took = Duration.ofNanos(System.nanoTime() - began);

            assertThat(took).isLessThan(Duration.ofSeconds(2));
        }
    }

    private static final DepartureAnswer ANSWER =
            new DepartureAnswer(
                    "released",
                    Duration.ofSeconds(7),
                    "nobody holds it",
                    Map.of("waited_for", List.of("a")));

    private AdminServer serve(
            @Nullable ShutdownTrigger shutdown, @Nullable DepartureEndpoint departure)
            throws IOException {
        return AdminServer.start(
                new InetSocketAddress(0),
                new Routes(
                        lifecycle,
                        new EchoingMetrics(),
                        shutdown,
                        departure,
                        () -> Map.of("grace", "30s")));
    }

    private AdminServer server() {
        return Objects.requireNonNull(running);
    }

    private String get(String path) throws IOException {
        return ask("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n");
    }

    private String post(String path, String host) throws IOException {
        return ask("POST " + path + " HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: 0\r\n");
    }

    private String put(String level) throws IOException {
        return ask(
                LOOPBACK,
                "PUT /log-level HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: "
                        + level.length()
                        + "\r\n\r\n"
                        + level);
    }

    private String ask(String head) throws IOException {
        return ask(LOOPBACK, head);
    }

    /// Sends a request to `address` of this machine and reads until the server closes.
    private String ask(InetAddress address, String head) throws IOException {
        try (Socket socket = new Socket(address, server().port())) {
            send(socket, head);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (SocketException e) {
            return "";
        }
    }

    private CompletableFuture<String> later(String head) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        answer.complete(ask(head));
                    } catch (IOException e) {
                        answer.completeExceptionally(e);
                    }
                });
        return answer;
    }

    private static void send(Socket socket, String request) throws IOException {
        socket.setSoTimeout(30_000);
        String whole =
                request.contains("\r\n\r\n") ? request : request + "Connection: close\r\n\r\n";
        socket.getOutputStream().write(whole.getBytes(StandardCharsets.US_ASCII));
    }

    private static InetAddress otherAddress() throws SocketException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                .findFirst()
                .orElseThrow(() ->
                        new org.opentest4j.TestAbortedException(
                                "NOT TESTED: this machine has no IPv4 address but"
                                        + " loopback; CallerTest judges such peers"));
    }

    private static final class EchoingMetrics implements MetricsWriter {

        @Override
        public String contentType(@Nullable String accept) {
            return "type-for-" + accept;
        }

        @Override
        public void write(@Nullable String accept, OutputStream out) throws IOException {
            out.write(("metrics for " + accept + "\n").getBytes(StandardCharsets.US_ASCII));
        }
    }

    /// A departure that is over when the test says so.
    private static final class GatedDeparture implements DepartureEndpoint {

        final AtomicInteger asked = new AtomicInteger();
        final AtomicInteger started = new AtomicInteger();
        final CompletableFuture<DepartureAnswer> end = new CompletableFuture<>();

        @Override
        public CompletionStage<DepartureAnswer> ask() {
            asked.incrementAndGet();
            return end;
        }

        @Override
        public CompletionStage<DepartureAnswer> start() {
            started.incrementAndGet();
            return end;
        }
    }
}
