package dev.ebb.proxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ProxyMetricsTest {

    private final ProxyMetrics metrics = new ProxyMetrics("0.1.0", "nio", 12.5);

    @Test
    void requestsAreCountedByDirectionAndDestination() throws IOException {
        RequestMetrics web = metrics.requests(Direction.OUTBOUND, "web.demo:80");

        web.request();
        web.response(503, Duration.ofMillis(30).toNanos());

        assertThat(text(null))
                .contains("request_total{direction=\"outbound\",dst=\"web.demo:80\"} 1.0")
                .contains(
                        "response_total{direction=\"outbound\",dst=\"web.demo:80\",status_code=\"503\"} 1.0")
                .contains(
                        "response_latency_seconds_bucket{direction=\"outbound\",dst=\"web.demo:80\",le=\"0.025\"} 0")
                .contains(
                        "response_latency_seconds_bucket{direction=\"outbound\",dst=\"web.demo:80\",le=\"0.05\"} 1");
    }

    @Test
    void statusesOutOfRangeShareOneSeries() throws IOException {
        RequestMetrics web = metrics.requests(Direction.INBOUND, "app");

        web.response(7, 1);
        web.response(123_456, 1);

        assertThat(text(null))
                .contains(
                        "response_total{direction=\"inbound\",dst=\"app\",status_code=\"999\"} 2.0");
    }

    @Test
    void destinationsBeyondTheLimitShareOneSeries() throws IOException {
        for (int i = 0; i < ProxyMetrics.MAX_DESTINATIONS; i++) {
            metrics.requests(Direction.OUTBOUND, "d" + i);
        }

        metrics.requests(Direction.OUTBOUND, "one-too-many").request();

        assertThat(text(null))
                .contains("request_total{direction=\"outbound\",dst=\"other\"} 1.0")
                .doesNotContain("one-too-many");
    }

    @Test
    void openConnectionsGoUpAndDown() throws IOException {
        ConnectionMetrics leg = metrics.connections(Direction.INBOUND, Peer.SOURCE);

        leg.opened();
        leg.opened();
        leg.closed();
        leg.read(10);
        leg.written(20);

        assertThat(text(null))
                .contains("tcp_open_total{direction=\"inbound\",peer=\"src\"} 2.0")
                .contains("tcp_close_total{direction=\"inbound\",peer=\"src\"} 1.0")
                .contains("tcp_open_connections{direction=\"inbound\",peer=\"src\"} 1.0")
                .contains("tcp_read_bytes_total{direction=\"inbound\",peer=\"src\"} 10.0")
                .contains("tcp_write_bytes_total{direction=\"inbound\",peer=\"src\"} 20.0");
    }

    @Test
    void ownInternalsAreShown() throws IOException {
        metrics.phase(Mood.class, () -> Mood.MERRY);
        metrics.leases(() -> 3);
        metrics.controlStream(() -> true);
        metrics.accessLogDropped(() -> 5);
        metrics.connectionLimit(Direction.INBOUND, 1_152);
        metrics.acceptingPaused(Direction.INBOUND);
        metrics.resent("refused");
        metrics.notDelivered();
        metrics.error(Direction.OUTBOUND, "no-endpoint");
        metrics.held(Duration.ofSeconds(4), "released");
        metrics.lost("upstream_reset", 2);
        metrics.cut(1);

        assertThat(text(null))
                .contains("ebb_phase{phase=\"glum\"} 0.0")
                .contains("ebb_phase{phase=\"merry\"} 1.0")
                .contains("ebb_drain_leases 3.0")
                .contains("ebb_control_stream_connected 1.0")
                .contains("ebb_access_log_dropped_total 5.0")
                .contains("ebb_connection_limit{direction=\"inbound\"} 1152.0")
                .contains("ebb_accepting_paused_total{direction=\"inbound\"} 1.0")
                .contains("ebb_resent_total{reason=\"refused\"} 1.0")
                .contains("ebb_not_delivered_total 1.0")
                .contains("ebb_errors_total{direction=\"outbound\",reason=\"no-endpoint\"} 1.0")
                .contains("ebb_hold_seconds_sum{reason=\"released\"} 4.0")
                .contains("ebb_drain_lost_total{reason=\"upstream_reset\"} 2.0")
                .contains("ebb_drain_cut_total 1.0")
                .contains("ebb_build_info{version=\"0.1.0\"} 1")
                .contains("ebb_transport_info{transport=\"nio\"} 1")
                .contains("process_start_time_seconds 12.5");
    }

    @Test
    void acceptChoosesOpenMetrics() throws IOException {
        String openMetrics = text("application/openmetrics-text;version=1.0.0,text/plain;q=0.5");

        assertThat(openMetrics).endsWith("# EOF\n");
        assertThat(new MetricsExposition(metrics).contentType("text/plain"))
                .startsWith("text/plain");
        assertThat(text("text/plain")).doesNotContain("# EOF");
    }

    private String text(@Nullable String accept) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new MetricsExposition(metrics).write(accept, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    private enum Mood {
        GLUM,
        MERRY
    }
}
