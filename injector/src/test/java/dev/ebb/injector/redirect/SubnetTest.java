package dev.ebb.injector.redirect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubnetTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8,10.0.0.0/8",
        "0.0.0.0/0,0.0.0.0/0",
        "192.168.1.7,192.168.1.7/32",
        "192.168.1.6/31,192.168.1.6/31",
        "fd00::/8,fd00:0:0:0:0:0:0:0/8",
        "::/0,0:0:0:0:0:0:0:0/0",
        "2001:DB8::1,2001:db8:0:0:0:0:0:1/128",
    })
    void isReadAndWritten(String text, String written) {
        assertThat(Subnet.parse(text)).hasToString(written);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/8",
                "10.0.0.0/",
                "10.0.0.0/x",
                "10.0.0.0/-1",
                "host",
                "10.0.0.0/8/8",
                "fe80::1%eth0",
                "[fd00::]/8",
                "10.0.0.256",
                "10.0.0.0 /8"
            })
    void whatIsNoSubnetIsNamed(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Subnet.parse(text))
                .withMessage(
                        "subnet: \"%s\" (expected: a subnet such as 10.0.0.0/8 or fd00::/8)", text);
    }

    @Test
    void aPrefixThatIsTooLongIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Subnet.parse("10.0.0.0/33"))
                .withMessage("prefix of subnet 10.0.0.0: 33 (expected: 0 to 32)");
    }

    /// Silently widening it would leave more traffic alone than was asked for.
    @Test
    void anAddressInsideOfTheSubnetIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Subnet.parse("10.1.2.3/8"))
                .withMessage("subnet: 10.1.2.3/8 (expected: 10.0.0.0/8)");
    }

    @Test
    void whatAnotherContainsIsLeftOut() {
        List<Subnet> merged =
                Subnet.merge(
                        subnets(
                                "fd00::/8",
                                "10.2.0.0/16",
                                "10.0.0.0/8",
                                "10.0.0.0/16",
                                "9.9.9.9",
                                "fd12::/16",
                                "200.0.0.0/8",
                                "10.0.0.0/8"));

        assertThat(merged)
                .containsExactlyElementsOf(
                        subnets("9.9.9.9", "10.0.0.0/8", "200.0.0.0/8", "fd00::/8"));
    }

    private static List<Subnet> subnets(String... texts) {
        return List.of(texts).stream().map(Subnet::parse).toList();
    }
}
