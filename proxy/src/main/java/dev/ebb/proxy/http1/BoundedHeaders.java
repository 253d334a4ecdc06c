package dev.ebb.proxy.http1;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.handler.codec.http.TooLongHttpHeaderException;

/// The fields of a message while it is decoded. A field costs its objects as well as its bytes, and
/// five bytes are enough for one, so their number has a limit of its own.
final class BoundedHeaders extends DefaultHttpHeaders {

    /// Others take 100 (Apache) or 101 (haproxy).
    static final int MOST = 256;

    /// What a field costs beside its bytes, and its bytes as characters.
    private static final int HEAP_PER_FIELD = 170;

    private static final int HEAP_PER_BYTE = 2;

    /// `a:b` and the end of the line.
    private static final int SMALLEST_FIELD = 5;

    static final HttpHeadersFactory FACTORY =
            new HttpHeadersFactory() {
                @Override
                public HttpHeaders newHeaders() {
                    return new BoundedHeaders();
                }

                @Override
                public HttpHeaders newEmptyHeaders() {
                    return new BoundedHeaders();
                }
            };

    private int added;

    @Override
    public HttpHeaders add(CharSequence name, Object value) {
        count();
        return super.add(name, value);
    }

    @Override
    public HttpHeaders add(String name, Object value) {
        count();
        return super.add(name, value);
    }

    private void count() {
        added++;
        if (added > MOST) {
            throw new TooLongHttpHeaderException("more than " + MOST + " fields");
        }
    }

    /// What a head holds of the heap. It counts against a budget of the event loop: without one a
    /// few hundred large heads would end the process for want of memory, and all that it carries.
    static long weight(long bytes, int fields) {
        return HEAP_PER_BYTE * bytes + (long) HEAP_PER_FIELD * fields;
    }

    /// What a head may hold of which only so many bytes have come.
    static long weight(long bytes) {
        return weight(bytes, (int) Math.min(MOST, bytes / SMALLEST_FIELD));
    }
}
