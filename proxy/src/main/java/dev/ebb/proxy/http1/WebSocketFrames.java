package dev.ebb.proxy.http1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// Follows the frames of one direction of a WebSocket (RFC 6455 §5.2) as far as their lengths, to
/// know when the direction is between two frames: only there can a Close frame be put in. Reads no
/// payload and keeps no bytes. Belongs to one event loop.
final class WebSocketFrames {

    /// Who sends: a client masks what it sends (RFC 6455 §5.3).
    enum Sender {
        CLIENT,
        SERVER
    }

    private static final int OPCODE = 0x0f;
    private static final int CLOSE = 0x8;
    private static final int FINAL_CLOSE = 0x80 | CLOSE;
    private static final int MASKED = 0x80;
    private static final int LENGTH = 0x7f;
    private static final int LENGTH_OF_16_BITS = 126;
    private static final int LENGTH_OF_64_BITS = 127;
    private static final int MASK_BYTES = 4;

    /// RFC 6455 §7.4.1: the endpoint is going away, such as a server that goes down.
    private static final int GOING_AWAY = 1001;

    /// Of a tunnel that is no WebSocket: follows nothing, and never says farewell.
    static final WebSocketFrames NONE = new WebSocketFrames(null);

    private final @Nullable Sender sender;

    /// Bytes of the frame's head that have been seen; 0 between two frames.
    private int headSeen;

    private int lengthBytes;
    private int maskBytes;
    private long payload;
    private boolean closeSeen;

    private WebSocketFrames(@Nullable Sender sender) {
        this.sender = sender;
    }

    /// A follower if the response has switched to WebSocket.
    ///
    /// @param response the fields of a 101
    static WebSocketFrames of(Sender sender, HttpHeaders response) {
        return response.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
                ? new WebSocketFrames(sender)
                : NONE;
    }

    /// These bytes go by.
    ///
    /// @return the same buffer, as it was
    ByteBuf pass(ByteBuf data) {
        if (sender != null) {
            follow(data);
        }
        return data;
    }

    /// A Close frame that says that this end is going away; null where it would not be understood:
    /// in the middle of a frame, or behind a Close frame.
    @Nullable ByteBuf farewell() {
        if (sender == null || headSeen != 0 || closeSeen) {
            return null;
        }
        ByteBuf frame = Unpooled.buffer(8).writeByte(FINAL_CLOSE);
        return switch (sender) {
            case SERVER -> frame.writeByte(Short.BYTES).writeShort(GOING_AWAY);
            case CLIENT -> {
                // The payload is fixed, so that nobody can choose bytes on the wire by it: any key
                // does.
                int key = ThreadLocalRandom.current().nextInt();
                yield frame.writeByte(MASKED | Short.BYTES)
                        .writeInt(key)
                        .writeShort(GOING_AWAY ^ (key >>> Short.SIZE));
            }
        };
    }

    private void follow(ByteBuf data) {
        int at = data.readerIndex();
        int end = data.writerIndex();
        while (at < end) {
            if (isInPayload()) {
                int step = (int) Math.min(payload, end - at);
                payload -= step;
                at += step;
            } else {
                head(data.getUnsignedByte(at));
                at++;
            }
            if (isFrameOver()) {
                headSeen = 0;
            }
        }
    }

    private void head(int octet) {
        headSeen++;
        if (headSeen == 1) {
            closeSeen |= (octet & OPCODE) == CLOSE;
            payload = 0;
        } else if (headSeen == 2) {
            maskBytes = (octet & MASKED) == 0 ? 0 : MASK_BYTES;
            int length = octet & LENGTH;
            lengthBytes =
                    switch (length) {
                        case LENGTH_OF_16_BITS -> Short.BYTES;
                        case LENGTH_OF_64_BITS -> Long.BYTES;
                        default -> 0;
                    };
            payload = lengthBytes == 0 ? length : 0;
        } else if (headSeen <= 2 + lengthBytes) {
            // The top bit of 64 must be 0; whoever sets it gets a length that never ends.
            payload = (payload << Byte.SIZE | octet) & Long.MAX_VALUE;
        }
    }

    private boolean isHeadOver() {
        return headSeen >= 2 && headSeen == 2 + lengthBytes + maskBytes;
    }

    private boolean isInPayload() {
        return isHeadOver() && payload > 0;
    }

    private boolean isFrameOver() {
        return isHeadOver() && payload == 0;
    }
}
