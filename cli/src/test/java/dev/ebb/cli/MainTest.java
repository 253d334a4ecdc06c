package dev.ebb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import com.sun.net.httpserver.HttpServer;
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
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MainTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
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
        assertThat(out.toString(StandardCharsets.UTF_8))
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
        assertThat(out.toString(StandardCharsets.UTF_8))
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
    void aDestinationThatIsNoneIsWrongUsage() {
        int code = run("endpoints", "nope", "--control-plane", controlPlane.address());

        assertThat(code).isEqualTo(64);
        assertThat(err.toString())
                .isEqualTo("ebb endpoints: destination: \"nope\" (expected: host:port)\n");
    }

    @Test
    void aPortThatSpeaksSomethingElseIsNoControlPlane() throws IOException {
        HttpServer web =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        web.start();
        String address = "127.0.0.1:" + web.getAddress().getPort();

        int code = run("drain", "status", "--control-plane", address);

        web.stop(0);
        assertThat(code).isEqualTo(69);
        assertThat(err.toString())
                .startsWith("ebb drain status: control plane " + address + ": ")
                .endsWith(" (expected: the gRPC port of an Ebb control plane)\n")
                .hasLineCount(1);
    }

    @Test
    void wordsOfAUserDoNotSteerTheTerminal() {
        int code = run("drain", "status", "\u001b[2J", "--control-plane", controlPlane.address());

        assertThat(code).isEqualTo(68);
        assertThat(err.toString()).startsWith("ebb drain status: instance ?[2J: no departure");
    }

    @Test
    void anAnswerThatCannotBeWrittenIsAFailure() {
        int code = Main.run(failing("No space left on device"), new PrintWriter(err), "version");

        assertThat(code).isEqualTo(74);
        assertThat(err.toString()).isEqualTo("ebb: standard output: No space left on device\n");
    }

    @Test
    void aReaderThatHasSeenEnoughIsNoFailure() {
        int code = Main.run(failing("Broken pipe"), new PrintWriter(err), "version");

        assertThat(code).isZero();
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void drainStatusShowsWhoIsWaitedForAndSinceWhen() {
        int code = run("drain", "status", "--control-plane", controlPlane.address());

        assertThat(code).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo(
                        """
                        INSTANCE  STATE       AGE  RELEASED AFTER  WAITING FOR                 SINCE  WHY
                        web-2     waiting  3.20 s               -  client-slow (web.demo:80)  3.10 s  1 subscriber has not applied
                        web-1     gone     9.00 s          3.00 s  -                               -  released: 40 answered, 1 handed back, 1 lost (reset by the application)
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
        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo(
                        """
                        {"warming_up":false,"departures":[{"instance":"web-1","uid":"","cause":"HOLD","state":"released","reason":"","age_ms":9000,"released_ms":3001,"waiting":0,"waiting_for":[],"votes":[{"subscriber":"client-slow","destination":"web.demo:80","applied_ms":3000,"last_resort":false,"lapsed":false}],"ledger":{"cause":"HOLD","release_reason":"released","times":{"hook_ms":0,"release_ms":3001,"term_ms":3002,"gone_ms":8900,"exit_ms":null},"requests":{"in_flight":2,"accepted":40,"answered":40,"handed_back":1,"abandoned":0,"cut":0,"lost":{"reset by the application":1}},"cut_names":[],"waited_for":[{"subscriber":"client-slow","uid":"","destination":"web.demo:80","waited_ms":3000}],"own_hooks":[]}}]}
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

    private int run(String... args) {
        return Main.run(out, new PrintWriter(err), args);
    }

    private static OutputStream failing(String reason) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(reason);
            }
        };
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
                                .setLedger(ledger()))
                .build();
    }

    private static Ledger ledger() {
        return Ledger.newBuilder()
                .setCause("HOLD")
                .setHook(millis(0))
                .setRelease(millis(3001))
                .setReleaseReason("released")
                .setTerm(millis(3002))
                .setGone(millis(8900))
                .setInFlight(2)
                .setAccepted(40)
                .setAnswered(40)
                .setHandedBack(1)
                .putLost("reset by the application", 1)
                .addWaitedFor(
                        Awaited.newBuilder()
                                .setSubscriber(slowClient())
                                .setDestination("web.demo:80")
                                .setWaited(millis(3000)))
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
