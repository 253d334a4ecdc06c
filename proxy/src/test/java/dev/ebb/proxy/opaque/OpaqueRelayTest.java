package dev.ebb.proxy.opaque;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.drain.DrainSignal;
import dev.ebb.proxy.drain.LoopDrain;
import dev.ebb.proxy.testing.DuplexEmbeddedChannel;
import dev.ebb.proxy.testing.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class OpaqueRelayTest {

    private final DuplexEmbeddedChannel client = DuplexEmbeddedChannel.create();
    private final DuplexEmbeddedChannel server = DuplexEmbeddedChannel.create();
    private final DrainSignal drain = new DrainSignal(client.eventLoop());
    private final LoopDrain loopDrain = new LoopDrain(client.eventLoop(), drain.watch());
    private final List<OpaqueEnd> ended = new ArrayList<>();
    private final OpaqueRelay relay = new OpaqueRelay(loopDrain, ended::add);

    @BeforeEach
    void accept() {
        client.pipeline().addLast(relay.downstream());
    }

    @AfterEach
    void close() {
        client.finishAndReleaseAll();
        server.finishAndReleaseAll();
    }

    @Test
    void bytesPassBothWays() {
        connect();

        client.send("to the server");
        server.send("to the client");

        assertThat(server.received()).isEqualTo("to the server");
        assertThat(client.received()).isEqualTo("to the client");
    }

    @Test
    void buffersArePassedOnNotCopied() {
        connect();
        ByteBuf sent = client.alloc().buffer().writeBytes(new byte[] {1, 2, 3});

        client.writeInbound(sent);
        server.turn();
        ByteBuf received = server.readOutbound();

        assertThat(received).isSameAs(sent);
        received.release();
    }

    @Test
    void whatComesBeforeTheUpstreamConnectionIsKeptAndBounded() {
        client.send("early");
        assertThat(client.config().isAutoRead()).isFalse();

        connect();

        assertThat(server.received()).isEqualTo("early");
        assertThat(client.config().isAutoRead()).isTrue();
    }

    // D24
    @Test
    void clientFinishesFirstAndTheServerKeepsSending() {
        connect();

        client.send("question");
        client.peerFinishes();
        assertThat(server.received()).isEqualTo("question");
        assertThat(server.isOutputShutdown()).isTrue();
        for (int i = 0; i < 30; i++) {
            client.pass(1_000);
            server.send("x");
        }
        server.peerFinishes();

        assertThat(client.received()).isEqualTo("x".repeat(30));
        assertThat(client.isOpen()).isFalse();
        assertThat(server.isOpen()).isFalse();
        assertThat(client.isReset()).isFalse();
        assertThat(ended).containsExactly(new OpaqueEnd(OpaqueEnd.Kind.ENDED, 8, 30));
    }

    // D24
    @Test
    void serverFinishesFirstAndTheClientKeepsSending() {
        connect();

        server.peerFinishes();
        assertThat(client.isOutputShutdown()).isTrue();
        client.send("still here");
        assertThat(server.received()).isEqualTo("still here");
        client.peerFinishes();

        assertThat(ended).containsExactly(new OpaqueEnd(OpaqueEnd.Kind.ENDED, 10, 0));
        assertThat(server.isReset()).isFalse();
    }

    @Test
    void finBehindEarlyBytesReachesTheServerBehindThem() {
        client.send("all");
        client.peerFinishes();

        connect();

        assertThat(server.received()).isEqualTo("all");
        assertThat(server.isOutputShutdown()).isTrue();
    }

    @Test
    void resetOfTheServerResetsTheClientAndIsCounted() {
        connect();
        client.send("abc");

        server.pipeline().fireExceptionCaught(new IOException("Connection reset by peer"));

        assertThat(client.isReset()).isTrue();
        assertThat(server.isOpen()).isFalse();
        assertThat(ended).containsExactly(new OpaqueEnd(OpaqueEnd.Kind.UPSTREAM_RESET, 3, 0));
    }

    @Test
    void resetOfTheClientResetsTheServerAndIsCounted() {
        connect();
        client.send("abc");

        client.pipeline().fireExceptionCaught(new IOException("Connection reset by peer"));

        assertThat(server.isReset()).isTrue();
        assertThat(client.isOpen()).isFalse();
        assertThat(ended).containsExactly(new OpaqueEnd(OpaqueEnd.Kind.DOWNSTREAM_RESET, 3, 0));
    }

    @Test
    void serverThatIsGoneBehindItsFinHasResetTheConnection() {
        connect();
        server.peerFinishes();

        var _ = server.close();
        client.turn();

        assertThat(client.isReset()).isTrue();
        assertThat(ended)
                .extracting(OpaqueEnd::kind)
                .containsExactly(OpaqueEnd.Kind.UPSTREAM_RESET);
    }

    @Test
    void missingUpstreamConnectionResetsTheClient() {
        client.send("early");

        relay.refuse();

        assertThat(client.isReset()).isTrue();
        assertThat(ended).containsExactly(new OpaqueEnd(OpaqueEnd.Kind.REFUSED, 5, 0));
    }

    @Test
    void sideThatCannotTakeMoreStopsTheReadingOfTheOther() {
        connect();

        server.inTurn(() -> {
            var _ = server.write(Unpooled.wrappedBuffer(new byte[100_000]));
            client.send("x");
            assertThat(client.config().isAutoRead()).isFalse();
        });
        server.flush();
        server.received();

        assertThat(client.config().isAutoRead()).isTrue();
    }

    // D24
    @Test
    void drainWaitsForBothHalves() {
        connect();
        var _ = drain.begin(Duration.ofMinutes(1));
        client.pass(20);
        assertThat(drain.holders()).singleElement().asString().startsWith("opaque connection");

        client.peerFinishes();
        client.pass(30_000);
        assertThat(drain.held()).isEqualTo(1);
        server.peerFinishes();

        assertThat(drain.held()).isZero();
        assertThat(ended).extracting(OpaqueEnd::kind).containsExactly(OpaqueEnd.Kind.ENDED);
    }

    // D24
    @Test
    void drainWaitsForWhatTheServerHasNotTakenYet() {
        connect();
        server.peerFinishes();
        server.peerStopsReading();
        client.send("all");
        client.peerFinishes();

        var _ = drain.begin(Duration.ofMinutes(1));
        client.pass(20);
        assertThat(drain.held()).isEqualTo(1);
        server.peerReadsOn();

        assertThat(server.received()).isEqualTo("all");
        assertThat(drain.held()).isZero();
        assertThat(ended).containsExactly(new OpaqueEnd(OpaqueEnd.Kind.ENDED, 3, 0));
    }

    // D24
    @Test
    void drainWaitsForWhatTheClientHasNotTakenYet() {
        connect();
        client.peerFinishes();
        client.peerStopsReading();
        server.send("all");
        var _ = drain.begin(Duration.ofMinutes(1));
        client.pass(20);
        server.peerFinishes();

        assertThat(drain.held()).isEqualTo(1);
        client.peerReadsOn();

        assertThat(client.received()).isEqualTo("all");
        assertThat(client.isReset()).isFalse();
        assertThat(drain.held()).isZero();
    }

    // D24
    @Test
    void whatTheClientDoesNotTakeWithinTheGraceIsCut() {
        connect();
        client.peerFinishes();
        client.peerStopsReading();
        server.send("all");
        server.peerFinishes();
        var _ = drain.begin(Duration.ofMinutes(1));
        client.pass(20);

        var _ = loopDrain.cut();
        client.turn();

        assertThat(client.isReset()).isTrue();
        assertThat(drain.held()).isZero();
        assertThat(ended).extracting(OpaqueEnd::kind).containsExactly(OpaqueEnd.Kind.CUT);
    }

    // D24
    @Test
    void connectionThatNeitherSideEndsIsCutWithTheGrace() {
        connect();
        var _ = drain.begin(Duration.ofMinutes(1));
        client.pass(20);

        var _ = loopDrain.cut();
        client.turn();

        assertThat(client.isReset()).isTrue();
        assertThat(server.isReset()).isTrue();
        assertThat(drain.held()).isZero();
        assertThat(ended).extracting(OpaqueEnd::kind).containsExactly(OpaqueEnd.Kind.CUT);
    }

    private void connect() {
        server.pipeline().addLast(relay.upstream());
    }
}
