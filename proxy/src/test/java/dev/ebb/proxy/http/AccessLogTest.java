package dev.ebb.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ebb.proxy.stream.RefusedRequest;
import dev.ebb.proxy.stream.StreamReset.Cause;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class AccessLogTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void textLineHasItsFieldsInOrder() {
        AccessLog log = new AccessLog(AccessLogFormat.TEXT, out);

        log.add(entry("GET", "web.demo", "/path?x=1"));
        log.close();

        assertThat(written())
                .isEqualTo(
                        "2026-11-23T18:00:00.123Z inbound 10.0.0.1:4711 -> [::1]:8080"
                                + " \"GET web.demo /path?x=1\" 200 12.034ms in=5 out=63 attempts=2"
                                + " -\n");
    }

    @Test
    void jsonLineIsOneObject() {
        AccessLog log = new AccessLog(AccessLogFormat.JSON, out);

        log.add(entry("GET", "web.demo", "/path"));
        log.close();

        assertThat(written())
                .isEqualTo(
                        "{\"time\":\"2026-11-23T18:00:00.123Z\",\"direction\":\"inbound\","
                                + "\"client\":\"10.0.0.1:4711\","
                                + "\"endpoint\":\"[::1]:8080\",\"method\":\"GET\","
                                + "\"authority\":\"web.demo\",\"target\":\"/path\",\"status\":200,"
                                + "\"duration_ms\":12.034,\"request_bytes\":5,"
                                + "\"response_bytes\":63,\"attempts\":2,\"termination\":\"-\"}\n");
    }

    @Test
    void callersCannotBreakALine() {
        AccessLog log = new AccessLog(AccessLogFormat.JSON, out);

        log.add(entry("GET", "\"\\", "/\r\n\u0000\u00e9\u2028"));
        log.close();

        assertThat(written())
                .contains("\"authority\":\"\\\"\\\\\"")
                .contains("\"target\":\"/\\u000d\\u000a\\u0000\\u00e9\\u2028\"")
                .hasLineCount(1);
    }

    @Test
    void linesAreWrittenWhileTheLogIsOpen() {
        AccessLog log = new AccessLog(AccessLogFormat.TEXT, out);

        log.add(entry("GET", "web", "/1"));
        await().atMost(Duration.ofSeconds(5)).until(() -> written().contains("/1"));
        log.add(entry("GET", "web", "/2"));

        await().atMost(Duration.ofSeconds(5)).until(() -> written().contains("/2"));
        log.close();
    }

    @Test
    void whatTheWriterCannotTakeIsDroppedAndCounted() {
        CountDownLatch mayWrite = new CountDownLatch(1);
        AccessLog log = new AccessLog(AccessLogFormat.TEXT, new Stuck(mayWrite), 4, _ -> {});

        for (int i = 0; i < 1_000; i++) {
            log.add(entry("GET", "web", "/"));
        }
        long dropped = log.dropped();
        mayWrite.countDown();
        log.close();

        assertThat(dropped).isPositive();
        assertThat(written().lines().count() + dropped).isEqualTo(1_000);
    }

    @Test
    void fullDiskLosesWhatWasWrittenMeanwhileAndNothingElse() {
        Disk disk = new Disk();
        AccessLog log = new AccessLog(AccessLogFormat.TEXT, disk);

        disk.full = true;
        log.add(entry("GET", "web", "/1"));
        awaitDropped(log, 1);
        disk.full = false;
        log.add(entry("GET", "web", "/2"));
        log.close();

        assertThat(written().lines().filter(line -> line.endsWith(" -")))
                .singleElement()
                .asString()
                .startsWith("2026-")
                .contains("GET web /2");
        assertThat(log.dropped()).isEqualTo(1);
    }

    @Test
    void eachTroubleIsToldOnce() {
        Disk disk = new Disk();
        List<IOException> troubles = new CopyOnWriteArrayList<>();
        AccessLog log = new AccessLog(AccessLogFormat.TEXT, disk, 4, troubles::add);

        disk.full = true;
        log.add(entry("GET", "web", "/1"));
        awaitDropped(log, 1);
        log.add(entry("GET", "web", "/2"));
        awaitDropped(log, 2);
        disk.full = false;
        log.add(entry("GET", "web", "/3"));
        await().atMost(Duration.ofSeconds(5)).until(() -> written().contains("/3"));
        disk.full = true;
        log.add(entry("GET", "web", "/4"));
        log.close();

        assertThat(log.dropped()).isEqualTo(3);
        assertThat(troubles).hasSize(2);
    }

    @Test
    void requestThatTheAdapterRefusedHasItsLine() {
        AccessLog log = new AccessLog(AccessLogFormat.TEXT, out);

        log.refused("inbound", refused("GET", "/a", 431, Cause.PROTOCOL, false));
        log.refused("outbound", refused("", "", 408, Cause.TIMEOUT, false));
        log.refused("inbound", refused("POST", "/b", 400, Cause.PROTOCOL, true));
        log.close();

        assertThat(written().lines().map(line -> line.substring(line.indexOf(' ') + 1)))
                .containsExactly(
                        "inbound 10.0.0.1:4711 -> - \"GET web /a\" 431 0.000ms in=0 out=0"
                                + " attempts=0 DPE",
                        "outbound 10.0.0.1:4711 -> - \"- web -\" 408 0.000ms in=0 out=0 attempts=0"
                                + " DT");
    }

    @Test
    void offWritesNothing() {
        AccessLog log = new AccessLog(AccessLogFormat.OFF, out);

        boolean on = log.isOn();
        log.close();

        assertThat(on).isFalse();
        assertThat(written()).isEmpty();
    }

    private static void awaitDropped(AccessLog log, long lines) {
        await().atMost(Duration.ofSeconds(5)).until(() -> log.dropped() == lines);
    }

    private String written() {
        return out.toString(StandardCharsets.US_ASCII);
    }

    private static RefusedRequest refused(
            String method, String target, int status, Cause cause, boolean begun) {
        return new RefusedRequest(
                address(4711, 10, 0, 0, 1), method, "web", target, status, cause, "test", begun);
    }

    private static AccessLogEntry entry(String method, String authority, String target) {
        return new AccessLogEntry(
                1_795_456_800_123L,
                "inbound",
                address(4711, 10, 0, 0, 1),
                address(8080, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1),
                method,
                authority,
                target,
                200,
                12_034_567,
                5,
                63,
                2,
                Termination.COMPLETE);
    }

    private static InetSocketAddress address(int port, int... bytes) {
        byte[] raw = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            raw[i] = (byte) bytes[i];
        }
        try {
            return new InetSocketAddress(InetAddress.getByAddress(raw), port);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    /// While it is full, there is room for half of what is written.
    private final class Disk extends OutputStream {

        private volatile boolean full;

        @Override
        public void write(int b) {
            throw new AssertionError("single byte");
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            boolean fails = full;
            out.write(bytes, offset, fails ? length / 2 : length);
            if (fails) {
                throw new IOException("No space left on device");
            }
        }
    }

    /// Writes only once it may.
    private final class Stuck extends OutputStream {

        private final CountDownLatch mayWrite;

        Stuck(CountDownLatch mayWrite) {
            this.mayWrite = mayWrite;
        }

        @Override
        public void write(int b) {
            throw new AssertionError("single byte");
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            try {
                mayWrite.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            out.write(bytes, offset, length);
        }
    }
}
