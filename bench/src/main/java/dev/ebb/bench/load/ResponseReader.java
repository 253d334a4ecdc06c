package dev.ebb.bench.load;

import java.nio.ByteBuffer;
import java.util.Locale;

/// Finds the end of each response on one connection. Reads what the origin of a measurement sends:
/// HTTP/1.1 with a Content-Length, one response at a time. For one thread.
final class ResponseReader {

    private static final String LENGTH = "\r\ncontent-length:";
    private static final long HEAD_OPEN = -1;

    private final StringBuilder head = new StringBuilder();
    private long bodyLeft = HEAD_OPEN;
    private boolean ok;

    /// Takes bytes and says whether the response is complete with them.
    boolean complete(ByteBuffer bytes) {
        while (bodyLeft == HEAD_OPEN && bytes.hasRemaining()) {
            head.append((char) (bytes.get() & 0xff));
            if (endsWithBlankLine()) {
                readHead();
            }
        }
        if (bodyLeft == HEAD_OPEN) {
            return false;
        }
        int taken = (int) Math.min(bytes.remaining(), bodyLeft);
        bytes.position(bytes.position() + taken);
        bodyLeft -= taken;
        return bodyLeft == 0;
    }

    /// Whether the response that is complete said 200; makes ready for the next one.
    boolean takeOk() {
        boolean result = ok;
        head.setLength(0);
        bodyLeft = HEAD_OPEN;
        return result;
    }

    private boolean endsWithBlankLine() {
        int length = head.length();
        return length >= 4 && head.charAt(length - 1) == '\n' && head.charAt(length - 3) == '\n';
    }

    private void readHead() {
        String text = head.toString().toLowerCase(Locale.ROOT);
        ok = text.startsWith("http/1.1 200");
        int start = text.indexOf(LENGTH);
        if (start < 0) {
            throw new IllegalStateException(
                    "response head: \"" + text.strip() + "\" (expected: a Content-Length)");
        }
        int end = text.indexOf('\r', start + LENGTH.length());
        bodyLeft = Long.parseLong(text.substring(start + LENGTH.length(), end).strip());
    }
}
