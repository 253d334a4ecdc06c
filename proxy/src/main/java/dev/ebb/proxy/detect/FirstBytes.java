package dev.ebb.proxy.detect;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Judges the first bytes of a connection; pure.
///
/// Its first line shows HTTP, also if it is malformed: it is the decoder that refuses a request,
/// with a reason, and what an application may still take for one does not pass it unread. A first
/// line is HTTP if it begins with a well-known method and the beginning of a target, or if it ends
/// in a version of HTTP. Any kind and number of blanks will do between them, and neither blanks nor
/// empty lines ahead of them count.
final class FirstBytes {

    enum Verdict {
        HTTP1,
        OPAQUE,
        UNDECIDED
    }

    /// A first line that is not complete within this is no request line.
    static final int MAX_LINE = 8 << 10;

    private static final int MAX_METHOD = 32;
    private static final int TLS_HANDSHAKE = 0x16;
    private static final byte[] VERSION = ascii("http/");
    private static final int MAX_VERSION = "HTTP/1.1".length();
    private static final byte[] HTTP2_PREFACE = ascii("PRI * HTTP/2");

    /// What almost every request begins with. CONNECT is not among them: other protocols have it.
    private static final List<byte[]> METHODS =
            List.of(
                    ascii("GET"),
                    ascii("POST"),
                    ascii("PUT"),
                    ascii("HEAD"),
                    ascii("DELETE"),
                    ascii("PATCH"),
                    ascii("OPTIONS"));

    /// How the targets of those methods begin. `*` would do for RTSP as well, and a bare word is a
    /// key of Redis.
    private static final List<byte[]> TARGETS =
            List.of(ascii("/"), ascii("http://"), ascii("https://"));

    private FirstBytes() {}

    /// Does not move the buffer's indices.
    static Verdict judge(ByteBuf bytes) {
        int start = skipBlank(bytes, bytes.readerIndex());
        int length = bytes.writerIndex() - start;
        if (length == 0) {
            return bytes.readableBytes() < MAX_LINE ? Verdict.UNDECIDED : Verdict.OPAQUE;
        }
        if (bytes.getByte(start) == TLS_HANDSHAKE) {
            return Verdict.OPAQUE;
        }
        int method = method(bytes, start);
        if (method > 0 && startsWithTarget(bytes, start + method)) {
            return Verdict.HTTP1;
        }
        // HTTP/2 is relayed as it is until it has an adapter.
        if (startsWith(bytes, start, HTTP2_PREFACE)) {
            return Verdict.OPAQUE;
        }
        return judgeLine(bytes, start, length);
    }

    /// Judges what is still undecided when nothing follows for too long: a whole method is the
    /// beginning of a request. Anything shorter is a word that many protocols may begin with.
    static Verdict judgeUnfinished(ByteBuf bytes) {
        return method(bytes, skipBlank(bytes, bytes.readerIndex())) > 0
                ? Verdict.HTTP1
                : Verdict.OPAQUE;
    }

    /// RFC 9112 §2.2: a server should ignore empty lines before a request line.
    private static int skipBlank(ByteBuf bytes, int start) {
        int index = start;
        while (index < bytes.writerIndex()
                && (isBlank(bytes.getByte(index)) || isLineEnd(bytes.getByte(index)))) {
            index++;
        }
        return index;
    }

    /// How long the well-known method is that stands there as a whole word; 0 if there is none.
    private static int method(ByteBuf bytes, int start) {
        for (byte[] each : METHODS) {
            int end = start + each.length;
            if (startsWith(bytes, start, each)
                    && (end == bytes.writerIndex() || isBlank(bytes.getByte(end)))) {
                return each.length;
            }
        }
        return 0;
    }

    private static boolean startsWithTarget(ByteBuf bytes, int blanks) {
        int target = blanks;
        while (target < bytes.writerIndex() && isBlank(bytes.getByte(target))) {
            target++;
        }
        for (byte[] each : TARGETS) {
            if (startsWith(bytes, target, each)) {
                return true;
            }
        }
        return false;
    }

    /// Only what may yet become a well-formed request line is waited for; what is not is judged as
    /// it has come.
    private static Verdict judgeLine(ByteBuf bytes, int start, int length) {
        int word = 0;
        while (word < length && isTokenCharacter(bytes.getByte(start + word))) {
            word++;
        }
        boolean mayBeMethod =
                word > 0
                        && word <= MAX_METHOD
                        && (word == length || isBlank(bytes.getByte(start + word)));
        int lineEnd = bytes.indexOf(start, start + Math.min(length, MAX_LINE), (byte) '\n');
        if (lineEnd < 0) {
            return mayBeMethod && length < MAX_LINE ? Verdict.UNDECIDED : Verdict.OPAQUE;
        }
        // A line of a log may end as a request does, but has more than its three words.
        int words = wordsUpToVersion(bytes, start, lineEnd);
        return words == 3 || (words > 1 && mayBeMethod) ? Verdict.HTTP1 : Verdict.OPAQUE;
    }

    /// How many words a line has; 0 if the last of them is not like `HTTP/1.1`, in whatever case.
    private static int wordsUpToVersion(ByteBuf bytes, int start, int lineEnd) {
        int words = 0;
        int last = start;
        int end = start;
        for (int index = start; index < lineEnd; index++) {
            byte each = bytes.getByte(index);
            if (isBlank(each) || isLineEnd(each)) {
                continue;
            }
            if (end < index || words == 0) {
                words++;
                last = index;
            }
            end = index + 1;
        }
        return isVersion(bytes, last, end) ? words : 0;
    }

    private static boolean isVersion(ByteBuf bytes, int start, int end) {
        int digit = start + VERSION.length;
        if (digit >= end || end - start > MAX_VERSION) {
            return false;
        }
        for (int i = 0; i < VERSION.length; i++) {
            if (Character.toLowerCase((char) bytes.getByte(start + i)) != VERSION[i]) {
                return false;
            }
        }
        return bytes.getByte(digit) >= '0' && bytes.getByte(digit) <= '9';
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

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    private static boolean isLineEnd(byte b) {
        return b == '\r' || b == '\n';
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
