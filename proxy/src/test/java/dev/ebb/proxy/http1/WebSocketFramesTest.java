package dev.ebb.proxy.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.proxy.http1.WebSocketFrames.Sender;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Where a Close frame fits in, and what it looks like.
class WebSocketFramesTest {

    private static final HttpHeaders WEBSOCKET =
            new DefaultHttpHeaders().set("upgrade", "WebSocket");

    @ParameterizedTest
    @CsvSource({"0,false", "1,false", "125,true", "126,false", "126,true", "65535,false"})
    void farewellFitsBetweenTwoFramesAndNowhereElse(int length, boolean masked) {
        ByteBuf frames = Unpooled.buffer().writeBytes(frame(length, masked, false));
        int first = frames.readableBytes();
        frames.writeBytes(frame(3, masked, false));

        WebSocketFrames follower = WebSocketFrames.of(Sender.SERVER, WEBSOCKET);
        for (int seen = 1; seen <= frames.readableBytes(); seen++) {
            follower.pass(frames.slice(seen - 1, 1));
            boolean between = seen == first || seen == frames.readableBytes();
            assertThat(follower.farewell() != null).as("behind byte " + seen).isEqualTo(between);
        }
    }

    @Test
    void lengthOf64BitsIsFollowed() {
        WebSocketFrames follower = WebSocketFrames.of(Sender.SERVER, WEBSOCKET);

        follower.pass(frame(70_000, true, true));
        assertThat(follower.farewell()).isNotNull();
        follower.pass(frame(70_000, true, true).slice(0, 70_000));

        assertThat(follower.farewell()).isNull();
    }

    @Test
    void piecesOfAnySizeAreFollowed() {
        ByteBuf frames = Unpooled.buffer();
        for (int length : new int[] {0, 7, 200, 70_000}) {
            frames.writeBytes(frame(length, true, length > 65_535));
        }

        for (int piece = 1; piece < 300; piece += 7) {
            WebSocketFrames follower = WebSocketFrames.of(Sender.SERVER, WEBSOCKET);
            for (int at = 0; at < frames.readableBytes(); at += piece) {
                int size = Math.min(piece, frames.readableBytes() - at);
                assertThat(follower.pass(frames.slice(at, size)).readableBytes()).isEqualTo(size);
            }
            assertThat(follower.farewell()).isNotNull();
        }
    }

    @Test
    void nothingFollowsACloseFrame() {
        WebSocketFrames follower = WebSocketFrames.of(Sender.SERVER, WEBSOCKET);

        follower.pass(Unpooled.wrappedBuffer(new byte[] {(byte) 0x88, 0}));

        assertThat(follower.farewell()).isNull();
    }

    @Test
    void serverSaysGoingAway() {
        ByteBuf frame = farewell(Sender.SERVER);

        assertThat(frame.readUnsignedByte()).isEqualTo((short) 0x88);
        assertThat(frame.readUnsignedByte()).isEqualTo((short) 2);
        assertThat(frame.readUnsignedShort()).isEqualTo(1001);
        assertThat(frame.isReadable()).isFalse();
    }

    @Test
    void clientSaysSoWithAMask() {
        ByteBuf frame = farewell(Sender.CLIENT);

        assertThat(frame.readUnsignedByte()).isEqualTo((short) 0x88);
        assertThat(frame.readUnsignedByte()).isEqualTo((short) 0x82);
        int key = frame.readInt();
        assertThat(frame.readUnsignedShort() ^ key >>> 16).isEqualTo(1001);
        assertThat(frame.isReadable()).isFalse();
    }

    @Test
    void otherTunnelsAreLeftAlone() {
        WebSocketFrames other =
                WebSocketFrames.of(Sender.SERVER, new DefaultHttpHeaders().set("upgrade", "irc"));

        other.pass(Unpooled.wrappedBuffer(new byte[] {1, 2, 3}));

        assertThat(other.farewell()).isNull();
    }

    private static ByteBuf farewell(Sender sender) {
        return Objects.requireNonNull(WebSocketFrames.of(sender, WEBSOCKET).farewell());
    }

    /// A binary frame.
    private static ByteBuf frame(int length, boolean masked, boolean wide) {
        int mask = masked ? 0x80 : 0;
        ByteBuf frame = Unpooled.buffer().writeByte(0x82);
        if (wide) {
            frame.writeByte(mask | 127).writeLong(length);
        } else if (length > 125) {
            frame.writeByte(mask | 126).writeShort(length);
        } else {
            frame.writeByte(mask | length);
        }
        // Bytes that would be heads of Close frames, were they taken for heads.
        for (int i = 0; i < length + (masked ? 4 : 0); i++) {
            frame.writeByte(0x88);
        }
        return frame;
    }
}
