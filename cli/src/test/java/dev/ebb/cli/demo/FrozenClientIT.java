package dev.ebb.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.cli.demo.load.Load;
import dev.ebb.cli.demo.report.Restart;
import dev.ebb.cli.demo.report.ScenarioResult;
import dev.ebb.cli.inspect.DeparturesReport.Departure;
import dev.ebb.cli.inspect.DeparturesReport.VoteLine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A client proxy is frozen by STOP while an instance departs.
class FrozenClientIT {
    @TempDir private Path directory;

    @Test
    void frozenClientIsWaitedForAsLongAsItsLeaseAndNamedAndServedWhenItThaws() throws Exception {
        try (ProcessMesh mesh = new ProcessMesh(directory, Duration.ZERO, Map.of())) {
            MeshService web = mesh.service("web", Map.of());
            web.serve(2, mesh.fast(), mesh.slow());
            Load load = web.load();
            Mesh.Client frozen = mesh.client("client-frozen");
            web.call(frozen);

            mesh.freeze(frozen);
            Restart restart = web.leave(web.replica(0));
            Departure departure = web.departure(web.replica(0));
            mesh.thaw(frozen);
            boolean answeredAfterTheThaw = web.answers(frozen);
            ScenarioResult result = web.judge(load);

            // PING every second, dead after three without an answer; TERM has its way to go, too.
            assertThat(restart.hold()).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(6));
            assertThat(departure.votes())
                    .filteredOn(VoteLine::lapsed)
                    .extracting(VoteLine::subscriber)
                    .containsExactly("client-frozen");
            assertThat(answeredAfterTheThaw).isTrue();
            assertThat(result.reasons()).isEmpty();
            assertThat(result.duplicated()).isZero();
        }
    }
}
