package dev.ebb.proxy.detect;

import static dev.ebb.proxy.testing.Wire.head;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.drain.DrainSignal;
import dev.ebb.proxy.drain.LoopDrain;
import dev.ebb.proxy.stream.LoopTick;
import dev.ebb.proxy.testing.DuplexEmbeddedChannel;
import dev.ebb.proxy.testing.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NoLeaks.class)
class DetectHandlerTest {

    private static final Detected HTTP1 = new Detected.Http1();

    private final DuplexEmbeddedChannel channel = DuplexEmbeddedChannel.create();
    private final DrainSignal drain = new DrainSignal(channel.eventLoop());
    private final LoopDrain loopDrain = new LoopDrain(channel.eventLoop(), drain.watch());
    private final LoopTick tick = new LoopTick(channel.eventLoop(), Duration.ofMillis(50));
    private final List<Detected> detected = new ArrayList<>();
    private final List<String> passedOn = new ArrayList<>();
    private int dropped;

    @BeforeEach
    void add() {
        channel.pipeline()
                .addLast(
                        new DetectHandler(
                                Duration.ofSeconds(10),
                                tick,
                                loopDrain,
                                this::detected,
                                () -> dropped++));
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n",
                "POST /x",
                "OPTIONS * HTTP/1.1\r\n",
                "CONNECT a:1 HTTP/1.1\r\n",
                "GET http://web.demo/ HTTP/1.1\r\n",
                "PROPFIND /dav HTTP/1.1\r\n",
                "brew pot HTTP/1.0\r\n",
                "\r\nGET / HTTP/1.1\r\n",
                "GET /\u0000broken",
                "GET https://web.demo/",
            })
    void requestLinesAreHttp1(String bytes) {
        channel.send(bytes);

        assertThat(detected).containsExactly(HTTP1);
        assertThat(passedOn).containsExactly(bytes);
        assertThat(channel.pipeline().get(DetectHandler.class)).isNull();
    }

    // The decoder refuses them; an application might not.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET\t/a\tHTTP/1.1\r\n",
                "GET\t/a",
                "GET  /a HTTP/1.1\r\n",
                "BREW\tpot\tHTTP/1.1\r\n",
                " GET /a HTTP/1.1\r\n",
                "\t BREW pot HTTP/1.1\r\n",
                "G\u007fT /a HTTP/1.1\r\n",
                "G\u0000T /a HTTP/1.1\n",
                "\u00ff / HTTP/1.1\r\n",
                "get /a http/1.1\r\n",
                "BREW a pot HTTP/1.1 \r\n",
                "BREW pot HTTP/3\r\n",
                "\r\n\r\n\r\n\r\n\r\n\r\nGET /a HTTP/1.1\r\n",
                "AVERYLONGWORDTHATISNOMETHODATALLANYWHERE /a HTTP/1.1\r\n",
            })
    void malformedRequestLinesAreHttp1(String bytes) {
        channel.send(bytes);

        assertThat(detected).containsExactly(HTTP1);
        assertThat(passedOn).containsExactly(bytes);
    }

    @ParameterizedTest
    @MethodSource("opaque")
    void otherFirstBytesAreOpaque(String bytes) {
        channel.send(bytes);

        assertThat(detected).containsExactly(new Detected.Opaque(Detected.Sign.FIRST_BYTES));
        assertThat(passedOn).containsExactly(bytes);
    }

    static String[] opaque() {
        return new String[] {
            "\u0016\u0003\u0001\u0002\u0000",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "EHLO mail.demo\r\n",
            "*1\r\n$4\r\nPING\r\n",
            "get key\r\n",
            "\u0000\u0000\u0000\u0008\u0004\u00d2\u0016/x",
            "AVERYLONGWORDTHATISNOMETHODATALLANYWHERE",
            "WORD " + "x".repeat(9_000),
            "\r\n".repeat(5_000),
            "OPTIONS rtsp://camera.demo/1 RTSP/1.0\r\n",
            "OPTIONS * RTSP/1.0\r\n",
            "OPTIONS sip:a@b SIP/2.0\r\n",
            "GET key\r\n",
            "PROXY TCP4 10.0.0.1 10.0.0.2 1 2\r\nGET / HTTP/1.1\r\n",
            "<13>Oct 11 22:14:15 web: GET / HTTP/1.1\r\n",
            "{\"line\":\"GET / HTTP/1.1\"}\r\n",
            " HTTP/1.1\r\n",
            "G\u007fT /a",
            "{\"jsonrpc\":",
        };
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n",
                "PROPFIND /dav HTTP/1.1\r\n",
                " \tBREW\tpot\tHTTP/1.1\r\n",
                "EHLO a b\r\n",
            })
    void bytesThatComeOneByOneAreJudgedAlikeAndAllPassedOn(String bytes) {
        for (int i = 0; i < bytes.length(); i++) {
            channel.send(bytes.substring(i, i + 1));
        }

        assertThat(detected).hasSize(1);
        assertThat(detected.getFirst().equals(HTTP1)).isEqualTo(bytes.contains("HTTP"));
        assertThat(String.join("", passedOn)).isEqualTo(bytes);
    }

    // D25
    @Test
    void clientThatWaitsForTheServerToSpeakIsOpaqueAfterTheTimeLimit() {
        channel.pass(9_900);
        assertThat(detected).isEmpty();

        channel.pass(200);

        assertThat(detected).containsExactly(new Detected.Opaque(Detected.Sign.TIME_LIMIT));
        assertThat(passedOn).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST ", "GET k", "\r\nHEAD\t"})
    void methodWithNothingBehindItIsHttp1AfterTheTimeLimit(String bytes) {
        channel.send(bytes);
        channel.pass(9_900);
        assertThat(detected).isEmpty();

        channel.pass(200);

        assertThat(detected).containsExactly(HTTP1);
        assertThat(passedOn).containsExactly(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"G", "EHLO", "CONNECT ", "GETS", "\r\n"})
    void anyOtherWordWithNothingBehindItIsOpaqueAfterTheTimeLimit(String bytes) {
        channel.send(bytes);
        channel.pass(10_100);

        assertThat(detected).containsExactly(new Detected.Opaque(Detected.Sign.TIME_LIMIT));
        assertThat(passedOn).containsExactly(bytes);
    }

    @Test
    void endWithoutAByteIsDropped() {
        channel.peerFinishes();

        assertThat(dropped).isEqualTo(1);
        assertThat(detected).isEmpty();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void endBehindAFewBytesIsPassedOnBehindThem() {
        channel.send("PI");
        channel.peerFinishes();

        assertThat(detected).containsExactly(new Detected.Opaque(Detected.Sign.END_OF_INPUT));
        assertThat(passedOn).containsExactly("PI", "FIN");
        assertThat(dropped).isZero();
        assertThat(channel.isOpen()).isTrue();
    }

    // D25, D28
    @Test
    void connectionWithoutAByteDoesNotHoldTheDrain() {
        var _ = drain.begin(Duration.ofMinutes(1));
        channel.pass(1_200);
        assertThat(channel.isOutputShutdown()).isTrue();

        channel.pass(1_200);

        assertThat(channel.isOpen()).isFalse();
        assertThat(drain.held()).isZero();
        assertThat(detected).isEmpty();
    }

    @Test
    void firstByteInTheMomentThatADrainGrantsIsDetected() {
        var _ = drain.begin(Duration.ofMinutes(1));
        channel.pass(500);

        channel.send(head("GET / HTTP/1.1"));

        assertThat(detected).containsExactly(HTTP1);
        assertThat(drain.held()).isZero();
    }

    @Test
    void connectionThatIsUndecidedMayBringARequest() {
        channel.send("PI");
        int undecided = expectant();

        channel.send("NG\r\n");

        assertThat(undecided).isEqualTo(1);
        assertThat(expectant()).isZero();
    }

    private int expectant() {
        var count = loopDrain.expectant().toCompletableFuture();
        channel.turn();
        channel.pass(20);
        return count.join();
    }

    @Test
    void endOfTheGraceClosesTheConnection() {
        channel.send("PI");

        var _ = loopDrain.cut();
        channel.turn();

        assertThat(channel.isOpen()).isFalse();
    }

    private void detected(Detected what) {
        detected.add(what);
        channel.pipeline().addLast(new Recorder());
    }

    /// What follows in the pipeline.
    private final class Recorder extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            passedOn.add(bytes.toString(StandardCharsets.ISO_8859_1));
            bytes.release();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                passedOn.add("FIN");
            }
        }
    }
}
