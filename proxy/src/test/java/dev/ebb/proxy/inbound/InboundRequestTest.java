package dev.ebb.proxy.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.proxy.http.AccessLog;
import dev.ebb.proxy.http.AccessLogFormat;
import dev.ebb.proxy.metrics.Direction;
import dev.ebb.proxy.metrics.ProxyMetrics;
import dev.ebb.proxy.stream.Budget;
import dev.ebb.proxy.stream.RequestHead;
import dev.ebb.proxy.stream.StreamListener;
import dev.ebb.proxy.stream.StreamReset;
import dev.ebb.proxy.stream.StreamReset.Cause;
import dev.ebb.proxy.testing.Counted;
import dev.ebb.proxy.testing.FakeExchange;
import dev.ebb.proxy.testing.FakeLoop;
import dev.ebb.proxy.testing.FakePeers;
import dev.ebb.proxy.testing.FakeServerStream;
import dev.ebb.proxy.testing.NoLeaks;
import dev.ebb.proxy.upstream.AcquireFailure.Reason;
import dev.ebb.proxy.upstream.EndpointPool;
import dev.ebb.proxy.upstream.PoolLimits;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(NoLeaks.class)
final class InboundRequestTest {

    private static final int PORT = 8080;
    private static final LeavingState LEAVING = new LeavingState.Leaving("me");
    private static final LeavingState RELEASED = new LeavingState.Released("me");

    private final FakeLoop loop = new FakeLoop();
    private final FakePeers peers = new FakePeers();
    private final ProxyMetrics metrics = new ProxyMetrics("test", "none", 0);
    private final RecordingLedger ledger = new RecordingLedger();
    private final EndpointPool application =
            new EndpointPool(
                    InetSocketAddress.createUnresolved("application", PORT),
                    peers,
                    peers,
                    loop.tick(),
                    new PoolLimits(8, 4, 4, Duration.ofSeconds(1), Duration.ofSeconds(3)));
    private LeavingState state = new LeavingState.Serving();
    private final InboundLoop inbound =
            new InboundLoop(
                    "me",
                    loop.tick(),
                    new Budget(1 << 20),
                    () -> state,
                    ledger,
                    metrics,
                    metrics.requests(Direction.INBOUND, "application"),
                    new AccessLog(AccessLogFormat.OFF, OutputStream.nullOutputStream()));

    @Test
    void passesRequestAndResponseThrough() {
        Call call = post("ebb-client", "resendable");
        call.data("ping");
        call.end();

        peers.last().respond(200, "pong");

        assertThat(peers.last().body()).isEqualTo("ping");
        assertThat(call.events()).containsExactly("head 200", "data pong", "end");
        assertThat(ledger.told).containsExactly("accepted EBB", "answered");
        assertThat(call.downstream.isMeshed()).isTrue();
    }

    @Test
    void applicationSeesNoPrivateHeaderAndSendsNone() {
        Call call = get("ebb-client", "resendable", "EBB-anything", "x", "x-id", "7");

        peers.last()
                .respond(200, "", "ebb-proxy-error", "made up", "ebb-leaving", "you", "x-id", "8");

        assertThat(peers.last().headers().names()).containsExactly("x-id");
        assertThat(call.downstream.headers().names()).containsExactly("x-id");
    }

    @Test
    void clientsAreToldApart() {
        get();
        get("user-agent", "kube-probe/1.33");
        get("ebb-client", "streaming");

        assertThat(ledger.told).containsExactly("accepted OUTSIDE", "accepted EBB");
    }

    @Test
    void probesThatFailWhenTheApplicationHasGoneAreNotLost() {
        state = RELEASED;
        peers.refuse(PORT, Reason.CONNECT_FAILED);

        Call call = get("user-agent", "kube-probe/1.33");

        assertThat(call.events()).first().isEqualTo("head 503");
        assertThat(ledger.told).isEmpty();
    }

    @Test
    void servingInstanceSaysNothingOfLeaving() {
        Call call = get("ebb-client", "resendable");

        peers.last().respond(200, "");

        assertThat(call.downstream.headers().names()).isEmpty();
        assertThat(call.downstream.isRetired()).isFalse();
    }

    @Test
    void leavingInstanceServesAndTellsEbbClientsToMove() {
        state = LEAVING;
        Call call = get("ebb-client", "resendable");

        peers.last().respond(200, "pong");

        assertThat(call.events()).containsExactly("head 200", "data pong", "end");
        assertThat(call.downstream.headers().get("ebb-leaving")).isEqualTo("me");
        assertThat(call.downstream.isRetired()).isTrue();
    }

    @Test
    void leavingInstanceOnlyRetiresTheConnectionOfOthers() {
        state = LEAVING;
        Call call = get();

        peers.last().respond(200, "");

        assertThat(call.downstream.headers().names()).isEmpty();
        assertThat(call.downstream.isRetired()).isTrue();
    }

    @Test
    void departureThatBeginsDuringARequestIsToldWithItsResponse() {
        Call call = get("ebb-client", "resendable");

        state = LEAVING;
        peers.last().respond(200, "");

        assertThat(call.downstream.headers().get("ebb-leaving")).isEqualTo("me");
    }

    @Test
    void releasedInstanceHandsBackWhatCanBeSentElsewhere() {
        state = RELEASED;

        Call call = get("ebb-client", "resendable");

        assertThat(peers.connections()).isEmpty();
        assertThat(call.events()).startsWith("head 503");
        assertThat(call.downstream.headers().get("ebb-not-delivered")).isEqualTo("me");
        assertThat(call.downstream.headers().get("ebb-leaving")).isEqualTo("me");
        assertThat(ledger.told).containsExactly("accepted EBB", "handed back");
        assertThat(Counted.value(metrics, "ebb_not_delivered_total")).isEqualTo(1);
    }

    @Test
    void bodyOfWhatIsHandedBackIsDropped() {
        state = RELEASED;

        Call call = post("ebb-client", "resendable");
        call.data("ping");
        call.end();

        assertThat(peers.connections()).isEmpty();
        assertThat(call.events()).startsWith("head 503").endsWith("end");
    }

    @Test
    void releasedInstanceStillTriesWhatCannotBeSentElsewhere() {
        state = RELEASED;

        Call streaming = get("ebb-client", "streaming");
        peers.last().respond(200, "");
        Call outside = get();
        peers.last().respond(200, "");

        assertThat(streaming.events()).startsWith("head 200");
        assertThat(outside.events()).startsWith("head 200");
        assertThat(ledger.told)
                .containsExactly("accepted EBB", "answered", "accepted OUTSIDE", "answered");
    }

    @Test
    void releasedInstanceUsesNoIdleConnection() {
        get();
        peers.last().respond(200, "");
        state = RELEASED;

        get();

        assertThat(peers.connections()).hasSize(2);
        assertThat(peers.connections().getFirst().isClosed()).isTrue();
    }

    @Test
    void releasedInstanceWhoseApplicationHasStoppedSaysSo() {
        state = RELEASED;
        peers.refuse(PORT, Reason.CONNECT_FAILED);

        Call call = get();

        assertThat(call.events()).startsWith("head 503");
        assertThat(call.error()).isEqualTo("leaving");
        assertThat(ledger.told).containsExactly("accepted OUTSIDE", "lost leaving");
    }

    @Test
    void applicationThatRefusesMakesAnEbbClientGoElsewhere() {
        peers.refuse(PORT, Reason.CONNECT_FAILED);

        Call call = get("ebb-client", "resendable");

        assertThat(call.downstream.headers().get("ebb-not-delivered")).isEqualTo("me");
        assertThat(call.downstream.headers().contains("ebb-leaving")).isFalse();
        assertThat(ledger.told).containsExactly("accepted EBB", "handed back");
    }

    @Test
    void refusedStreamingRequestIsMarkedButCountedAsLost() {
        peers.refuse(PORT, Reason.CONNECT_FAILED);

        Call call = post("ebb-client", "streaming");

        assertThat(call.downstream.headers().get("ebb-not-delivered")).isEqualTo("me");
        assertThat(ledger.told).containsExactly("accepted EBB", "lost not_delivered");
    }

    @ParameterizedTest
    @EnumSource(
            value = Reason.class,
            names = {"CONNECT_FAILED", "CONNECT_TIMEOUT", "OWN_LISTENER"})
    void othersGetToKnowWhatIsWrong(Reason reason) {
        peers.refuse(PORT, reason);

        Call call = get();

        String[] expected =
                switch (reason) {
                    case CONNECT_TIMEOUT -> new String[] {"head 504", "connect_timeout"};
                    case OWN_LISTENER -> new String[] {"head 403", "loop"};
                    default -> new String[] {"head 502", "connect_failed"};
                };
        assertThat(call.events()).startsWith(expected[0]);
        assertThat(call.error()).isEqualTo(expected[1]);
        assertThat(call.downstream.headers().contains("ebb-not-delivered")).isFalse();
    }

    @Test
    void connectionThatWasClosedBeforeWritingIsReplaced() {
        get();
        peers.last().respond(200, "");
        peers.closeBeforeWriting(PORT);

        Call call = get();
        peers.last().breakOff(Cause.NOT_SENT);

        assertThat(peers.connections()).hasSizeGreaterThan(1);
        assertThat(call.error()).isEqualTo("upstream_reset");
    }

    @Test
    void writtenRequestIsNeverSentAgain() {
        Call call = post();
        call.data("ping");
        call.end();

        peers.last().breakOff(Cause.PEER_CLOSED);

        assertThat(peers.exchanges()).hasSize(1);
        assertThat(call.events()).startsWith("head 502");
        assertThat(ledger.told).containsExactly("accepted OUTSIDE", "lost upstream_reset");
    }

    @Test
    void responseThatIsCutIsCutDownstreamAndLost() {
        Call call = get();
        peers.last().head(200);

        peers.last().breakOff(Cause.PEER_CLOSED);

        assertThat(call.events()).containsExactly("head 200", "reset PEER_CLOSED");
        assertThat(ledger.told).containsExactly("accepted OUTSIDE", "lost upstream_reset");
    }

    @Test
    void clientThatGoesAwayHasAbandonedTheRequest() {
        Call call = get();

        call.listener.reset(new StreamReset(Cause.PEER_CLOSED, "test"));

        assertThat(peers.last().resetCause()).isEqualTo(Cause.CANCELLED);
        assertThat(ledger.told).containsExactly("accepted OUTSIDE", "abandoned");
    }

    @Test
    void requestThatIsLeftAtTheEndOfTheGraceIsCut() {
        Call call = get();

        call.listener.reset(new StreamReset(Cause.GRACE_EXPIRED, "test"));

        assertThat(ledger.told).containsExactly("accepted OUTSIDE", "cut");
    }

    @Test
    void earlyResponseEndsTheUpload() {
        Call call = post();
        call.data("part");

        peers.last().respond(413, "");
        call.data("more");

        assertThat(peers.last().body()).isEqualTo("part");
        assertThat(peers.last().resetCause()).isEqualTo(Cause.CANCELLED);
        assertThat(ledger.told).containsExactly("accepted OUTSIDE", "answered");
    }

    @Test
    void upgradeIsCountedWhenBothHalvesHaveEnded() {
        Call call = get("upgrade", "websocket");
        FakeExchange exchange = peers.last();
        exchange.head(101);
        exchange.respondEnd();
        List<String> before = List.copyOf(ledger.told);

        call.data("bye");
        call.end();

        assertThat(before).containsExactly("accepted OUTSIDE");
        assertThat(exchange.body()).isEqualTo("bye");
        assertThat(ledger.told).endsWith("answered");
    }

    private Call get(String... fields) {
        Call call = new Call(HttpMethod.GET, 0, fields);
        call.end();
        return call;
    }

    private Call post(String... fields) {
        return new Call(HttpMethod.POST, RequestHead.UNKNOWN_LENGTH, fields);
    }

    /// One request, as a client sends it.
    private final class Call {

        final FakeServerStream downstream = new FakeServerStream();
        final StreamListener listener;

        Call(HttpMethod method, long contentLength, String... fields) {
            HttpHeaders headers = new DefaultHttpHeaders();
            for (int i = 0; i < fields.length; i += 2) {
                headers.add(fields[i], fields[i + 1]);
            }
            RequestHead head = new RequestHead(method, "/", "web", headers, contentLength);
            listener = new InboundConnection(inbound, application, null).request(head, downstream);
        }

        void data(String text) {
            listener.data(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
        }

        void end() {
            listener.end(EmptyHttpHeaders.INSTANCE);
        }

        List<String> events() {
            return downstream.events();
        }

        String error() {
            return downstream.headers().get("ebb-proxy-error", "none");
        }
    }
}
