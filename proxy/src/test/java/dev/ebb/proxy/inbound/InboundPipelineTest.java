package dev.ebb.proxy.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.drain.DrainSignal;
import dev.ebb.proxy.drain.LoopDrain;
import dev.ebb.proxy.http.AccessLog;
import dev.ebb.proxy.http.AccessLogFormat;
import dev.ebb.proxy.http1.Http1Limits;
import dev.ebb.proxy.metrics.ProxyMetrics;
import dev.ebb.proxy.stream.LoopTick;
import dev.ebb.proxy.testing.Counted;
import dev.ebb.proxy.testing.DuplexEmbeddedChannel;
import dev.ebb.proxy.testing.FakePeers;
import dev.ebb.proxy.testing.NoLeaks;
import dev.ebb.proxy.transport.OriginalDestination;
import dev.ebb.proxy.transport.PerLoop;
import dev.ebb.proxy.upstream.AcquireFailure.Reason;
import dev.ebb.proxy.upstream.Dialer;
import dev.ebb.proxy.upstream.PoolLimits;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What stands in the pipelines, and in which order.
@ExtendWith(NoLeaks.class)
final class InboundPipelineTest {

    private static final int OPAQUE_PORT = 5432;

    private final DuplexEmbeddedChannel channel = DuplexEmbeddedChannel.create();
    private final FakePeers application = new FakePeers();
    private final ProxyMetrics metrics = new ProxyMetrics("test", "none", 0);
    private final RecordingLedger ledger = new RecordingLedger();
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final AccessLog accessLog = new AccessLog(AccessLogFormat.TEXT, log);
    private @Nullable PerLoop<LoopDrain> drains;

    @AfterEach
    void close() {
        accessLog.close();
        channel.finishAndReleaseAll();
        application.channels().forEach(EmbeddedChannel::finishAndReleaseAll);
    }

    @Test
    void connectionBeginsWithDetection() {
        accept(8080);

        assertThat(names(channel)).containsExactly("count", "detect");
    }

    @Test
    void http1IsDecodedThenHandled() {
        accept(8080);

        channel.send("GET / HTTP/1.1\r\nHost: web\r\n\r\n");

        assertThat(names(channel))
                .containsExactly("count", "http1-decoder", "http1-encoder", "http1");
        assertThat(names(application.channels().getFirst()))
                .containsExactly("count", "http1-decoder", "http1-encoder", "http1");
    }

    @Test
    void requestReachesTheApplicationAndItsResponseTheClient() {
        accept(8080);
        channel.send("GET /x HTTP/1.1\r\nHost: web\r\nebb-client: resendable\r\n\r\n");
        EmbeddedChannel upstream = application.channels().getFirst();

        String request = readAll(upstream);
        upstream.writeInbound(bytes("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npong"));
        upstream.runPendingTasks();
        String response = channel.received();

        assertThat(request).startsWith("GET /x HTTP/1.1\r\n").doesNotContain("ebb-");
        assertThat(response).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\npong");
        assertThat(ledger.told).containsExactly("accepted EBB", "answered");
    }

    @Test
    void whatIsNoHttpIsRelayed() {
        accept(8080);

        channel.send("\u0016\u0003\u0001");

        assertThat(names(channel)).containsExactly("count", "opaque");
        assertThat(names(application.channels().getFirst())).containsExactly("count", "opaque");
        assertThat(readAll(application.channels().getFirst())).isEqualTo("\u0016\u0003\u0001");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET\t/a\tHTTP/1.1\r\nHost: web\r\n\r\n",
                "G\u007fT /a HTTP/1.1\r\nHost: web\r\n\r\n",
                "BREW\tpot\tHTTP/1.1\r\n\r\n",
                "GET / a HTTP/1.1\r\nHost: web\r\n\r\n",
            })
    void malformedRequestLineIsAnsweredAndNeverRelayed(String request) {
        accept(8080);

        channel.send(request);

        assertThat(channel.received())
                .startsWith("HTTP/1.1 400 ")
                .contains("ebb-proxy-error: bad-request-");
        assertThat(application.channels()).isEmpty();
    }

    @Test
    void unfinishedRequestLineIsTimedOutAndNeverRelayed() {
        accept(8080);

        channel.send("GET ");
        channel.pass(1_100 + Http1Limits.DEFAULTS.headTime().toMillis());

        assertThat(channel.received()).startsWith("HTTP/1.1 408 ");
        assertThat(application.channels()).isEmpty();
    }

    @Test
    void opaquePortIsRelayedWithoutWaitingForTheClient() {
        accept(OPAQUE_PORT);

        application.channels().getFirst().writeInbound(bytes("server speaks first"));
        application.channels().getFirst().runPendingTasks();

        assertThat(names(channel)).containsExactly("count", "opaque");
        assertThat(channel.received()).isEqualTo("server speaks first");
    }

    @Test
    void silentConnectionIsRelayedAfterTheLimit() {
        accept(8080);

        channel.pass(1_100);

        assertThat(names(channel)).containsExactly("count", "opaque");
    }

    @Test
    void opaqueConnectionThatCannotBeMadeIsResetAndLost() {
        application.refuse(OPAQUE_PORT, Reason.CONNECT_FAILED);

        accept(OPAQUE_PORT);

        assertThat(channel.isReset()).isTrue();
        assertThat(ledger.told).containsExactly("accepted OUTSIDE", "lost connect_failed");
    }

    @Test
    void opaqueConnectionThatTheApplicationResetsIsLost() {
        accept(OPAQUE_PORT);

        application
                .channels()
                .getFirst()
                .pipeline()
                .fireExceptionCaught(new IOException("Connection reset by peer"));
        channel.turn();

        assertThat(channel.isReset()).isTrue();
        assertThat(ledger.told).containsExactly("accepted OUTSIDE", "lost upstream_reset");
        assertThat(logged()).endsWith(" UC\n");
    }

    @Test
    void opaqueConnectionThatTheClientResetsIsAbandoned() {
        accept(OPAQUE_PORT);

        channel.pipeline().fireExceptionCaught(new IOException("Connection reset by peer"));
        channel.turn();

        assertThat(application.channels().getFirst().isOpen()).isFalse();
        assertThat(ledger.told).containsExactly("accepted OUTSIDE", "abandoned");
        assertThat(logged()).endsWith(" DC\n");
    }

    @Test
    void withoutAnApplicationTheConnectionIsClosed() {
        channel.pipeline().addLast(pipeline(OriginalDestination.untold()).accepted());

        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void connectionsAndBytesAreCounted() {
        accept(8080);
        channel.send("GET / HTTP/1.1\r\n");
        double open = connections("tcp_open_connections", "src");

        var _ = channel.close();
        channel.turn();

        assertThat(open).isEqualTo(1);
        assertThat(connections("tcp_open_connections", "src")).isZero();
        assertThat(connections("tcp_read_bytes_total", "src")).isEqualTo(16);
    }

    /// The application is not told to stop while it is still to be handed a request.
    @Test
    void requestThatWaitsForTheApplicationCountsAsOnItsWay() {
        application.hang(8080);
        accept(8080);
        channel.send("GET / HTTP/1.1\r\nHost: w\r\n\r\n");
        int waiting = expectant();

        application.hanging().getFirst().complete();
        channel.turn();

        assertThat(waiting).isEqualTo(1);
        assertThat(expectant()).isZero();
    }

    private int expectant() {
        CompletableFuture<Integer> count =
                Objects.requireNonNull(drains)
                        .of(channel.eventLoop())
                        .expectant()
                        .toCompletableFuture();
        channel.pass(30);
        return count.getNow(-1);
    }

    private String logged() {
        accessLog.close();
        return log.toString(StandardCharsets.US_ASCII);
    }

    private double connections(String name, String peer) {
        return Counted.value(metrics, name + "{direction=\"inbound\",peer=\"" + peer + "\"}");
    }

    private void accept(int port) {
        OriginalDestination application =
                OriginalDestination.fixed(InetSocketAddress.createUnresolved("application", port));
        channel.pipeline().addLast(pipeline(application).accepted());
        channel.turn();
    }

    private InboundPipeline pipeline(OriginalDestination wanted) {
        PerLoop<LoopTick> ticks =
                new PerLoop<>(
                        channel.eventLoop(), loop -> new LoopTick(loop, Duration.ofMillis(10)));
        DrainSignal never = new DrainSignal(channel.eventLoop());
        PerLoop<LoopDrain> drains = ticks.map((loop, tick) -> new LoopDrain(loop, never.watch()));
        this.drains = drains;
        return new InboundPipeline(
                new InboundSettings(
                        "me",
                        Set.of(OPAQUE_PORT),
                        Duration.ofSeconds(1),
                        Http1Limits.DEFAULTS,
                        PoolLimits.towardsApplication()),
                ticks,
                drains,
                ticks.map((loop, tick) -> (Dialer) application),
                new InboundSurroundings(
                        wanted,
                        Duration.ofSeconds(1),
                        LeavingState.Serving::new,
                        ledger,
                        metrics,
                        accessLog));
    }

    /// Without the channel's tail, and without what the embedded channel adds for itself.
    private static List<String> names(EmbeddedChannel channel) {
        return channel.pipeline().names().stream()
                .filter(name -> !name.contains("#") && !name.equals("turn"))
                .toList();
    }

    private static io.netty.buffer.ByteBuf bytes(String text) {
        return io.netty.buffer.Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }

    private static String readAll(EmbeddedChannel channel) {
        channel.runPendingTasks();
        StringBuilder text = new StringBuilder();
        io.netty.buffer.ByteBuf bytes = channel.readOutbound();
        while (bytes != null) {
            text.append(bytes.toString(StandardCharsets.ISO_8859_1));
            bytes.release();
            bytes = channel.readOutbound();
        }
        return text.toString();
    }
}
