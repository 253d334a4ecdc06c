package dev.ebb.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// An admin server that answers what a test wants, when the test wants it. What a test does not
/// mention gets a 404.
final class FakeProxy implements AutoCloseable {

    private final HttpServer server;
    private final Map<String, CompletableFuture<Reply>> replies = new ConcurrentHashMap<>();
    private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();

    private record Reply(int status, String body) {}

    private FakeProxy(HttpServer server) {
        this.server = server;
    }

    static FakeProxy start() throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        FakeProxy proxy = new FakeProxy(server);
        server.createContext("/", proxy::handle);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        return proxy;
    }

    /// Ready, and obeys `/shutdown`.
    static FakeProxy ready() throws IOException {
        return start().answers("GET /ready", 200, "ready")
                .answers("GET /live", 200, "live")
                .answers("POST /shutdown", 200, "shutdown");
    }

    /// From now on a request such as `GET /ready` gets this; those that are held get it, too.
    FakeProxy answers(String request, int status, String body) {
        Reply reply = new Reply(status, body);
        CompletableFuture<Reply> before =
                replies.put(request, CompletableFuture.completedFuture(reply));
        if (before != null) {
            before.complete(reply);
        }
        return this;
    }

    /// From now on such a request gets no answer.
    FakeProxy holds(String request) {
        replies.put(request, new CompletableFuture<>());
        return this;
    }

    int port() {
        return server.getAddress().getPort();
    }

    /// Waits for the next request of this kind; forgets those before it.
    void awaitRequest(String request) throws InterruptedException {
        while (true) {
            String next = requests.poll(30, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError(request + " was not sent within 30 s");
            }
            if (next.equals(request)) {
                return;
            }
        }
    }

    /// The requests that nobody has waited for, in order.
    List<String> requests() {
        return List.copyOf(requests);
    }

    /// Goes away, in the middle of what it holds.
    void dies() {
        server.stop(0);
    }

    @Override
    public void close() {
        dies();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
            CompletableFuture<Reply> reply =
                    replies.getOrDefault(
                            request, CompletableFuture.completedFuture(new Reply(404, "nothing")));
            requests.add(request);
            byte[] body = reply.join().body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(reply.join().status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
