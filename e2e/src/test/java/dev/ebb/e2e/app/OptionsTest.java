package dev.ebb.e2e.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ebb.e2e.app.Options.Target;
import dev.ebb.e2e.app.Options.UsageException;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OptionsTest {
    @Test
    void optionsAreReadByName() {
        Options options = Options.parse(Stream.of("--to=web.shop:8080", "--delay-ms=300"));

        assertThat(options.requiredTarget("to")).isEqualTo(new Target("web.shop", 8080));
        assertThat(options.millis("delay-ms", Duration.ZERO)).isEqualTo(Duration.ofMillis(300));
        assertThat(options.number("rate", 20)).isEqualTo(20);
        options.finish();
    }

    @Test
    void portEightyIsNotSaidInTheHostField() {
        assertThat(new Target("web", 80).authority()).isEqualTo("web");
        assertThat(new Target("web", 8080).authority()).isEqualTo("web:8080");
    }

    @Test
    void whatIsWrongIsNamed() {
        assertUsage(() -> Options.parse(Stream.of("rate=20")), "\"rate=20\"");
        assertUsage(() -> Options.parse(Stream.of("--rate=x")).number("rate", 1), "--rate=x");
        assertUsage(() -> Options.parse(Stream.of("--to=web")).target("to"), "--to=web");
        assertUsage(() -> Options.parse(Stream.of()).requiredTarget("to"), "--to=host:port");
        assertUsage(() -> Options.parse(Stream.of("--tpyo=1")).finish(), "--tpyo");
    }

    private static void assertUsage(Runnable reading, String named) {
        assertThatThrownBy(reading::run)
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(named);
    }
}
