package dev.ebb.admin;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.ebb.json.JsonText;
import dev.ebb.lifecycle.Phase;
import dev.ebb.logging.Logging;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers the paths of the admin server: one method a row of the table in docs/operations.md. Runs
/// on a virtual thread a request, so it may wait.
final class AdminHandler implements HttpHandler {

    private static final Logger LOG = LoggerFactory.getLogger(AdminHandler.class);

    private static final int MAX_BODY = 4096;

    private final Routes routes;
    private final Waiters waiters = new Waiters();

    AdminHandler(Routes routes) {
        this.routes = routes;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Answer answer;
            try {
                answer = answer(exchange);
            } catch (RuntimeException e) {
                LOG.atError()
                        .addKeyValue("path", exchange.getRequestURI().getPath())
                        .setCause(e)
                        .log("An admin request failed");
                answer = Answer.text(500, "internal error, see the log");
            }
            send(exchange, answer);
        }
    }

    private Answer answer(HttpExchange exchange) throws IOException {
        Caller caller =
                new Caller(
                        exchange.getRemoteAddress().getAddress(),
                        exchange.getRequestHeaders().getFirst("Host"));
        String path = exchange.getRequestURI().getPath();
        return switch (path == null ? "" : path) {
            case "/live" -> get(exchange, this::live);
            case "/ready" -> get(exchange, this::ready);
            case "/metrics" -> metrics(exchange);
            case "/shutdown" -> shutdown(exchange, caller);
            case "/departure" -> departure(exchange, caller);
            case "/log-level" -> logLevel(exchange, caller);
            case "/config" -> config(exchange, caller);
            default -> Answer.notFound("no such path");
        };
    }

    private Answer live() {
        return routes.lifecycle().phase() == Phase.STOPPED
                ? Answer.text(503, "not live")
                : Answer.text(Answer.OK, "live");
    }

    private Answer ready() {
        return routes.lifecycle().isReady()
                ? Answer.text(Answer.OK, "ready")
                : Answer.text(503, "not ready");
    }

    private Answer metrics(HttpExchange exchange) throws IOException {
        if (!isGet(exchange)) {
            return Answer.methodNotAllowed("GET, HEAD");
        }
        String accept = exchange.getRequestHeaders().getFirst("Accept");
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        routes.metrics().write(accept, text);
        return new Answer(Answer.OK, routes.metrics().contentType(accept), text, null);
    }

    private Answer shutdown(HttpExchange exchange, Caller caller) {
        if (!exchange.getRequestMethod().equals("POST")) {
            return Answer.methodNotAllowed("POST");
        }
        if (!caller.isLocal()) {
            return Answer.notLocal();
        }
        ShutdownTrigger trigger = routes.shutdown();
        if (trigger == null) {
            return Answer.notFound("shutdown is switched off");
        }
        trigger.shutdown();
        return Answer.text(Answer.OK, "shutdown");
    }

    private Answer departure(HttpExchange exchange, Caller caller) {
        DepartureEndpoint departure = routes.departure();
        if (departure == null) {
            return Answer.notFound("this process does not depart");
        }
        if (isGet(exchange)) {
            return await(departure::ask, caller);
        }
        if (!exchange.getRequestMethod().equals("POST")) {
            return Answer.methodNotAllowed("GET, HEAD, POST");
        }
        return caller.isLocal() ? await(departure::start, caller) : Answer.notLocal();
    }

    private Answer logLevel(HttpExchange exchange, Caller caller) throws IOException {
        boolean put = exchange.getRequestMethod().equals("PUT");
        if (!put && !isGet(exchange)) {
            return Answer.methodNotAllowed("GET, HEAD, PUT");
        }
        if (!caller.isLocal()) {
            return Answer.notLocal();
        }
        if (!put) {
            return Answer.text(Answer.OK, Logging.levels());
        }
        byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY + 1);
        if (body.length > MAX_BODY) {
            return Answer.text(413, "expected: at most " + MAX_BODY + " bytes");
        }
        try {
            Logging.levels(new String(body, StandardCharsets.UTF_8).strip());
            return Answer.nothing();
        } catch (IllegalArgumentException e) {
            return Answer.text(400, String.valueOf(e.getMessage()));
        }
    }

    private Answer config(HttpExchange exchange, Caller caller) {
        if (!isGet(exchange)) {
            return Answer.methodNotAllowed("GET, HEAD");
        }
        return caller.isLocal()
                ? Answer.json(JsonText.of(routes.config().get()))
                : Answer.notLocal();
    }

    /// Waits for the departure to be over. Whatever happens to it, the caller gets a 200: a hook
    /// that fails would make the kubelet go on at once and say no more than that.
    private Answer await(Supplier<CompletionStage<DepartureAnswer>> question, Caller caller) {
        if (!waiters.enter(caller.address())) {
            return Answer.text(429, "too many callers wait already");
        }
        try {
            return Answer.json(
                    JsonText.of(fields(question.get().toCompletableFuture().join(), caller)));
        } catch (RuntimeException e) {
            LOG.atWarn().setCause(e).log("A departure ended without an answer");
            return Answer.json("{\"state\":\"failed\",\"remaining_s\":0}");
        } finally {
            waiters.leave(caller.address());
        }
    }

    private static Map<String, Object> fields(DepartureAnswer answer, Caller caller) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("state", answer.state());
        fields.put("remaining_s", answer.remaining().toSeconds());
        if (caller.isLocal()) {
            fields.put("reason", answer.reason());
            answer.details().forEach(fields::putIfAbsent);
        }
        return fields;
    }

    private static Answer get(HttpExchange exchange, Supplier<Answer> answer) {
        return isGet(exchange) ? answer.get() : Answer.methodNotAllowed("GET, HEAD");
    }

    private static boolean isGet(HttpExchange exchange) {
        return exchange.getRequestMethod().equals("GET") || isHead(exchange);
    }

    private static boolean isHead(HttpExchange exchange) {
        return exchange.getRequestMethod().equals("HEAD");
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        Headers headers = exchange.getResponseHeaders();
        headers.set("Content-Type", answer.contentType());
        String allow = answer.allow();
        if (allow != null) {
            headers.set("Allow", allow);
        }
        if (isHead(exchange)) {
            headers.set("Content-Length", String.valueOf(answer.body().size()));
            exchange.sendResponseHeaders(answer.status(), -1);
        } else if (answer.body().size() == 0) {
            exchange.sendResponseHeaders(answer.status(), -1);
        } else {
            exchange.sendResponseHeaders(answer.status(), answer.body().size());
            answer.body().writeTo(exchange.getResponseBody());
        }
    }
}
