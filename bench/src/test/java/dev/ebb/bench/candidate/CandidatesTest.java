package dev.ebb.bench.candidate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.bench.candidate.EbbProxy.Side;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every candidate gets the same task.
class CandidatesTest {

    private static final Path PROGRAM = Path.of("/opt/program");

    @TempDir private Path directory;

    @Test
    void everyPeerListensOnTheGivenPortAndPassesOnToTheOrigin() throws IOException {
        Site site = new Site(directory, 18_001, 18_002);

        for (Candidate peer :
                List.of(new Envoy(PROGRAM), new Haproxy(PROGRAM), new Nginx(PROGRAM))) {
            List<String> arguments = peer.at(site).arguments();

            assertThat(arguments.getFirst()).isEqualTo("/opt/program");
            assertThat(Files.readString(configurationOf(arguments)))
                    .as(peer.name())
                    .contains("18001")
                    .contains("18002");
        }
    }

    @Test
    void theOriginAnswersWithSixtyThreeBytes() throws IOException {
        List<String> arguments = new Nginx(PROGRAM).origin(directory, 18_002).arguments();

        String configuration = Files.readString(configurationOf(arguments));
        String body = configuration.replaceAll("(?s).*return 200 \"(.*?)\".*", "$1");
        assertThat(body).hasSize(63);
    }

    @Test
    void ebbRunsWithItsProductionFlagsAndTheWholePathOn() {
        var command = ebb(Side.INBOUND).at(new Site(directory, 18_001, 18_002));

        assertThat(command.arguments())
                .contains("@/src/proxy/jvm.options", "/src/proxy/target/app/lib/*")
                .endsWith("dev.ebb.proxy.Main");
        assertThat(command.environment())
                .containsEntry("EBB_PROXY_CONTROL_PLANE", "127.0.0.1:18003")
                .containsEntry("EBB_PROXY_INBOUND_LISTEN", "127.0.0.1:18001")
                .containsEntry("EBB_PROXY_APPLICATION", "127.0.0.1:18002")
                .containsEntry("EBB_PROXY_SERVES", "web.bench");
    }

    @Test
    void ebbsOutboundSideLooksUpAnEndpointThatTheRegistryHolds() throws IOException {
        EbbProxy outbound = ebb(Side.OUTBOUND);

        var command = outbound.at(new Site(directory, 18_001, 18_002));

        assertThat(command.environment())
                .containsEntry("EBB_PROXY_OUTBOUND_LISTEN", "127.0.0.1:18001")
                .doesNotContainKey("EBB_PROXY_SERVES");
        new ControlPlane(JavaProgram.controlPlane(Path.of("/src")), 18_003).at(directory, 18_002);
        assertThat(Files.readString(directory.resolve("registry.yaml")))
                .contains("\"" + outbound.destination() + ":80\":\n    endpoints:\n")
                .contains("127.0.0.1:18002");
    }

    private static EbbProxy ebb(Side side) {
        return new EbbProxy(side, JavaProgram.proxy(Path.of("/src")), 18_003);
    }

    private static Path configurationOf(List<String> arguments) {
        return Path.of(
                arguments.stream()
                        .filter(argument -> argument.matches(".*\\.(cfg|conf|yaml)"))
                        .findFirst()
                        .orElseThrow());
    }
}
