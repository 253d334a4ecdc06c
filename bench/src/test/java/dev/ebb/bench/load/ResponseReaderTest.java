package dev.ebb.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ResponseReaderTest {

    private static final String OK =
            "HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: 5\r\n\r\nhello";

    private final ResponseReader reader = new ResponseReader();

    @Test
    void aResponseIsCompleteWithItsLastByteWhereverItIsCut() {
        for (int cut = 0; cut < OK.length(); cut++) {
            assertThat(reader.complete(bytes(OK.substring(0, cut)))).isFalse();
            assertThat(reader.complete(bytes(OK.substring(cut)))).isTrue();
            assertThat(reader.takeOk()).isTrue();
        }
    }

    @Test
    void lengthIsReadInAnyCase() {
        assertThat(reader.complete(bytes("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"))).isTrue();
    }

    @Test
    void anotherStatusIsNotOk() {
        assertThat(reader.complete(bytes("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n"))).isTrue();

        assertThat(reader.takeOk()).isFalse();
    }

    @Test
    void aResponseWithoutLengthIsRefused() {
        assertThatThrownBy(() -> reader.complete(bytes("HTTP/1.1 200 OK\r\nX: y\r\n\r\n")))
                .hasMessageContaining("expected: a Content-Length");
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }
}
