package dev.ebb.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.env.Env;
import dev.ebb.env.Toggle;
import dev.ebb.proxy.departure.DepartureConfig;
import dev.ebb.proxy.departure.DepartureConfig.Hold;
import dev.ebb.proxy.departure.DepartureConfig.TermMeaning;
import dev.ebb.proxy.discovery.DiscoveryConfig;
import dev.ebb.proxy.http.AccessLogFormat;
import dev.ebb.proxy.outbound.OutboundSettings.Resend;
import dev.ebb.proxy.transport.ConnectionLimit;
import dev.ebb.proxy.transport.TransportKind;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxyEnvTest {

    private static final Map<String, String> EVERYTHING =
            Map.ofEntries(
                    Map.entry("EBB_PROXY_INSTANCE_UID", "uid-7"),
                    Map.entry("EBB_PROXY_INSTANCE", "web-0"),
                    Map.entry("EBB_PROXY_CONTROL_PLANE", "ebb.example:8086"),
                    Map.entry("EBB_PROXY_CONTROL_TOKEN_FILE", "/dev/null"),
                    Map.entry("EBB_PROXY_INBOUND_LISTEN", "127.0.0.1:1"),
                    Map.entry("EBB_PROXY_OUTBOUND_LISTEN", "127.0.0.1:2,[::1]:2"),
                    Map.entry("EBB_PROXY_ADMIN_LISTEN", "[::1]:3"),
                    Map.entry("EBB_PROXY_APPLICATION", "127.0.0.1:8080"),
                    Map.entry("EBB_PROXY_SERVES", "Web.demo, api.demo:81=10.0.0.1:4143"),
                    Map.entry("EBB_PROXY_OUTBOUND_OPAQUE", "127.0.0.1:15432=db.demo:5432"),
                    Map.entry("EBB_PROXY_OPAQUE_PORTS", "25,4000-4002"),
                    Map.entry("EBB_PROXY_GRACE", "60s"),
                    Map.entry("EBB_PROXY_WAIT_BEFORE_EXIT", "5s"),
                    Map.entry("EBB_PROXY_SAFE_MINIMUM", "4s"),
                    Map.entry("EBB_PROXY_NATIVE_SIDECAR", "true"),
                    Map.entry("EBB_PROXY_ADMIN_SHUTDOWN", "disabled"),
                    Map.entry("EBB_PROXY_HOLD", "disabled"),
                    Map.entry("EBB_PROXY_RESEND", "disabled"),
                    Map.entry("EBB_PROXY_ACCESS_LOG", "json"),
                    Map.entry("EBB_PROXY_WORKERS", "3"),
                    Map.entry("EBB_PROXY_TRANSPORT", "nio"),
                    Map.entry("EBB_PROXY_DETECT_TIMEOUT", "3s"),
                    Map.entry("EBB_PROXY_MAX_CONNECTIONS", "4000"),
                    Map.entry("EBB_PROXY_CONNECT_TIMEOUT", "250ms"),
                    Map.entry("EBB_PROXY_RESPONSE_TIMEOUT", "7s"),
                    Map.entry("EBB_PROXY_HEAD_TIMEOUT", "4s"),
                    Map.entry("EBB_PROXY_IDLE_TIMEOUT", "5m"));

    private static final InetAddress LOCAL = InetAddress.ofLiteral("127.0.0.1");

    @Test
    void defaults() {
        Env env = Env.of(Map.of());

        ProxyConfig config = ProxyEnv.read(env, "test");

        assertThat(env.problems()).isEmpty();
        assertThat(config.instance().uid()).hasSize(36);
        assertThat(config.instance().name()).startsWith("ebb-proxy-");
        assertThat(config.discovery()).isEmpty();
        assertThat(config.serves()).isEmpty();
        assertThat(config.listen())
                .isEqualTo(
                        new ListenConfig(
                                new InetSocketAddress(4143),
                                LoopbackListeners.on(4140),
                                new InetSocketAddress(4191),
                                List.of()));
        assertThat(config.inbound().opaquePorts())
                .containsExactlyInAnyOrder(25, 587, 3306, 4444, 5432, 6379, 9300, 11211);
        assertThat(config.inbound().connectTimeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.outbound().resend()).isEqualTo(Resend.ENABLED);
        assertThat(config.departure())
                .isEqualTo(
                        new DepartureConfig(
                                Duration.ofSeconds(30),
                                Duration.ZERO,
                                Duration.ofSeconds(10),
                                Hold.ENABLED,
                                TermMeaning.PLAIN_CONTAINER,
                                Optional.empty()));
        assertThat(config.process())
                .isEqualTo(
                        new ProxyConfig.ProcessConfig(
                                Runtime.getRuntime().availableProcessors(),
                                TransportKind.AUTO,
                                AccessLogFormat.OFF,
                                Toggle.ENABLED,
                                Duration.ofSeconds(10),
                                ConnectionLimit.fittingTheHeap()));
    }

    @Test
    void everyVariableIsMapped() {
        Env env = Env.of(EVERYTHING);

        ProxyConfig config = ProxyEnv.read(env, "test");

        assertThat(env.problems()).isEmpty();
        assertThat(config.instance()).isEqualTo(new ProxyConfig.Identity("uid-7", "web-0"));
        assertThat(config.discovery())
                .contains(
                        new DiscoveryConfig(
                                InetSocketAddress.createUnresolved("ebb.example", 8086),
                                "uid-7",
                                "web-0",
                                "test",
                                Optional.of(Path.of("/dev/null"))));
        assertThat(config.serves())
                .containsExactly(
                        new ServedName("web.demo:80", Optional.empty()),
                        new ServedName(
                                "api.demo:81",
                                Optional.of(
                                        new InetSocketAddress(
                                                InetAddress.ofLiteral("10.0.0.1"), 4143))));
        assertThat(config.listen())
                .isEqualTo(
                        new ListenConfig(
                                new InetSocketAddress(LOCAL, 1),
                                List.of(
                                        new InetSocketAddress(LOCAL, 2),
                                        new InetSocketAddress(InetAddress.ofLiteral("::1"), 2)),
                                new InetSocketAddress(InetAddress.ofLiteral("::1"), 3),
                                List.of(
                                        new OpaqueListener(
                                                new InetSocketAddress(LOCAL, 15432),
                                                "db.demo:5432"))));
        assertThat(config.inbound().uid()).isEqualTo("uid-7");
        assertThat(config.inbound().opaquePorts()).containsExactlyInAnyOrder(25, 4000, 4001, 4002);
        assertThat(config.inbound().connectTimeout()).isEqualTo(Duration.ofMillis(250));
        assertThat(config.outbound().connectTimeout()).isEqualTo(Duration.ofMillis(250));
        assertThat(config.outbound().resend()).isEqualTo(Resend.DISABLED);
        assertThat(config.departure())
                .isEqualTo(
                        new DepartureConfig(
                                Duration.ofSeconds(60),
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(4),
                                Hold.DISABLED,
                                TermMeaning.NATIVE_SIDECAR,
                                Optional.of(new InetSocketAddress(LOCAL, 8080))));
        assertThat(config.process())
                .isEqualTo(
                        new ProxyConfig.ProcessConfig(
                                3,
                                TransportKind.NIO,
                                AccessLogFormat.JSON,
                                Toggle.DISABLED,
                                Duration.ofSeconds(3),
                                4_000));
    }

    @Test
    void theFullMappingNamesEveryVariableThatIsRead() {
        Env env = Env.of(Map.of());

        ProxyEnv.read(env, "test");

        assertThat(env.known("EBB_PROXY_")).isEqualTo(new TreeSet<>(EVERYTHING.keySet()));
    }

    @Test
    void everythingIsShownAndTheTokenIsNot() {
        ProxyConfig config = ProxyEnv.read(Env.of(EVERYTHING), "test");

        Map<String, Object> shown = config.asMap();

        assertThat(shown)
                .hasSize(EVERYTHING.size())
                .containsEntry("control_plane", "ebb.example:8086")
                .containsEntry("control_token_file", "/dev/null")
                .containsEntry("admin_listen", "[::1]:3")
                .containsEntry("serves", List.of("web.demo:80", "api.demo:81=10.0.0.1:4143"))
                .containsEntry("connect_timeout", "250ms")
                .containsEntry("response_timeout", "7s")
                .containsEntry("head_timeout", "4s")
                .containsEntry("idle_timeout", "300s")
                .containsEntry("grace", "60s");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "INSTANCE_UID|a b|1 to 128 printable characters",
                "CONTROL_PLANE|nowhere|a host and port such as ebb.example:8086",
                "INBOUND_LISTEN|web:80|an IP address and port such as 127.0.0.1:4140",
                "OUTBOUND_LISTEN|4140|items such as 127.0.0.1:4140",
                "ADMIN_LISTEN|1.2.3.4:99999|an IP address and port such as 127.0.0.1:4140",
                "APPLICATION|app:8080|an IP address and port such as 127.0.0.1:4140",
                "OUTBOUND_OPAQUE|db.demo:5432|items such as 127.0.0.1:15432=db.demo:5432",
                "OPAQUE_PORTS|5-3|ports and ranges such as 25,587,4000-4010",
                "GRACE|5x|a duration such as 10s or 500ms",
                "WAIT_BEFORE_EXIT|-1s|a duration such as 10s or 500ms",
                "SAFE_MINIMUM|soon|a duration such as 10s or 500ms",
                "NATIVE_SIDECAR|yes|true or false",
                "ADMIN_SHUTDOWN|on|one of enabled, disabled",
                "HOLD|off|one of enabled, disabled",
                "RESEND|1|one of enabled, disabled",
                "ACCESS_LOG|xml|one of off, text, json",
                "CONTROL_TOKEN_FILE|/nope|the path of a file that this process can read",
                "WORKERS|0|a whole number from 1 to 256",
                "TRANSPORT|uring|one of auto, epoll, nio",
                "DETECT_TIMEOUT|10|a duration such as 10s or 500ms",
                "CONNECT_TIMEOUT|1 hour|a duration such as 10s or 500ms",
                "CONNECT_TIMEOUT|0s|more than 0s",
                "RESPONSE_TIMEOUT|-|a duration such as 10s or 500ms",
                "HEAD_TIMEOUT|0|more than 0s",
                "IDLE_TIMEOUT|0s|more than 0s"
            })
    void malformedValueIsNamedWithWhatWasExpected(String name, String value, String expected) {
        Env env = Env.of(Map.of("EBB_PROXY_" + name, value));

        ProxyEnv.read(env, "test");

        assertThat(env.problems())
                .containsExactly(
                        "EBB_PROXY_" + name + ": \"" + value + "\" (expected: " + expected + ")");
    }

    @Test
    void allProblemsAreReportedAtOnce() {
        Map<String, String> wrong = new HashMap<>();
        wrong.put("EBB_PROXY_GRACE", "5x");
        wrong.put("EBB_PROXY_WORKERS", "many");
        wrong.put("EBB_PROXY_HODL", "enabled");
        Env env = Env.of(wrong);

        ProxyEnv.read(env, "test");

        assertThat(env.problems()).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "HODL|a name that is known, perhaps EBB_PROXY_HOLD",
                "GRACE_PERIOD|a name that is known, perhaps EBB_PROXY_GRACE",
                "FLUX_CAPACITOR|a name that is known; see docs/operations.md"
            })
    void unknownNameIsAProblem(String name, String expected) {
        Env env = Env.of(Map.of("EBB_PROXY_" + name, "enabled"));

        ProxyEnv.read(env, "test");

        assertThat(env.problems())
                .containsExactly(
                        "EBB_PROXY_" + name + ": \"enabled\" (expected: " + expected + ")");
    }

    @Test
    void serviceNeedsAnApplicationAndAControlPlane() {
        Env env = Env.of(Map.of("EBB_PROXY_SERVES", "web.demo:80"));

        ProxyEnv.read(env, "test");

        assertThat(env.problems())
                .containsExactly(
                        "EBB_PROXY_SERVES: \"web.demo:80\" (expected: EBB_PROXY_CONTROL_PLANE as well, which is to publish it)",
                        "EBB_PROXY_SERVES: \"web.demo:80\" (expected: EBB_PROXY_APPLICATION as well, where its traffic goes)");
    }

    @Test
    void malformedServiceIsNamed() {
        Env env =
                Env.of(
                        Map.of(
                                "EBB_PROXY_SERVES", "web demo",
                                "EBB_PROXY_CONTROL_PLANE", "localhost:8086",
                                "EBB_PROXY_APPLICATION", "localhost:8080"));

        ProxyEnv.read(env, "test");

        assertThat(env.problems())
                .containsExactly(
                        "EBB_PROXY_SERVES: \"web demo\" (expected: items such as web.demo:80 or web.demo:80=10.0.0.1:4143)");
    }
}
