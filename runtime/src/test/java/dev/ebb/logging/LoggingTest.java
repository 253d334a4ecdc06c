package dev.ebb.logging;

import static java.util.logging.Level.FINE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ebb.env.Env;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one set-up of the process.
class LoggingTest {

    @AfterEach
    void restore() {
        Logging.configure(Env.of(Map.of("EBB_LOG", "warn,ebb=info")));
    }

    @Test
    void theProviderIsFoundBySlf4j() {
        assertThat(LoggerFactory.getILoggerFactory()).isSameAs(SinkLoggers.INSTANCE);
    }

    @Test
    void levelsChangeLive() {
        Logger logger = LoggerFactory.getLogger("dev.ebb.proxy");
        assertThat(logger.isDebugEnabled()).isFalse();

        Logging.levels("error, ebb.proxy=debug");

        assertThat(logger.isDebugEnabled()).isTrue();
        assertThat(Logging.levels()).isEqualTo("error,ebb.proxy=debug");
    }

    @Test
    void javaUtilLoggingLetsThroughWhatSomeLoggerWants() {
        Logging.configure(Env.of(Map.of("EBB_LOG", "warn,io.grpc=debug")));

        assertThat(java.util.logging.Logger.getLogger("any").isLoggable(FINE)).isTrue();
        Logging.levels("warn");
        assertThat(java.util.logging.Logger.getLogger("any").isLoggable(FINE)).isFalse();
    }

    @Test
    void malformedLevelsChangeNothing() {
        assertThatThrownBy(() -> Logging.levels("warn,ebb=loud"))
                .hasMessage("\"ebb=loud\" (expected: levels such as warn or warn,ebb=info)");

        assertThat(Logging.levels()).isEqualTo("warn,ebb=info");
    }

    @Test
    void malformedVariablesAreReported() {
        Env env = Env.of(Map.of("EBB_LOG", "x", "EBB_LOG_FORMAT", "xml"));

        Logging.configure(env);

        assertThat(env.problems())
                .containsExactly(
                        "EBB_LOG: \"x\" (expected: levels such as warn or warn,ebb=info)",
                        "EBB_LOG_FORMAT: \"xml\" (expected: one of plain, json)");
    }
}
