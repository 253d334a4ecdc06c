package dev.ebb.cli.demo.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ebb.cli.demo.load.RequestRecord;
import dev.ebb.cli.inspect.DeparturesReport.Departure;
import dev.ebb.cli.terminal.CommandFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvidenceTest {
    private static final List<RequestRecord> REQUESTS =
            List.of(JudgeTest.answered("a"), JudgeTest.lost("b", "HTTP/1.1 503 Unavailable"));
    private static final List<Restart> RESTARTS = List.of(JudgeTest.restart(40));
    private static final List<Departure> DEPARTURES =
            List.of(JudgeTest.departure(3000L, 3001L, 20L), JudgeTest.departure(null, null, null));

    @TempDir private Path top;

    @Test
    void whatIsReadBackIsWhatWasWritten() throws IOException {
        Evidence evidence = new Evidence(top, "ebb");
        evidence.write(REQUESTS, RESTARTS, DEPARTURES);
        evidence.write(
                "client-fast.metrics",
                Stream.of(
                        "# TYPE ebb_resent_total counter",
                        "ebb_resent_total{reason=\"refused\"} 2.0",
                        "ebb_resent_total{reason=\"handed_back\"} 1.0"));
        evidence.write(
                "client-slow.metrics", Stream.of("ebb_resent_total{reason=\"refused\"} 4.0"));
        Files.createDirectories(evidence.origins());
        Files.writeString(evidence.origins().resolve("web-1.requests"), "17\ta\tGET\t0\n");

        Facts facts = evidence.read();

        assertThat(facts)
                .isEqualTo(
                        new Facts(
                                "ebb",
                                REQUESTS,
                                List.of(new OriginEntry("web-1", 17, "a")),
                                RESTARTS,
                                DEPARTURES,
                                7));
    }

    @Test
    void damagedEvidenceIsNamed() throws IOException {
        Evidence evidence = new Evidence(top, "ebb");
        evidence.write(REQUESTS, RESTARTS, DEPARTURES);
        Files.createDirectories(evidence.origins());
        Files.writeString(evidence.origins().resolve("web-1.requests"), "not a record\n");

        assertThatExceptionOfType(CommandFailure.class)
                .isThrownBy(evidence::read)
                .withMessageContaining("web-1")
                .withMessageContaining("not a record");
    }

    @Test
    void theTimeOfTermIsTheApplicationsOwn() throws IOException {
        Evidence evidence = new Evidence(top, "plain");
        Files.createDirectories(evidence.origins());
        Files.writeString(
                evidence.origins().resolve("web-1.life"), "5\tstarted\n99\tterm\n100\tstopped\n");

        assertThat(evidence.termOf("web-1")).isEqualTo(99);
        assertThat(evidence.termOf("web-2")).isZero();
    }
}
