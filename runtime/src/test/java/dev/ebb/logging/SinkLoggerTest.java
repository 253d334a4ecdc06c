package dev.ebb.logging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.env.AddressText;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

/// What is written, and how it looks.
class SinkLoggerTest {

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final LogSink sink = new LogSink(written);
    private final SinkLoggers loggers = new SinkLoggers(sink);
    private final Logger ours = loggers.getLogger("dev.ebb.proxy.inbound");

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
        sink.format(LogFormat.JSON);

        ours.atWarn().addKeyValue("count", 3).addKeyValue("level", "mine").log("cut \"{}\"", "x");

        assertThat(lines())
                .contains("\"level\":\"WARN\",\"logger\":\"ebb.proxy.inbound\"")
                .endsWith("\"message\":\"cut \\\"x\\\"\",\"count\":3}\n");
    }

    @Test
    void addressesHaveNoSlash() {
        InetSocketAddress address = AddressText.parse("10.0.0.1:80");

        ours.atInfo()
                .addKeyValue("peer", address)
                .addKeyValue("others", List.of(address, AddressText.parse("[::2]:81")))
                .log("Listening");

        assertThat(lines())
                .endsWith("Listening peer=10.0.0.1:80 others=\"[10.0.0.1:80, [::2]:81]\"\n");
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
    void aLevelAppliesToLoggersThatExist() {
        ours.debug("before");

        loggers.levels(LogLevels.parse("error,ebb.proxy=debug"));
        ours.debug("after");
        loggers.getLogger("io.netty").warn("too low");

        assertThat(lines()).contains("after").doesNotContain("before").doesNotContain("too low");
    }

    @Test
    void javaUtilLoggingIsWrittenAtItsLevel() {
        loggers.levels(LogLevels.parse("warn,io.grpc=debug"));
        JulBridge bridge = new JulBridge(loggers);
        LogRecord parameter = event("jdk.event", java.util.logging.Level.WARNING, "parameter {0}");
        parameter.setParameters(new Object[] {"x"});

        bridge.publish(event("io.grpc.internal", java.util.logging.Level.FINE, "fine of grpc"));
        bridge.publish(event("jdk.event", java.util.logging.Level.FINE, "fine of the JDK"));
        bridge.publish(parameter);
        bridge.publish(event("jdk.event", java.util.logging.Level.SEVERE, "braces {}"));

        assertThat(lines())
                .contains("DEBUG io.grpc.internal: fine of grpc\n")
                .doesNotContain("fine of the JDK")
                .contains("WARN  jdk.event: parameter x\n")
                .contains("ERROR jdk.event: braces {}\n");
    }

    private static LogRecord event(String logger, java.util.logging.Level level, String message) {
        LogRecord event = new LogRecord(level, message);
        event.setLoggerName(logger);
        return event;
    }

    private String lines() {
        return written.toString(StandardCharsets.UTF_8);
    }
}
