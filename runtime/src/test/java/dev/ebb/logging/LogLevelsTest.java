package dev.ebb.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.Level;

class LogLevelsTest {

    @Test
    void theLongestNameWins() {
        LogLevels levels = LogLevels.parse("error,ebb=info,ebb.proxy=debug,io.netty=off");

        assertThat(levels.of("dev.ebb.proxy.Main")).isEqualTo(Level.DEBUG.toInt());
        assertThat(levels.of("dev.ebb.proxyish")).isEqualTo(Level.INFO.toInt());
        assertThat(levels.of("io.netty.channel")).isEqualTo(LogLevels.OFF);
        assertThat(levels.of("org.other")).isEqualTo(Level.ERROR.toInt());
        assertThat(levels.lowest()).isEqualTo(Level.DEBUG.toInt());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "loud", "ebb=", "ebb=loud", "warn,", "=x"})
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> LogLevels.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("(expected: levels such as warn or warn,ebb=info)");
    }

    @Test
    void theNumberOfLevelsIsBounded() {
        assertThatThrownBy(() -> LogLevels.parse("a=info,".repeat(64) + "warn"))
                .hasMessage("65 levels (expected: at most 64)");
    }
}
