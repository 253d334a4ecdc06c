package dev.ebb.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.proxy.stream.ResponseHead;
import dev.ebb.proxy.testing.FakeServerStream;
import dev.ebb.proxy.testing.NoLeaks;
import io.netty.handler.codec.http.HttpMethod;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(NoLeaks.class)
final class ErrorResponsesTest {

    private static final String DETAIL = "10.1.2.3:80 (secret detail)";

    static Stream<ProxyError> errors() {
        return Stream.of(
                new ProxyError.NoAuthority(DETAIL),
                new ProxyError.Loop(DETAIL),
                new ProxyError.UnknownDestination(DETAIL),
                new ProxyError.NoEndpoint(DETAIL),
                new ProxyError.DiscoveryUnavailable(DETAIL),
                new ProxyError.Overloaded(DETAIL),
                new ProxyError.ConnectFailed(DETAIL),
                new ProxyError.ConnectTimeout(DETAIL),
                new ProxyError.UpstreamReset(DETAIL),
                new ProxyError.UpstreamProtocol(DETAIL),
                new ProxyError.UpstreamTimeout(DETAIL),
                new ProxyError.Leaving(DETAIL),
                new ProxyError.NotDelivered("uid", DETAIL));
    }

    /// The table as callers know it; a change here is a change for them.
    @Test
    void theTableIsWhatIsDocumented() {
        Map<String, Integer> table =
                errors().map(ErrorResponses::of)
                        .collect(
                                Collectors.toMap(
                                        ErrorResponses.Answer::reason,
                                        answer -> answer.status().code()));

        assertThat(table)
                .containsExactlyInAnyOrderEntriesOf(
                        Map.ofEntries(
                                Map.entry("no_authority", 400),
                                Map.entry("loop", 403),
                                Map.entry("unknown_destination", 502),
                                Map.entry("no_endpoint", 503),
                                Map.entry("discovery_unavailable", 503),
                                Map.entry("overloaded", 503),
                                Map.entry("connect_failed", 502),
                                Map.entry("connect_timeout", 504),
                                Map.entry("upstream_reset", 502),
                                Map.entry("upstream_protocol", 502),
                                Map.entry("upstream_timeout", 504),
                                Map.entry("leaving", 503),
                                Map.entry("not_delivered", 503)));
    }

    @Test
    void everyErrorIsInThisTest() {
        assertThat(errors().map(Object::getClass))
                .containsExactlyInAnyOrder(ProxyError.class.getPermittedSubclasses());
    }

    @ParameterizedTest
    @MethodSource("errors")
    void callerGetsReasonAndTextButNoDetail(ProxyError error) {
        FakeServerStream stream = new FakeServerStream();
        ResponseHead head = ErrorResponses.head(error, HttpMethod.GET);

        stream.head(head);
        ErrorResponses.sendBody(error, head, stream);

        ErrorResponses.Answer answer = ErrorResponses.of(error);
        assertThat(stream.events())
                .containsExactly(
                        "head " + answer.status().code(), "data " + answer.text() + "\n", "end");
        assertThat(stream.headers().get("ebb-proxy-error")).isEqualTo(answer.reason());
        assertThat(stream.headers().getInt("content-length")).isEqualTo(answer.text().length() + 1);
        assertThat(stream.headers().toString() + stream.events()).doesNotContain("secret");
    }

    @Test
    void headHasNoBody() {
        FakeServerStream stream = new FakeServerStream();
        ProxyError error = new ProxyError.NoEndpoint(DETAIL);
        ResponseHead head = ErrorResponses.head(error, HttpMethod.HEAD);

        stream.head(head);
        ErrorResponses.sendBody(error, head, stream);

        assertThat(head.contentLength()).isZero();
        assertThat(stream.events()).containsExactly("head 503", "end");
    }

    @Test
    void onlyWhatWasNotDeliveredIsMarked() {
        long marked =
                errors().map(error -> ErrorResponses.head(error, HttpMethod.GET))
                        .filter(PrivateHeaders::isNotDelivered)
                        .count();

        assertThat(marked).isEqualTo(1);
    }
}
