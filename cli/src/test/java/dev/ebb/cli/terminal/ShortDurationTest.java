package dev.ebb.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ShortDurationTest {
    @Test
    void threeDigitsAreShown() {
        assertThat(ShortDuration.text(Duration.ofMillis(7))).isEqualTo("7 ms");
        assertThat(ShortDuration.text(Duration.ofMillis(5019))).isEqualTo("5.02 s");
        assertThat(ShortDuration.text(Duration.ofMillis(12_340))).isEqualTo("12.3 s");
        assertThat(ShortDuration.text(Duration.ofSeconds(125))).isEqualTo("2 m 5 s");
    }
}
