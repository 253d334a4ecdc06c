package dev.ebb.await;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArgvTest {

    private static final byte[] COMMAND_LINE =
            "java\0-S\0echo\0\0\u00e9\0".getBytes(StandardCharsets.UTF_8);

    @Test
    void theLastWordsAreThoseOfTheCommand() {
        byte[][] words = Argv.lastWords(COMMAND_LINE, 3);

        assertThat(words)
                .isDeepEqualTo(
                        new byte[][] {
                            {'e', 'c', 'h', 'o'}, {}, {(byte) 0xc3, (byte) 0xa9},
                        });
    }

    @Test
    void tooShortACommandLineHasNone() {
        assertThat(Argv.lastWords(COMMAND_LINE, 6)).isNull();
        assertThat(Argv.lastWords(new byte[0], 1)).isNull();
    }

    @Test
    void asciiIsTakenAsItIs() {
        Argv argv = Argv.of(List.of("a", ""));

        assertThat(argv.size()).isEqualTo(2);
        assertThat(argv.word(0)).containsExactly('a');
        assertThat(argv.word(1)).isEmpty();
    }
}
