package dev.ebb.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import org.junit.jupiter.api.Test;

final class PrivateHeadersTest {

    @Test
    void everyPrivateHeaderIsStrippedWhateverItsCase() {
        HttpHeaders headers = headers("ebb-client", "EBB-LEAVING", "Ebb-x", "ebb-", "x-ebb-id");

        PrivateHeaders.strip(headers);

        assertThat(headers.names()).containsExactly("x-ebb-id");
    }

    @Test
    void repeatedPrivateHeaderIsStrippedAltogether() {
        HttpHeaders headers = headers("ebb-client", "ebb-client", "host");

        PrivateHeaders.strip(headers);

        assertThat(headers.names()).containsExactly("host");
    }

    @Test
    void namesThatOnlyLookAlikeStay() {
        HttpHeaders headers = headers("e", "ebb", "ebbs", "ebb_client", "etag", "expect");

        PrivateHeaders.strip(headers);

        assertThat(headers.names())
                .containsExactly("e", "ebb", "ebbs", "ebb_client", "etag", "expect");
    }

    @Test
    void proxyErrorMayBeSpared() {
        HttpHeaders headers = headers("ebb-leaving", "Ebb-Proxy-Error", "host");

        PrivateHeaders.stripAllButProxyError(headers);

        assertThat(headers.names()).containsExactly("Ebb-Proxy-Error", "host");
    }

    private static HttpHeaders headers(String... names) {
        HttpHeaders headers = new DefaultHttpHeaders();
        for (String name : names) {
            headers.add(name, "x");
        }
        return headers;
    }
}
