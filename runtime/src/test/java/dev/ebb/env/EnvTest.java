package dev.ebb.env;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvTest {

    enum Transport {
        AUTO,
        IO_URING
    }

    @Test
    void unsetVariablesGiveTheirDefaults() {
        Env env = Env.of(Map.of("EMPTY", "", "BLANK", "  "));

        assertThat(env.string("NONE", "x")).isEqualTo("x");
        assertThat(env.duration("EMPTY", Duration.ofSeconds(3))).isEqualTo(Duration.ofSeconds(3));
        assertThat(env.integer("BLANK", 7, 0, 9)).isEqualTo(7);
        assertThat(env.bool("NONE")).isFalse();
        assertThat(env.oneOf("NONE", Transport.class, Transport.AUTO)).isEqualTo(Transport.AUTO);
        assertThat(env.toggle("NONE", Toggle.ENABLED)).isEqualTo(Toggle.ENABLED);
        assertThat(env.list("NONE")).isEmpty();
        assertThat(env.address("NONE")).isEmpty();
        assertThat(env.problems()).isEmpty();
    }

    @Test
    void wellFormedVariablesAreRead() {
        Env env =
                Env.of(
                        Map.of(
                                "D", "500ms",
                                "A", "[::1]:4191",
                                "H", "ebb.example:8086",
                                "I", "9",
                                "B", "true",
                                "O", "io-uring",
                                "T", "disabled",
                                "L", "a, b"));

        assertThat(env.duration("D", Duration.ZERO)).isEqualTo(Duration.ofMillis(500));
        assertThat(env.address("A"))
                .contains(new InetSocketAddress(InetAddress.ofLiteral("::1"), 4191));
        assertThat(env.hostAndPort("H"))
                .contains(InetSocketAddress.createUnresolved("ebb.example", 8086));
        assertThat(env.integer("I", 0, 0, 9)).isEqualTo(9);
        assertThat(env.bool("B")).isTrue();
        assertThat(env.oneOf("O", Transport.class, Transport.AUTO)).isEqualTo(Transport.IO_URING);
        assertThat(env.toggle("T", Toggle.ENABLED)).isEqualTo(Toggle.DISABLED);
        assertThat(env.list("L")).containsExactly("a", "b");
        assertThat(env.problems()).isEmpty();
    }

    @Test
    void everyProblemIsReportedAtOnce() {
        Env env =
                Env.of(
                        Map.of(
                                "D", "5x",
                                "A", "web.demo:80",
                                "H", "ebb.example",
                                "I", "10",
                                "B", "yes",
                                "O", "kqueue",
                                "L", "1,x,3,"));

        var _ = env.duration("D");
        var _ = env.address("A");
        var _ = env.hostAndPort("H");
        var _ = env.integer("I", 0, 0, 9);
        var _ = env.bool("B");
        var _ = env.oneOf("O", Transport.class, Transport.AUTO);
        List<Integer> numbers = env.list("L", "numbers such as 1,2", Integer::valueOf);

        assertThat(numbers).containsExactly(1, 3);
        assertThat(env.problems())
                .containsExactly(
                        "D: \"5x\" (expected: a duration such as 10s or 500ms)",
                        "A: \"web.demo:80\" (expected: an IP address and port such as"
                                + " 127.0.0.1:4140)",
                        "H: \"ebb.example\" (expected: a host and port such as ebb.example:8086)",
                        "I: \"10\" (expected: a whole number from 0 to 9)",
                        "B: \"yes\" (expected: true or false)",
                        "O: \"kqueue\" (expected: one of auto, io-uring)",
                        "L: \"x\" (expected: numbers such as 1,2)",
                        "L: \"\" (expected: numbers such as 1,2)");
    }

    @Test
    void aWrongValueIsShownShortAndHarmless() {
        Env env = Env.of(Map.of("D", "\u001b[2J" + "x".repeat(500)));

        var _ = env.duration("D");

        assertThat(env.problems().getFirst())
                .startsWith("D: \"?[2Jxxx")
                .contains("x...\" (expected:")
                .hasSizeLessThan(200);
    }

    @Test
    void aProblemBetweenVariablesIsReportedInTheSameForm() {
        Env env = Env.of(Map.of("A", "1"));

        env.problem("A", "less than B");

        assertThat(env.problems()).containsExactly("A: \"1\" (expected: less than B)");
    }

    @Test
    void variablesThatNobodyReadAreKnownByName() {
        Env env = Env.of(Map.of("EBB_GRACE", "1s", "EBB_GRAEC", "1s", "PATH", "x"));

        var _ = env.duration("EBB_GRACE");

        assertThat(env.unknown("EBB_")).containsExactly("EBB_GRAEC");
    }
}
