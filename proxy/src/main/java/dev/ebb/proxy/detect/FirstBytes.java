package dev.ebb.proxy.detect;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Judges the first bytes of a connection; pure.
final class FirstBytes {

    enum Verdict {
        HTTP1,
        OPAQUE,
        UNDECIDED
    }

    /// A first line that is not complete within this is no request line.
    static final int MAX_LINE = 8 << 10;

    private static final int MAX_METHOD = 32;
    private static final int MAX_EMPTY_LINES = 8;
    private static final int TLS_HANDSHAKE = 0x16;
    private static final byte[] VERSION = ascii(" HTTP/");
    private static final byte[] HTTP2_PREFACE = ascii("PRI * HTTP/2");

    /// What almost every request begins with; no other protocol at hand does.
    private static final List<byte[]> COMMON =
            List.of(
                    ascii("GET /"),
                    ascii("POST /"),
                    ascii("PUT /"),
                    ascii("HEAD /"),
                    ascii("DELETE /"),
                    ascii("PATCH /"),
                    ascii("OPTIONS /"));

    private FirstBytes() {}

    /// Does not move the buffer's indices.
    static Verdict judge(ByteBuf bytes) {
        int start = skipEmptyLines(bytes);
        int length = bytes.writerIndex() - start;
        if (length == 0) {
            return Verdict.UNDECIDED;
        }
        if (bytes.getByte(start) == TLS_HANDSHAKE) {
            return Verdict.OPAQUE;
        }
        for (byte[] common : COMMON) {
            if (startsWith(bytes, start, common)) {
                return Verdict.HTTP1;
            }
        }
        // HTTP/2 is relayed as it is until it has an adapter.
        if (startsWith(bytes, start, HTTP2_PREFACE)) {
            return Verdict.OPAQUE;
        }
        return judgeLine(bytes, start, length);
    }

    /// RFC 9112 §2.2: a server should ignore empty lines before a request line.
    private static int skipEmptyLines(ByteBuf bytes) {
        int index = bytes.readerIndex();
        int end = Math.min(bytes.writerIndex(), index + MAX_EMPTY_LINES);
        while (index < end && (bytes.getByte(index) == '\r' || bytes.getByte(index) == '\n')) {
            index++;
        }
        return index;
    }

    /// Any method is HTTP, if the line ends with a version.
    private static Verdict judgeLine(ByteBuf bytes, int start, int length) {
        int method = 0;
        while (method < length && isTokenCharacter(bytes.getByte(start + method))) {
            method++;
        }
        if (method > MAX_METHOD || (method < length && bytes.getByte(start + method) != ' ')) {
            return Verdict.OPAQUE;
        }
        if (method == 0) {
            return Verdict.OPAQUE;
        }
        int lineEnd = bytes.indexOf(start, start + Math.min(length, MAX_LINE), (byte) '\n');
        if (lineEnd < 0) {
            return length >= MAX_LINE ? Verdict.OPAQUE : Verdict.UNDECIDED;
        }
        for (int index = start + method; index < lineEnd; index++) {
            if (startsWith(bytes, index, VERSION)) {
                return Verdict.HTTP1;
            }
        }
        return Verdict.OPAQUE;
    }

    private static boolean startsWith(ByteBuf bytes, int start, byte[] prefix) {
        if (bytes.writerIndex() - start < prefix.length) {
            return false;
        }
        for (int i = 0; i < prefix.length; i++) {
            if (bytes.getByte(start + i) != prefix[i]) {
                return false;
            }
        }
        return true;
    }

    /// RFC 9110 §5.6.2.
    private static boolean isTokenCharacter(byte b) {
        return (b >= 'a' && b <= 'z')
                || (b >= 'A' && b <= 'Z')
                || (b >= '0' && b <= '9')
                || "!#$%&'*+-.^_`|~".indexOf(b) >= 0;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
