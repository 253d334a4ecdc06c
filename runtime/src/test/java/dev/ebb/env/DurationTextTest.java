package dev.ebb.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {

    @ParameterizedTest
    @CsvSource({
        "0, PT0S",
        "500ms, PT0.5S",
        "10s, PT10S",
        "2m, PT2M",
        "3h, PT3H",
        "1d, PT24H",
        "' 7s ', PT7S"
    })
    void readsDigitsAndAUnit(String text, Duration expected) {
        assertThat(DurationText.parse(text)).isEqualTo(expected);
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
                "1S",
                "1s1s",
                "٣s",
                "9223372036854775808ms",
                "300000d",
                "99999999999999999d"
            })
    void refusesAnythingElseWithTheForm(String text) {
        assertThatThrownBy(() -> DurationText.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("\"" + text + "\" (expected: a duration such as 10s or 500ms)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0s", "500ms", "10s", "1500ms", "7200s"})
    void formatsWhatItReads(String text) {
        assertThat(DurationText.format(DurationText.parse(text))).isEqualTo(text);
    }
}
