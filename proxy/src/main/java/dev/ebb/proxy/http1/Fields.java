package dev.ebb.proxy.http1;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.Iterator;
import java.util.Map;

/// The fields of one head that matter to HTTP/1 framing, as a set of bits.
///
/// One pass over the fields of a message costs less than one look-up for each of the names, most of
/// which are absent.
final class Fields {

    static final int HOST = 1;
    static final int MANY_HOSTS = 1 << 1;
    static final int CONNECTION = 1 << 2;
    static final int KEEP_ALIVE = 1 << 3;
    static final int PROXY_CONNECTION = 1 << 4;
    static final int TE = 1 << 5;
    static final int UPGRADE = 1 << 6;
    static final int TRANSFER_ENCODING = 1 << 7;
    static final int CONTENT_LENGTH = 1 << 8;
    static final int EXPECT = 1 << 9;
    static final int OLD_WEBSOCKET_KEY = 1 << 10;

    /// What `Connection` says, found by [#stripHop].
    static final int SAYS_CLOSE = 1 << 16;

    static final int SAYS_KEEP_ALIVE = 1 << 17;
    static final int SAYS_UPGRADE = 1 << 18;

    private static final int HOP =
            CONNECTION | KEEP_ALIVE | PROXY_CONNECTION | TE | UPGRADE | TRANSFER_ENCODING;

    private static final AsciiString KEEP_ALIVE_NAME = AsciiString.cached("keep-alive");
    private static final AsciiString PROXY_CONNECTION_NAME = AsciiString.cached("proxy-connection");
    private static final AsciiString OLD_WEBSOCKET_NAME = AsciiString.cached("sec-websocket-key1");

    private Fields() {}

    /// Finds out which of the fields are there.
    static int scan(HttpHeaders headers) {
        int found = 0;
        Iterator<Map.Entry<CharSequence, CharSequence>> each = headers.iteratorCharSequence();
        while (each.hasNext()) {
            int bit = bit(each.next().getKey());
            if (bit == HOST && (found & HOST) != 0) {
                bit = MANY_HOSTS;
            }
            found |= bit;
        }
        return found;
    }

    /// Takes off what concerns one hop only (RFC 9110 §7.6.1), except `Upgrade`, about which the
    /// caller decides.
    ///
    /// @param found what [#scan] returned
    /// @return `found` and what `Connection` said
    static int stripHop(HttpHeaders headers, int found) {
        if ((found & HOP) == 0) {
            return found;
        }
        int result = found;
        if ((found & CONNECTION) != 0) {
            for (String options : headers.getAll(HttpHeaderNames.CONNECTION)) {
                result |= applyOptions(headers, options);
            }
            headers.remove(HttpHeaderNames.CONNECTION);
        }
        if ((found & KEEP_ALIVE) != 0) {
            headers.remove(KEEP_ALIVE_NAME);
        }
        if ((found & PROXY_CONNECTION) != 0) {
            headers.remove(PROXY_CONNECTION_NAME);
        }
        if ((found & TRANSFER_ENCODING) != 0) {
            headers.remove(HttpHeaderNames.TRANSFER_ENCODING);
        }
        if ((found & TE) != 0) {
            keepTrailersOnly(headers);
        }
        return result;
    }

    private static int applyOptions(HttpHeaders headers, String options) {
        int says = 0;
        int start = 0;
        while (start <= options.length()) {
            int comma = options.indexOf(',', start);
            int end = comma < 0 ? options.length() : comma;
            says |= applyOption(headers, options.substring(start, end).trim());
            start = end + 1;
        }
        return says;
    }

    private static int applyOption(HttpHeaders headers, String option) {
        if (HttpHeaderValues.CLOSE.contentEqualsIgnoreCase(option)) {
            return SAYS_CLOSE;
        }
        if (HttpHeaderValues.KEEP_ALIVE.contentEqualsIgnoreCase(option)) {
            return SAYS_KEEP_ALIVE;
        }
        if (HttpHeaderNames.UPGRADE.contentEqualsIgnoreCase(option)) {
            return SAYS_UPGRADE;
        }
        // Naming a field that frames or routes the message must not make it vanish.
        if (!option.isEmpty() && bit(option) == 0) {
            headers.remove(option);
        }
        return 0;
    }

    private static void keepTrailersOnly(HttpHeaders headers) {
        boolean trailers =
                headers.containsValue(HttpHeaderNames.TE, HttpHeaderValues.TRAILERS, true);
        if (trailers) {
            headers.set(HttpHeaderNames.TE, HttpHeaderValues.TRAILERS);
        } else {
            headers.remove(HttpHeaderNames.TE);
        }
    }

    private static int bit(CharSequence name) {
        return switch (name.length()) {
            case 2 -> bitIf(HttpHeaderNames.TE, name, TE);
            case 4 -> bitIf(HttpHeaderNames.HOST, name, HOST);
            case 6 -> bitIf(HttpHeaderNames.EXPECT, name, EXPECT);
            case 7 -> bitIf(HttpHeaderNames.UPGRADE, name, UPGRADE);
            case 10 ->
                    bitIf(HttpHeaderNames.CONNECTION, name, CONNECTION)
                            | bitIf(KEEP_ALIVE_NAME, name, KEEP_ALIVE);
            case 14 -> bitIf(HttpHeaderNames.CONTENT_LENGTH, name, CONTENT_LENGTH);
            case 16 -> bitIf(PROXY_CONNECTION_NAME, name, PROXY_CONNECTION);
            case 17 -> bitIf(HttpHeaderNames.TRANSFER_ENCODING, name, TRANSFER_ENCODING);
            case 18 -> bitIf(OLD_WEBSOCKET_NAME, name, OLD_WEBSOCKET_KEY);
            default -> 0;
        };
    }

    private static int bitIf(AsciiString expected, CharSequence name, int bit) {
        return expected.contentEqualsIgnoreCase(name) ? bit : 0;
    }
}
