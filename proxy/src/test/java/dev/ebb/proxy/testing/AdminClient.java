package dev.ebb.proxy.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;

/// Asks an admin server, as a kubelet or `ebb-await` would.
public final class AdminClient {

    private AdminClient() {}

    /// Asks for a hold and blocks until the application may be told to stop.
    ///
    /// @return the answer's JSON
    public static String holdAndWait(InetSocketAddress admin) throws IOException {
        return ask(admin, "POST", "/departure").body();
    }

    /// As [#holdAndWait], for threads.
    public static String holdUnchecked(InetSocketAddress admin) {
        try {
            return holdAndWait(admin);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What a preStop hook does: asks, and blocks until it may go on.
    ///
    /// @return the answer's JSON
    public static String hook(InetSocketAddress admin) throws IOException {
        return ask(admin, "GET", "/departure").body();
    }

    /// What a metric has counted, all its labels together, read as a scraper does; 0 if it has no
    /// series.
    public static double counted(InetSocketAddress admin, String metric) {
        try {
            return ask(admin, "GET", "/metrics")
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(metric + "{"))
                    .mapToDouble(
                            line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Any request.
    public static TestClient.Response ask(InetSocketAddress admin, String method, String path)
            throws IOException {
        try (TestClient client = TestClient.connect(admin)) {
            client.write(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
            return client.read();
        }
    }
}
