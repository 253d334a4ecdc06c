package dev.ebb.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FixedRateTest {

    private final AtomicInteger asked = new AtomicInteger();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> answer(exchange, 200));
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void everyRequestIsSentOnceAndTimed() throws IOException {
        FixedRateReport report;

        try (FixedRate load = new FixedRate(target())) {
            report = load.run(4, 500, Duration.ofMillis(400));
        }

        assertThat(report.requests()).isEqualTo(200).isEqualTo(asked.get());
        assertThat(report.errors()).isZero();
        assertThat(report.p50()).isPositive().isLessThanOrEqualTo(report.p99());
    }

    @Test
    void refusalsAreErrorsAndNotTimed() throws IOException {
        server.removeContext("/");
        server.createContext("/", exchange -> answer(exchange, 503));
        FixedRateReport report;

        try (FixedRate load = new FixedRate(target())) {
            report = load.run(2, 500, Duration.ofMillis(100));
        }

        assertThat(report.requests()).isZero();
        assertThat(report.errors()).isEqualTo(50);
    }

    private Target target() {
        return new Target(server.getAddress().getPort(), "bench", "/");
    }

    private void answer(HttpExchange exchange, int status) {
        asked.incrementAndGet();
        try (exchange) {
            exchange.sendResponseHeaders(status, 2);
            exchange.getResponseBody().write(new byte[2]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
