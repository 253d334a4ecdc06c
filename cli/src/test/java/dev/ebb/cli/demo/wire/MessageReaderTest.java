package dev.ebb.cli.demo.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageReaderTest {
    @Test
    void twoMessagesOnOneConnectionAreToldApart() throws IOException {
        MessageReader reader =
                reader(
                        """
                        HTTP/1.1 200 OK\r
                        Content-Length: 3\r
                        \r
                        abcHTTP/1.1 204 No Content\r
                        \r
                        """);

        Head first = head(reader);
        byte[] body = reader.body(first);
        Head second = head(reader);

        assertThat(body).asString().isEqualTo("abc");
        assertThat(second.startLine()).isEqualTo("HTTP/1.1 204 No Content");
        assertThat(reader.head()).isNull();
    }

    @Test
    void chunksExtensionsAndTrailersAreRead() throws IOException {
        MessageReader reader =
                reader(
                        """
                        HTTP/1.1 200 OK\r
                        transfer-encoding: Chunked\r
                        \r
                        3;x=y\r
                        abc\r
                        A\r
                        0123456789\r
                        0\r
                        sum: 1\r
                        \r
                        """);

        byte[] body = reader.body(head(reader));

        assertThat(body).asString().isEqualTo("abc0123456789");
        assertThat(reader.head()).isNull();
    }

    @Test
    void whatThePayloadChunksTheReaderPutsTogether() throws IOException {
        byte[] body = Payload.body("id-1", 1000);
        String chunks = new String(Payload.chunked(body), US_ASCII);
        MessageReader reader =
                reader("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks);

        byte[] read = reader.body(head(reader));

        assertThat(read).isEqualTo(body);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabc",
                "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nz\r\n",
                "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
                "HTTP/1.1 20"
            })
    void aCutOrMalformedMessageIsNoMessage(String text) {
        assertThatExceptionOfType(MalformedMessageException.class)
                .isThrownBy(() -> {
                    MessageReader reader = reader(text);
                    reader.body(head(reader));
                });
    }

    private static MessageReader reader(String text) {
        return new MessageReader(new ByteArrayInputStream(text.getBytes(US_ASCII)));
    }

    private static Head head(MessageReader reader) throws IOException {
        return Objects.requireNonNull(reader.head());
    }
}
