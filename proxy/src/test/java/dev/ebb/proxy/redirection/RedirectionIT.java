package dev.ebb.proxy.redirection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.injector.redirect.Redirect;
import dev.ebb.injector.redirect.Ruleset;
import dev.ebb.proxy.ProxyProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What docs/redirection.md promises, with the rules that a pod gets, in a pod without a cluster:
/// an application of user 1000, a proxy of user 2102, and the outside.
final class RedirectionIT {

    private static final String RULES = Ruleset.of(Redirect.defaults()).argument();
    private static final int PROXY_UID = 2102;
    private static final int APPLICATION_UID = 1000;

    /// The address of a service: no machine has it, so that it can only be reached by redirection.
    private static final String CLUSTER_IP = "10.96.0.10";

    private static @Nullable Stage stage;

    private record Stage(
            PodNetwork network,
            AgentProcess outside,
            AgentProcess application,
            AgentProcess ofTheProxysUser,
            ProxyProcess proxy) {}

    @BeforeAll
    static void prepare() throws Exception {
        PodNetwork network = PodNetwork.make();
        network.run(PodNetwork.NFT, RULES);
        AgentProcess outside = AgentProcess.start(network::outside);
        AgentProcess application =
                AgentProcess.start(command -> network.inPodAs(APPLICATION_UID, command));
        AgentProcess ofTheProxysUser =
                AgentProcess.start(command -> network.inPodAs(PROXY_UID, command));
        started(application, "web :: 8080 application");
        started(application, "web 127.0.0.1 8081 for-loopback-only");
        started(application, "greeter 5432");
        started(application, "echo 7000");
        started(application, "control-plane 8086 " + CLUSTER_IP + ":80=10.99.0.1:9001");
        started(outside, "web :: 9000 outside");
        started(outside, "web :: 9001 endpoint");
        started(outside, "greeter 3306");
        started(outside, "echo 7000");
        started(outside, "udp-echo 5353");
        ProxyProcess proxy =
                ProxyProcess.startAt(
                        command -> network.inPodAs(PROXY_UID, command),
                        Map.of("CONTROL_PLANE", "127.0.0.1:8086", "TRANSPORT", "epoll"));
        proxy.awaitLine("Control stream is up");
        stage = new Stage(network, outside, application, ofTheProxysUser, proxy);
    }

    @AfterAll
    static void end() {
        if (stage != null) {
            stage.proxy().close();
            stage.ofTheProxysUser().close();
            stage.application().close();
            stage.outside().close();
            stage.network().close();
        }
    }

    // ---- Inbound ----

    /// The application sees the pod's own address as its client: not loopback, which it may trust.
    @ParameterizedTest
    @CsvSource({
        PodNetwork.POD_IPV4 + ",10.99.0.2",
        PodNetwork.POD_IPV6 + ",fd99:0:0:0:0:0:0:2",
    })
    void inboundGoesThroughTheProxyToThePortThatWasWanted(String address, String peer)
            throws IOException {
        long before = requests("inbound");

        String answer = outside("get " + address + " 8080");

        assertThat(answer).isEqualTo("200 - application " + peer + " []");
        assertThat(requests("inbound")).isEqualTo(before + 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {PodNetwork.POD_IPV4, PodNetwork.POD_IPV6})
    void applicationThatSpeaksFirstIsHeardAtOnce(String address) throws IOException {
        Instant start = Instant.now();

        String heard = outside("listen " + address + " 5432");

        assertThat(heard).isEqualTo("welcome");
        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void inboundBytesEndInEachDirectionByThemselves() throws IOException {
        assertThat(outside("talk " + PodNetwork.POD_IPV4 + " 7000 \u0001bytes"))
                .isEqualTo("\u0001bytes");
    }

    @Test
    void nobodyBorrowsTheLoopbackOfThePod() throws IOException {
        assertThat(application("get 127.0.0.1 8081")).startsWith("200 - for-loopback-only");

        assertThat(outside("get " + PodNetwork.POD_IPV4 + " 8081"))
                .startsWith("502 connect_failed");
    }

    @ParameterizedTest
    @CsvSource({
        PodNetwork.POD_IPV4 + ",4143",
        PodNetwork.POD_IPV6 + ",4143",
        PodNetwork.POD_IPV4 + ",4140",
        PodNetwork.POD_IPV6 + ",4140",
    })
    void listenersOfTheProxyAreNotReachedThroughIt(String address, int port) throws IOException {
        String answer = outside("get " + address + " " + port);
        String heard = outside("talk " + address + " " + port + " \u0001bytes");

        assertThat(answer).startsWith("403 loop");
        assertThat(heard).matches("|failed: java.net.SocketException: .*");
    }

    @ParameterizedTest
    @ValueSource(strings = {PodNetwork.POD_IPV4, PodNetwork.POD_IPV6})
    void adminServerIsAskedDirectly(String address) throws IOException {
        long before = requests("inbound");

        String answer = outside("get " + address + " 4191");

        assertThat(answer).startsWith("404 - ");
        assertThat(requests("inbound")).isEqualTo(before);
    }

    // ---- Outbound ----

    @Test
    void whatDiscoveryKnowsGoesToItsEndpoints() throws IOException {
        assertThat(application("get " + CLUSTER_IP + " 80"))
                .isEqualTo("200 - endpoint 10.99.0.2 []");
    }

    @ParameterizedTest
    @CsvSource({
        PodNetwork.OUTSIDE_IPV4 + ",10.99.0.2",
        PodNetwork.OUTSIDE_IPV6 + ",fd99:0:0:0:0:0:0:2",
    })
    void whatNobodyKnowsGoesWhereItWantedToGo(String address, String peer) throws IOException {
        long before = requests("outbound");

        String answer = application("get " + address + " 9000");

        assertThat(answer).isEqualTo("200 - outside " + peer + " []");
        assertThat(requests("outbound")).isEqualTo(before + 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {PodNetwork.OUTSIDE_IPV4, PodNetwork.OUTSIDE_IPV6})
    void bytesForNobodyKnowsWhomAreRelayed(String address) throws IOException {
        assertThat(application("talk " + address + " 7000 \u0001bytes")).isEqualTo("\u0001bytes");
    }

    @Test
    void serverOutsideThatSpeaksFirstIsHeardAtOnce() throws IOException {
        Instant start = Instant.now();

        String heard = application("listen " + PodNetwork.OUTSIDE_IPV4 + " 3306");

        assertThat(heard).isEqualTo("welcome");
        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void whatRefusesIsAnsweredByTheProxy() throws IOException {
        assertThat(application("get " + PodNetwork.OUTSIDE_IPV4 + " 9999"))
                .startsWith("502 connect_failed");
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1", "::1", PodNetwork.POD_IPV4, PodNetwork.POD_IPV6})
    void whatThePodHasInsideStaysInside(String address) throws IOException {
        long before = requests("inbound") + requests("outbound");

        String answer = application("get " + address + " 8080");

        assertThat(answer).startsWith("200 - application ");
        assertThat(requests("inbound") + requests("outbound")).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {PodNetwork.OUTSIDE_IPV4, PodNetwork.OUTSIDE_IPV6})
    void connectionsOfTheProxysUserAreLeftAlone(String address) throws IOException {
        long before = requests("outbound");

        String answer = stage().ofTheProxysUser().ask("get " + address + " 9000");

        assertThat(answer).startsWith("200 - outside ");
        assertThat(requests("outbound")).isEqualTo(before);
    }

    @Test
    void udpIsLeftAlone() throws IOException {
        assertThat(application("udp-talk " + PodNetwork.OUTSIDE_IPV4 + " 5353 hello"))
                .isEqualTo("hello");
    }

    // ---- The rules ----

    @Test
    void rulesCanBeAppliedAgainUnderOpenConnections() throws Exception {
        outside("keep inbound " + PodNetwork.POD_IPV4 + " 8080");
        application("keep outbound " + CLUSTER_IP + " 80");
        String before = table();

        stage().network().run(PodNetwork.NFT, RULES);

        assertThat(table()).isEqualTo(before);
        assertThat(outside("get-kept inbound")).startsWith("200 - application ");
        assertThat(application("get-kept outbound")).startsWith("200 - endpoint ");
        assertThat(outside("get " + PodNetwork.POD_IPV4 + " 8080")).startsWith("200 ");
        assertThat(application("get " + CLUSTER_IP + " 80")).startsWith("200 ");
    }

    @Test
    void rulesThatCannotBeAppliedFailAndSayWhy() throws Exception {
        List<String> withoutNetAdmin =
                stage().network()
                        .inPod(
                                "setpriv",
                                "--bounding-set=-net_admin",
                                "--inh-caps=-net_admin",
                                PodNetwork.NFT,
                                RULES);

        Process nft = new ProcessBuilder(withoutNetAdmin).redirectErrorStream(true).start();
        String output = new String(nft.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(nft.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(nft.exitValue()).isNotZero();
        assertThat(output.lines().toList())
                .last()
                .isEqualTo("netlink: Error: cache initialization failed: Operation not permitted");
    }

    private static String table() throws Exception {
        return stage().network().run(PodNetwork.NFT, "list table inet ebb");
    }

    /// How many requests the proxy has had in that direction.
    private static long requests(String direction) throws IOException {
        String series = "request_total{direction=\"" + direction + "\"";
        return Long.parseLong(outside("metric " + PodNetwork.POD_IPV4 + " 4191 " + series));
    }

    private static String outside(String command) throws IOException {
        return stage().outside().ask(command);
    }

    private static String application(String command) throws IOException {
        return stage().application().ask(command);
    }

    private static void started(AgentProcess agent, String command) throws IOException {
        assertThat(agent.ask(command)).isEqualTo("started");
    }

    private static Stage stage() {
        if (stage == null) {
            throw new IllegalStateException("stage: none (expected: prepared)");
        }
        return stage;
    }
}
