package dev.ebb.await;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationArgumentTest {

    @ParameterizedTest
    @CsvSource({
        "0, PT0S",
        "00, PT0S",
        "0ms, PT0S",
        "500ms, PT0.5S",
        "10s, PT10S",
        "2m, PT2M",
        "3h, PT3H",
        "1d, PT24H",
        "' 7s ', PT7S"
    })
    void readsDigitsAndAUnit(String text, Duration expected) {
        assertThat(DurationArgument.parse(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "s",
                "10",
                "-1s",
                "+1s",
                "1.5s",
                "10 s",
                "5x",
                "0x",
                "1S",
                "1s1s",
                "٣s",
                "9223372036854775807ms",
                "300000d",
                "99999999999999999999s"
            })
    void refusesAnythingElse(String text) {
        assertThat(DurationArgument.parse(text)).isNull();
    }
}
