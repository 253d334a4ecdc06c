package dev.ebb.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class WrkReportTest {

    private static final String CLEAN =
            """
            Running 3s test @ http://127.0.0.1:18080/
              1 threads and 64 connections
              Thread Stats   Avg      Stdev     Max   +/- Stdev
                Latency     1.58ms    1.26ms  26.75ms   94.35%
                Req/Sec    43.90k     4.05k   50.65k    80.00%
              131074 requests in 3.00s, 27.25MB read
            Requests/sec:  43657.31
            Transfer/sec:      9.08MB
            """;

    private static final String TROUBLED =
            """
            Running 3s test @ http://127.0.0.1:18080/
              1 threads and 64 connections
              Thread Stats   Avg      Stdev     Max   +/- Stdev
                Latency   812.00us    1.00ms  26.75ms   94.35%
                Req/Sec    10.00k     4.05k   50.65k    80.00%
              30012 requests in 3.00s, 7.25MB read
              Socket errors: connect 1, read 20, write 300, timeout 4000
              Non-2xx or 3xx responses: 50000
            Requests/sec:  10004.00
            Transfer/sec:      2.42MB
            """;

    @Test
    void countsAndRateAreRead() {
        WrkReport report = WrkReport.parse(CLEAN);

        assertThat(report).isEqualTo(new WrkReport(131_074, 43_657.31, 0));
    }

    @Test
    void refusalsAndEveryKindOfSocketErrorAreCounted() {
        WrkReport report = WrkReport.parse(TROUBLED);

        assertThat(report.errors()).isEqualTo(54_321);
    }

    @Test
    void outputWithoutACountIsRefusedAndShown() {
        assertThatThrownBy(() -> WrkReport.parse("unable to connect to 127.0.0.1:18080"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("unable to connect to 127.0.0.1:18080");
    }
}
