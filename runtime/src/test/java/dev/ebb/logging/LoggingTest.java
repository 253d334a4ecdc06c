package dev.ebb.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ebb.env.Env;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class LoggingTest {

    private final Logger ours = LoggerFactory.getLogger("dev.ebb.proxy.inbound");
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private OutputStream before = OutputStream.nullOutputStream();

    @BeforeEach
    void captureLines() {
        Logging.configure(Env.of(Map.of()));
        before = SinkLoggers.INSTANCE.sink().redirect(written);
    }

    @AfterEach
    void restore() {
        SinkLoggers.INSTANCE.sink().redirect(before);
        Logging.configure(Env.of(Map.of("EBB_LOG", "warn,ebb=info")));
    }

    @Test
    void plainLinesCarryKeyValues() {
        ours.atInfo().addKeyValue("peer", "10.0.0.1:80").addKeyValue("why", "a b").log("closed");

        assertThat(lines())
                .matches(
                        "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z INFO  "
                                + "ebb\\.proxy\\.inbound: closed peer=10\\.0\\.0\\.1:80 why=\"a b\"\n");
    }

    @Test
    void jsonCarriesKeyValuesAsFields() {
        Logging.configure(Env.of(Map.of("EBB_LOG_FORMAT", "json")));

        ours.atWarn().addKeyValue("count", 3).addKeyValue("level", "mine").log("cut \"{}\"", "x");

        assertThat(lines())
                .contains("\"level\":\"WARN\",\"logger\":\"ebb.proxy.inbound\"")
                .endsWith("\"message\":\"cut \\\"x\\\"\",\"count\":3}\n");
    }

    @Test
    void aPeersTextCannotForgeALine() {
        ours.atInfo().addKeyValue("path", "/a\n2026 INFO").log("bad\r\u001b[2J");

        assertThat(lines()).endsWith(": bad??[2J path=\"/a\\n2026 INFO\"\n").containsOnlyOnce("\n");
    }

    @Test
    void aCauseIsLoggedWithItsTrace() {
        ours.error("failed", new IllegalStateException("why"));

        assertThat(lines()).contains("failed\njava.lang.IllegalStateException: why\n\tat ");
    }

    @Test
    void levelsChangeLiveForLoggersThatExist() {
        ours.debug("before");

        Logging.levels("error, ebb.proxy=debug");
        ours.debug("after");
        LoggerFactory.getLogger("io.netty").warn("too low");

        assertThat(lines()).contains("after").doesNotContain("before").doesNotContain("too low");
        assertThat(Logging.levels()).isEqualTo("error,ebb.proxy=debug");
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

    @Test
    void javaUtilLoggingComesThroughAtItsLevel() {
        Logging.levels("warn,io.grpc=debug");
        java.util.logging.Logger grpc = java.util.logging.Logger.getLogger("io.grpc.internal");
        java.util.logging.Logger jdk = java.util.logging.Logger.getLogger("jdk.event");

        grpc.fine("fine of grpc");
        jdk.fine("fine of the JDK");
        jdk.log(java.util.logging.Level.WARNING, "parameter {0}", "x");
        jdk.warning("braces {}");

        assertThat(lines())
                .contains("DEBUG io.grpc.internal: fine of grpc\n")
                .doesNotContain("fine of the JDK")
                .contains("WARN  jdk.event: parameter x\n")
                .contains("WARN  jdk.event: braces {}\n");
    }

    private String lines() {
        return written.toString(StandardCharsets.UTF_8);
    }
}
