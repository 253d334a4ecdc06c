package dev.ebb.proxy.http1;

import static dev.ebb.proxy.testing.Wire.head;
import static dev.ebb.proxy.testing.Wire.lines;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.proxy.testing.NoLeaks;
import dev.ebb.proxy.testing.RecordedExchange;
import io.netty.handler.codec.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// However the network splits a byte stream, the same is heard; and bytes at random break nothing.
@ExtendWith(NoLeaks.class)
class Http1SplitTest {

    private static final String REQUESTS =
            head("GET /1 HTTP/1.1", "Host: w")
                    + lines("POST /2 HTTP/1.1", "Host: w", "Content-Length: 11", "", "hello world")
                    + head(
                            "POST /3 HTTP/1.1",
                            "Host: w",
                            "Transfer-Encoding: chunked",
                            "",
                            "5",
                            "hello",
                            "a;x=\"y\"",
                            "0123456789",
                            "0",
                            "X-Sum: 1")
                    + head("HEAD /4 HTTP/1.1", "Host: w", "Connection: keep-alive")
                    + head("GET /5 HTTP/1.1", "Host: w", "Connection: close");

    private static final String ANSWER =
            head("HTTP/1.1 100 Continue")
                    + head(
                            "HTTP/1.1 200 OK",
                            "Transfer-Encoding: chunked",
                            "",
                            "3",
                            "abc",
                            "10",
                            "0123456789abcdef",
                            "0",
                            "X-Sum: 1");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void requestsAreHeardAlikeHoweverTheyAreSplit(long seed) {
        List<String> whole = serve(List.of(REQUESTS));

        List<String> split = serve(split(REQUESTS, new Random(seed)));

        assertThat(split).isEqualTo(whole);
        assertThat(whole).hasSize(13);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void answersAreHeardAlikeHoweverTheyAreSplit(long seed) {
        List<String> whole = answer(List.of(ANSWER));

        List<String> split = answer(split(ANSWER, new Random(seed)));

        assertThat(split).isEqualTo(whole);
        assertThat(whole).endsWith("end [X-Sum=1]");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void corruptedRequestsAreAnsweredOrRefusedAndNeverBreakTheAdapter(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            StringBuilder text = new StringBuilder(REQUESTS);
            for (int i = random.nextInt(4); i >= 0; i--) {
                text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(256));
            }

            ServerFixture server = new ServerFixture().echoing();
            split(text.toString(), random).forEach(server.channel::send);
            String received = server.channel.received();

            assertThat(received)
                    .satisfiesAnyOf(
                            all -> assertThat(all).isEmpty(),
                            all -> assertThat(all).startsWith("HTTP/1.1 "));
            assertThat(server.rejected).hasSizeLessThanOrEqualTo(1);
            server.close();
        }
    }

    private static List<String> serve(List<String> pieces) {
        ServerFixture server = new ServerFixture().echoing();
        pieces.forEach(server.channel::send);
        List<String> heard = new ArrayList<>();
        for (RecordedExchange exchange : server.exchanges) {
            heard.addAll(exchange.events());
        }
        heard.add(server.channel.received());
        server.close();
        return heard;
    }

    private static List<String> answer(List<String> pieces) {
        ClientFixture client = new ClientFixture();
        RecordedResponse response = client.open(ClientFixture.head(HttpMethod.GET, "/", 0));
        pieces.forEach(client.channel::send);
        assertThat(client.available).isEqualTo(1);
        client.close();
        return response.events;
    }

    private static List<String> split(String text, Random random) {
        List<String> pieces = new ArrayList<>();
        int start = 0;
        while (start < text.length()) {
            int end = Math.min(text.length(), start + 1 + random.nextInt(20));
            pieces.add(text.substring(start, end));
            start = end;
        }
        return pieces;
    }
}
