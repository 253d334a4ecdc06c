package dev.ebb.proxy.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DestinationNameTest {

    @ParameterizedTest
    @CsvSource({
        "web.demo, web.demo:80",
        "WEB.Demo:8080, web.demo:8080",
        "web:, web:80",
        "web_1-a:65535, web_1-a:65535",
        "10.0.0.1:1, 10.0.0.1:1",
        "[::1]:80, [::1]:80",
        "[FD00::7], [fd00::7]:80",
        "[::ffff:10.0.0.1]:81, [::ffff:10.0.0.1]:81"
    })
    void authorityBecomesHostAndPort(String authority, String expected) {
        assertThat(DestinationName.parse(authority).map(DestinationName::toString))
                .contains(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":80",
                "web:0",
                "web:65536",
                "web:-1",
                "web:8a",
                "web:080808",
                "a b",
                "a/b",
                "user@web",
                "[::1",
                "::1",
                "[]:80",
                "[web]:80",
                "w\u00e9b",
                "web:80:80",
                "[::1]80",
                "web\n",
                "web:99999999999"
            })
    void whatCannotNameADestinationIsRefused(String authority) {
        assertThat(DestinationName.parse(authority)).isEmpty();
    }

    @Test
    void hostIsBounded() {
        assertThat(DestinationName.parse("a".repeat(253))).isPresent();
        assertThat(DestinationName.parse("a".repeat(254))).isEmpty();
    }
}
