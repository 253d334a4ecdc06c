package dev.ebb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import dev.ebb.cli.inspect.FakeInspect;
import dev.ebb.proto.destination.v1.Awaited;
import dev.ebb.proto.destination.v1.DepartureReport;
import dev.ebb.proto.destination.v1.DepartureState;
import dev.ebb.proto.destination.v1.DeparturesResponse;
import dev.ebb.proto.destination.v1.Endpoint;
import dev.ebb.proto.destination.v1.EndpointKey;
import dev.ebb.proto.destination.v1.EndpointsResponse;
import dev.ebb.proto.destination.v1.Instance;
import dev.ebb.proto.destination.v1.Ledger;
import dev.ebb.proto.destination.v1.PublishedEndpoint;
import dev.ebb.proto.destination.v1.SocketAddress;
import dev.ebb.proto.destination.v1.Vote;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final FakeInspect controlPlane;

    MainTest() throws IOException {
        controlPlane = new FakeInspect(Map.of("web.demo:80", endpoints()), departures());
    }

    @AfterEach
    void close() {
        controlPlane.close();
    }

    @Test
    void endpointsAreShownAsATable() {
        int code = run("endpoints", "web.demo:80", "--control-plane", controlPlane.address());

        assertThat(code).isZero();
        assertThat(out.toString())
                .isEqualTo(
                        """
                        ADDRESS         STATE    MESHED  INSTANCE  SOURCE
                        10.0.0.1:4143   ready    yes     web-1     registered
                        [fd00::2]:4143  leaving  no      -         registry
                        """);
    }

    @Test
    void endpointsAreShownAsJson() {
        int code =
                run(
                        "endpoints",
                        "web.demo:80",
                        "-o",
                        "json",
                        "--control-plane",
                        controlPlane.address());

        assertThat(code).isZero();
        assertThat(out.toString())
                .isEqualTo(
                        """
                        {"destination":"web.demo:80","endpoints":[{"address":"10.0.0.1:4143","state":"ready","meshed":true,"instance":"web-1","uid":"uid-1","source":"registered"},{"address":"[fd00::2]:4143","state":"leaving","meshed":false,"instance":"","uid":"","source":"registry"}]}
                        """);
    }

    @Test
    void anUnknownDestinationIsNamed() {
        int code = run("endpoints", "db.demo:1", "--control-plane", controlPlane.address());

        assertThat(code).isEqualTo(68);
        assertThat(err.toString()).startsWith("ebb endpoints: destination db.demo:1: not known");
    }

    @Test
    void drainStatusShowsWhoIsWaitedForAndSinceWhen() {
        int code = run("drain", "status", "--control-plane", controlPlane.address());

        assertThat(code).isZero();
        assertThat(out.toString())
                .isEqualTo(
                        """
                        INSTANCE  STATE       AGE  RELEASED AFTER  WAITING FOR                 SINCE  WHY
                        web-2     waiting  3.20 s               -  client-slow (web.demo:80)  3.10 s  1 subscriber has not applied
                        web-1     gone     9.00 s          3.00 s  -                               -  -
                        """);
    }

    @Test
    void drainStatusOfOneInstanceIsShownAsJson() {
        int code =
                run(
                        "drain",
                        "status",
                        "web-1",
                        "-o",
                        "json",
                        "--control-plane",
                        controlPlane.address());

        assertThat(code).isZero();
        assertThat(out.toString())
                .isEqualTo(
                        """
                        {"warming_up":false,"departures":[{"instance":"web-1","uid":"","cause":"HOLD","state":"released","reason":"","age_ms":9000,"released_ms":3001,"ended":true,"waiting":0,"waiting_for":[],"votes":[{"subscriber":"client-slow","destination":"web.demo:80","applied_ms":3000,"last_resort":false,"lapsed":false}]}]}
                        """);
    }

    @Test
    void anInstanceWithoutADepartureIsNamed() {
        int code = run("drain", "status", "web-9", "--control-plane", controlPlane.address());

        assertThat(code).isEqualTo(68);
        assertThat(err.toString()).startsWith("ebb drain status: instance web-9: no departure");
    }

    @Test
    void anUnreachableControlPlaneIsNamed() {
        String address = controlPlane.address();
        controlPlane.close();

        int code = run("drain", "status", "--control-plane", address);

        assertThat(code).isEqualTo(69);
        assertThat(err.toString()).startsWith("ebb drain status: control plane " + address);
        assertThat(err.toString().lines()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "frobnicate",
                "--frobnicate",
                "drain",
                "endpoints",
                "endpoints a b",
                "endpoints web.demo:80 --output xml",
                "endpoints web.demo:80 --control-plane nowhere",
                "demo --slow-client 3",
                "demo --slow-client 3m",
                "demo --scenario best",
                "demo --rate 0",
                "demo --rounds many",
                "demo --keep --scenario plain",
                "proxy"
            })
    void wrongUsageIsToldInWordsWithCode64(String line) {
        int code = run(line.isEmpty() ? new String[0] : line.split(" ", -1));

        assertThat(code).isEqualTo(64);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).startsWith("ebb").doesNotContain("\tat ", "Exception");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "demo ", "endpoints ", "drain ", "drain status ", "version "})
    void everyCommandHasHelpWithAnExample(String command) {
        int code = run((command + "--help").split(" ", -1));

        assertThat(code).isZero();
        assertThat(out.toString()).containsPattern("Examples?:\n  ebb " + command.strip());
    }

    private int run(String... args) {
        return Main.run(new PrintWriter(out), new PrintWriter(err), args);
    }

    private static EndpointsResponse endpoints() {
        return EndpointsResponse.newBuilder()
                .addEndpoints(
                        PublishedEndpoint.newBuilder()
                                .setEndpoint(
                                        Endpoint.newBuilder()
                                                .setKey(key("uid-1", "10.0.0.1"))
                                                .setState(Endpoint.State.READY)
                                                .setMeshed(true))
                                .setInstanceName("web-1")
                                .setSource("registered"))
                .addEndpoints(
                        PublishedEndpoint.newBuilder()
                                .setEndpoint(
                                        Endpoint.newBuilder()
                                                .setKey(key("", "fd00::2"))
                                                .setState(Endpoint.State.LEAVING))
                                .setSource("registry"))
                .build();
    }

    private static EndpointKey key(String uid, String ip) {
        return EndpointKey.newBuilder()
                .setUid(uid)
                .setAddress(SocketAddress.newBuilder().setIp(ip).setPort(4143))
                .build();
    }

    private static DeparturesResponse departures() {
        return DeparturesResponse.newBuilder()
                .addDepartures(
                        DepartureReport.newBuilder()
                                .setInstance(Instance.newBuilder().setName("web-2"))
                                .setCause("HOLD")
                                .setAge(millis(3200))
                                .setState(
                                        DepartureState.newBuilder()
                                                .setState(DepartureState.State.WAITING)
                                                .setWaiting(1)
                                                .setReason("1 subscriber has not applied")
                                                .addWaitingFor(
                                                        Awaited.newBuilder()
                                                                .setSubscriber(slowClient())
                                                                .setDestination("web.demo:80")
                                                                .setWaited(millis(3100)))))
                .addDepartures(
                        DepartureReport.newBuilder()
                                .setInstance(Instance.newBuilder().setName("web-1"))
                                .setCause("HOLD")
                                .setAge(millis(9000))
                                .setReleased(millis(3001))
                                .setState(
                                        DepartureState.newBuilder()
                                                .setState(DepartureState.State.RELEASED))
                                .addVotes(
                                        Vote.newBuilder()
                                                .setSubscriber(slowClient())
                                                .setDestination("web.demo:80")
                                                .setApplied(millis(3000)))
                                .setLedger(Ledger.getDefaultInstance()))
                .build();
    }

    private static Instance slowClient() {
        return Instance.newBuilder().setName("client-slow").build();
    }

    private static Duration millis(long amount) {
        return Duration.newBuilder()
                .setSeconds(amount / 1000)
                .setNanos((int) (amount % 1000) * 1_000_000)
                .build();
    }
}
