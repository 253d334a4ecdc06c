package dev.ebb.proxy.http;

import dev.ebb.proxy.stream.ResponseHead;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The headers that Ebb proxies say things to each other with. All begin with `ebb-`; applications
/// never see one of their peers', and cannot send one.
public final class PrivateHeaders {

    /// Request: an Ebb proxy sent it, [#RESENDABLE] or [#STREAMING].
    public static final AsciiString CLIENT = AsciiString.cached("ebb-client");

    /// The client's proxy still holds the whole body.
    public static final AsciiString RESENDABLE = AsciiString.cached("resendable");

    /// The client's proxy may be unable to send the request a second time.
    public static final AsciiString STREAMING = AsciiString.cached("streaming");

    /// Response: the instance with this uid is leaving.
    public static final AsciiString LEAVING = AsciiString.cached("ebb-leaving");

    /// Response: the instance with this uid did not let the request through to its application.
    public static final AsciiString NOT_DELIVERED = AsciiString.cached("ebb-not-delivered");

    /// Response: a proxy made it, for this reason. The one private header that callers get to see.
    public static final AsciiString PROXY_ERROR = AsciiString.cached("ebb-proxy-error");

    private static final String PREFIX = "ebb-";

    private PrivateHeaders() {}

    /// Whether a response says that nothing of the request was delivered.
    public static boolean isNotDelivered(ResponseHead response) {
        return response.status().code() == HttpResponseStatus.SERVICE_UNAVAILABLE.code()
                && response.headers().contains(NOT_DELIVERED);
    }

    /// Removes every private header.
    public static void strip(HttpHeaders headers) {
        List<CharSequence> found = find(headers);
        if (found != null) {
            found.forEach(headers::remove);
        }
    }

    /// Removes every private header but [#PROXY_ERROR].
    public static void stripAllButProxyError(HttpHeaders headers) {
        List<CharSequence> found = find(headers);
        if (found == null) {
            return;
        }
        for (CharSequence name : found) {
            if (!PROXY_ERROR.contentEqualsIgnoreCase(name)) {
                headers.remove(name);
            }
        }
    }

    /// Null if there is none, which is the case for nearly every message.
    private static @Nullable List<CharSequence> find(HttpHeaders headers) {
        List<CharSequence> found = null;
        Iterator<Map.Entry<CharSequence, CharSequence>> entries = headers.iteratorCharSequence();
        while (entries.hasNext()) {
            CharSequence name = entries.next().getKey();
            if (isPrivate(name)) {
                if (found == null) {
                    found = new ArrayList<>(2);
                }
                found.add(name);
            }
        }
        return found;
    }

    private static boolean isPrivate(CharSequence name) {
        if (name.length() < PREFIX.length() || (name.charAt(0) | 0x20) != 'e') {
            return false;
        }
        return AsciiString.regionMatches(name, true, 0, PREFIX, 0, PREFIX.length());
    }
}
