package dev.ebb.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.e2e.cluster.Departure;
import dev.ebb.e2e.cluster.Figures;
import dev.ebb.e2e.cluster.PodEdit;
import dev.ebb.e2e.cluster.Verdict;
import dev.ebb.e2e.containers.ContainerMesh;
import dev.ebb.e2e.containers.Containers;
import dev.ebb.e2e.containers.Member;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The same images without Kubernetes: plain containers, of which the application joins its proxy's
/// network, and `docker stop` is the only signal. Every replica of a service is replaced under load
/// from two clients, one of them slow to learn. Re-sending is off.
@ExtendWith(Containers.class)
final class ContainersIT {
    private static final int REPLICAS = 2;
    private static final Duration SLOW = Duration.ofSeconds(2);
    private static final Set<String> CLIENTS = Set.of("fast", "slow");

    @Test
    void stoppingApplicationsLosesNothing(ContainerMesh mesh) {
        List<Member> replaced = replaceAll(mesh, Member::stopApplication, "--hold", "-S");

        assertNothingIsLost(mesh, replaced, "docker stop of the application");
    }

    /// As `docker compose down` may do it.
    @Test
    void stoppingApplicationAndProxyAtOnceLosesNothing(ContainerMesh mesh) {
        List<Member> replaced = replaceAll(mesh, Member::stopBoth, "--hold", "-S");

        assertNothingIsLost(mesh, replaced, "docker stop of both at once");
    }

    /// The negative control: the application is told at once.
    @Test
    void withoutTheHoldRequestsAreLost(ContainerMesh mesh) {
        replaceAll(mesh, Member::stopApplication, "-S");

        Verdict verdict = mesh.verdict(CLIENTS);
        Figures.print("ContainersIT, without the hold: " + verdict);
        assertThat(verdict.lost()).isPositive();
    }

    private static List<Member> replaceAll(
            ContainerMesh mesh, Consumer<Member> stop, String... await) {
        List<Member> replaced = new ArrayList<>();
        for (int i = 1; i <= REPLICAS; i++) {
            replaced.add(mesh.replica("web-" + i, await));
        }
        List<Member> clients = List.of(mesh.client("fast"), mesh.slowClient("slow", SLOW));

        for (Member old : replaced) {
            mesh.replica(old.name() + "-new", await);
            stop.accept(old);
        }

        clients.forEach(Member::stopApplication);
        return replaced;
    }

    private static void assertNothingIsLost(
            ContainerMesh mesh, List<Member> replaced, String title) {
        Verdict verdict = mesh.verdict(CLIENTS);
        List<Departure> departures =
                replaced.stream().map(Member::name).map(mesh::departure).toList();
        Figures.print("ContainersIT, %s: %s".formatted(title, verdict));
        Figures.print(Departure.table(departures));
        assertThat(verdict.lost()).as("%s", verdict).isZero();
        assertThat(verdict.duplicated()).isZero();
        assertThat(verdict.unrecorded()).isZero();
        assertThat(departures)
                .allSatisfy(Departure::checkTermAfterApplied)
                .allSatisfy(each -> assertThat(each.subscribers()).isEqualTo(CLIENTS.size()));
        assertThat(replaced)
                .extracting(Member::exitCodes)
                .containsOnly(Map.of(PodEdit.PROXY, 0L, PodEdit.APP, 0L));
    }
}
