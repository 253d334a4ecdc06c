package dev.ebb.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {
    @ParameterizedTest
    @CsvSource({"500ms,500", "3s,3000", "0s,0", "0,0", "1d,86400000", "2m,120000", "1h,3600000"})
    void everyUnitIsRead(String text, long millis) {
        assertThat(DurationText.parse(text)).hasValue(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "3", "s", "-3s", "3 s", "3x", "1e9s", "99999999999s"})
    void anythingElseIsNoDuration(String text) {
        assertThat(DurationText.parse(text)).isEmpty();
    }

    @Test
    void threeDigitsAreShown() {
        assertThat(DurationText.of(Duration.ofMillis(7))).isEqualTo("7 ms");
        assertThat(DurationText.of(Duration.ofMillis(5019))).isEqualTo("5.02 s");
        assertThat(DurationText.of(Duration.ofMillis(12_340))).isEqualTo("12.3 s");
        assertThat(DurationText.of(Duration.ofSeconds(125))).isEqualTo("2 m 5 s");
    }
}
