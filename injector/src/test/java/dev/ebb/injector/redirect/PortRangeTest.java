package dev.ebb.injector.redirect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PortRangeTest {

    @ParameterizedTest
    @CsvSource({"25,25", "4000-4010,4000-4010", "7-7,7", "1-65535,1-65535"})
    void isReadAndWritten(String text, String written) {
        assertThat(PortRange.parse(text)).hasToString(written);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", "25-", "-25", "+25", "http", "1-2-3", " 25", "٢٥", "123456"})
    void whatIsNoRangeIsNamed(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PortRange.parse(text))
                .withMessage(
                        "ports: \"%s\" (expected: a port or a range such as 25 or 4000-4010)",
                        text);
    }

    @Test
    void aPortThatDoesNotExistIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PortRange.parse("4000-70000"))
                .withMessage("port: 70000 (expected: 1 to 65535)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PortRange.parse("0"))
                .withMessage("port: 0 (expected: 1 to 65535)");
    }

    @Test
    void aRangeThatIsUpsideDownIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PortRange.parse("10-9"))
                .withMessage("ports: 10-9 (expected: the lower one first)");
    }

    @Test
    void overlapsAndNeighboursBecomeOne() {
        List<PortRange> merged =
                PortRange.merge(ranges("80", "10-20", "15-17", "21", "19-30", "80"));

        assertThat(merged).containsExactlyElementsOf(ranges("10-30", "80"));
    }

    private static List<PortRange> ranges(String... texts) {
        return List.of(texts).stream().map(PortRange::parse).toList();
    }
}
