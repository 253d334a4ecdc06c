package dev.ebb.proxy.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.drain.DrainSignal;
import dev.ebb.proxy.balance.Endpoint;
import dev.ebb.proxy.balance.EndpointObserver;
import dev.ebb.proxy.balance.EndpointSet;
import dev.ebb.proxy.balance.EndpointState;
import dev.ebb.proxy.drain.LoopDrain;
import dev.ebb.proxy.http.AccessLog;
import dev.ebb.proxy.http.AccessLogFormat;
import dev.ebb.proxy.metrics.ProxyMetrics;
import dev.ebb.proxy.stream.LoopTick;
import dev.ebb.proxy.testing.DuplexEmbeddedChannel;
import dev.ebb.proxy.testing.FakePeers;
import dev.ebb.proxy.testing.NoLeaks;
import dev.ebb.proxy.transport.OwnListeners;
import dev.ebb.proxy.transport.PerLoop;
import dev.ebb.proxy.upstream.AcquireFailure.Reason;
import dev.ebb.proxy.upstream.Dialer;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What stands in the pipelines, in which order, and the way of an opaque connection.
@ExtendWith(NoLeaks.class)
final class OutboundPipelineTest {

    private static final String DB = "db:5432";
    private static final int OPAQUE_PORT = 5432;

    private final DuplexEmbeddedChannel channel = DuplexEmbeddedChannel.create();
    private final FakePeers peers = new FakePeers();
    private final List<EndpointObserver> observers = new ArrayList<>();
    private final List<String> asked = new ArrayList<>();
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final AccessLog accessLog = new AccessLog(AccessLogFormat.TEXT, log);
    private final OwnListeners own = OwnListeners.ofThisMachine();
    private final OutboundPipeline pipeline;
    private @Nullable InetSocketAddress original;

    OutboundPipelineTest() throws SocketException {
        PerLoop<LoopTick> ticks =
                new PerLoop<>(
                        channel.eventLoop(), loop -> new LoopTick(loop, Duration.ofMillis(10)));
        DrainSignal never = new DrainSignal(channel.eventLoop());
        pipeline =
                new OutboundPipeline(
                        OutboundSettings.defaults("me", Set.of(OPAQUE_PORT)),
                        ticks,
                        ticks.map((loop, tick) -> new LoopDrain(loop, never.watch())),
                        ticks.map((loop, tick) -> (Dialer) peers),
                        new OutboundSurroundings(
                                accepted -> original,
                                Duration.ofSeconds(1),
                                (destination, loop, observer) -> {
                                    asked.add(destination);
                                    observers.add(observer);
                                    return () -> {};
                                },
                                own,
                                new ProxyMetrics("test", "none", 0),
                                accessLog));
    }

    @AfterEach
    void close() {
        accessLog.close();
        channel.finishAndReleaseAll();
        peers.channels().forEach(EmbeddedChannel::finishAndReleaseAll);
    }

    @Test
    void http1IsDecodedThenHandled() {
        accept(pipeline.accepted());

        channel.send("GET / HTTP/1.1\r\nHost: web\r\n\r\n");
        publish(endpoint(1));

        assertThat(names(channel))
                .containsExactly("count", "http1-decoder", "http1-encoder", "http1");
        assertThat(names(peers.channels().getFirst()))
                .containsExactly("count", "http1-decoder", "http1-encoder", "http1");
    }

    @Test
    void redirectedConnectionBeginsWithDetection() {
        original = new InetSocketAddress("10.96.0.10", 80);

        accept(pipeline.accepted());

        assertThat(names(channel)).containsExactly("count", "detect");
    }

    @Test
    void redirectedHttpGoesToTheEndpointsOfItsDestination() {
        original = new InetSocketAddress("10.96.0.10", 80);
        accept(pipeline.accepted());

        channel.send("GET / HTTP/1.0\r\n\r\n");
        publish(endpoint(1));

        assertThat(names(channel))
                .containsExactly("count", "http1-decoder", "http1-encoder", "http1");
        assertThat(asked).containsExactly("10.96.0.10:80");
        assertThat(peers.channels()).hasSize(1);
    }

    @Test
    void redirectedBytesGoWhereTheyWantedIfNobodyKnowsIt() {
        original = new InetSocketAddress("10.96.0.10", 443);
        accept(pipeline.accepted());

        channel.send("\u0016\u0003\u0001");
        observers.getFirst().apply(EndpointSet.UNKNOWN);

        assertThat(names(channel)).containsExactly("count", "opaque");
        assertThat(names(peers.channels().getFirst())).containsExactly("count", "opaque");
    }

    @Test
    void serverThatSpeaksFirstIsNotWaitedFor() {
        original = new InetSocketAddress("10.96.0.10", OPAQUE_PORT);

        accept(pipeline.accepted());

        assertThat(names(channel)).containsExactly("count", "opaque");
    }

    @Test
    void redirectedConnectionToAListenerOfTheProxyIsRefused() {
        own.add(new InetSocketAddress(4191));
        original = new InetSocketAddress(InetAddress.getLoopbackAddress(), 4191);
        accept(pipeline.accepted());

        channel.send("GET / HTTP/1.1\r\nHost: web\r\n\r\n");

        assertThat(channel.received()).startsWith("HTTP/1.1 403 ").contains("loop");
        assertThat(asked).isEmpty();
    }

    @Test
    void redirectedBytesToAListenerOfTheProxyEnd() {
        own.add(new InetSocketAddress(4191));
        original = new InetSocketAddress(InetAddress.getLoopbackAddress(), 4191);
        accept(pipeline.accepted());

        channel.send("\u0016\u0003\u0001");
        channel.turn();

        assertThat(channel.isOpen()).isFalse();
        assertThat(asked).isEmpty();
    }

    @Test
    void opaqueListenerRelaysToItsDestination() {
        accept(pipeline.acceptedFor(DB));
        channel.send("hello");

        publish(endpoint(1));

        assertThat(names(channel)).containsExactly("count", "opaque");
        assertThat(names(peers.channels().getFirst())).containsExactly("count", "opaque");
    }

    @Test
    void opaqueConnectionIsTriedElsewhereWhenItsEndpointRefuses() {
        peers.refuse(1, Reason.CONNECT_FAILED);
        accept(pipeline.acceptedFor(DB));

        publish(endpoint(1), endpoint(2));

        assertThat(peers.channels()).hasSize(1);
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void opaqueConnectionMovesWhenItsEndpointLeavesWhileItConnects() {
        peers.hang(1);
        accept(pipeline.acceptedFor(DB));
        publish(endpoint(1));

        publish(endpoint(2));

        assertThat(peers.hanging()).isEmpty();
        assertThat(peers.channels()).hasSize(1);
    }

    @Test
    void opaqueConnectionThatStandsStaysWhenItsEndpointLeaves() {
        accept(pipeline.acceptedFor(DB));
        publish(endpoint(1));

        publish(endpoint(2));

        assertThat(peers.channels().getFirst().isOpen()).isTrue();
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void opaqueConnectionToAnUnknownDestinationIsReset() {
        accept(pipeline.acceptedFor(DB));

        observers.getFirst().apply(EndpointSet.UNKNOWN);

        assertThat(channel.isReset()).isTrue();
    }

    @Test
    void opaqueConnectionThatNobodyServesIsResetAfterTheWait() {
        accept(pipeline.acceptedFor(DB));
        publish();

        channel.pass(3_100);

        assertThat(channel.isReset()).isTrue();
    }

    @Test
    void opaqueConnectionThatItsEndpointResetsIsNoFaultOfTheClient() {
        accept(pipeline.acceptedFor(DB));
        publish(endpoint(1));

        peers.channels()
                .getFirst()
                .pipeline()
                .fireExceptionCaught(new IOException("Connection reset by peer"));
        channel.turn();

        assertThat(channel.isReset()).isTrue();
        assertThat(logged()).endsWith(" UC\n");
    }

    @Test
    void opaqueConnectionThatTheClientResetsIsLoggedAsSuch() {
        accept(pipeline.acceptedFor(DB));
        publish(endpoint(1));

        channel.pipeline().fireExceptionCaught(new IOException("Connection reset by peer"));
        channel.turn();

        assertThat(peers.channels().getFirst().isOpen()).isFalse();
        assertThat(logged()).endsWith(" DC\n");
    }

    @Test
    void clientThatGoesAwayWhileItConnectsCancelsTheAttempt() {
        peers.hang(1);
        accept(pipeline.acceptedFor(DB));
        publish(endpoint(1));

        var _ = channel.close();
        channel.turn();

        assertThat(peers.hanging()).isEmpty();
        assertThat(peers.channels()).isEmpty();
    }

    private void accept(ChannelHandler accepted) {
        channel.pipeline().addLast(accepted);
        channel.turn();
    }

    private String logged() {
        accessLog.close();
        return log.toString(StandardCharsets.US_ASCII);
    }

    private void publish(Endpoint... endpoints) {
        observers.getFirst().apply(new EndpointSet(true, List.of(endpoints)));
    }

    private static Endpoint endpoint(int port) {
        return new Endpoint(
                "uid-" + port,
                InetSocketAddress.createUnresolved("peer", port),
                EndpointState.READY,
                true);
    }

    /// Without the channel's tail, and without what the embedded channel adds for itself.
    private static List<String> names(EmbeddedChannel channel) {
        return channel.pipeline().names().stream()
                .filter(name -> !name.contains("#") && !name.equals("turn"))
                .toList();
    }
}
