package dev.ebb.injector.redirect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RulesetTest {

    /// What is rendered, and the golden file that says what comes of it, one command a line.
    record Golden(String file, Redirect redirect) {

        String read() throws IOException {
            try (InputStream in = RulesetTest.class.getResourceAsStream(file)) {
                assertThat(in).as(file).isNotNull();
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        }

        @Override
        public String toString() {
            return file;
        }
    }

    static Stream<Golden> goldens() {
        return Stream.of(
                new Golden("default.nft", Redirect.defaults()),
                new Golden(
                        "everything.nft",
                        new Redirect(
                                14143,
                                14140,
                                4_294_967_294L,
                                ports("4190-4191", "25", "4191-4200"),
                                ports("443", "6443", "4567-4568"),
                                subnets("fd00::/8", "10.0.0.0/8", "192.168.1.7", "::1"))),
                new Golden(
                        "all-of-the-internet.nft",
                        new Redirect(
                                4143,
                                4140,
                                2102,
                                ports("1-65535"),
                                List.of(),
                                subnets("0.0.0.0/0", "::/0"))),
                new Golden(
                        "nothing-skipped.nft",
                        new Redirect(4143, 4140, 1, List.of(), List.of(), List.of())));
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void isTheGoldenFile(Golden golden) throws IOException {
        List<String> commands = Ruleset.of(golden.redirect()).commands();

        assertThat(String.join(";\n", commands) + ";\n").isEqualTo(golden.read());
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void theArgumentIsTheSameInOneLine(Golden golden) throws IOException {
        String argument = Ruleset.of(golden.redirect()).argument();

        assertThat(argument).isEqualTo(golden.read().replace('\n', ' ').strip());
        assertThat(argument).matches("[a-zA-Z0-9 {}:;.,/-]+");
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void nftTakesItAsOneArgumentAndTakesItAgain(Golden golden) throws Exception {
        String argument = Ruleset.of(golden.redirect()).argument();
        NftCheck nft = NftCheck.here();

        assertThat(nft.check(argument)).isEqualTo(NftCheck.FINE);
        assertThat(nft.check(argument + " " + argument)).isEqualTo(NftCheck.FINE);
    }

    @Test
    void nftIsNotJustSilent() throws Exception {
        NftCheck nft = NftCheck.here();

        assertThat(nft.check("add rule inet ebb nowhere oif lo return;")).startsWith("1: Error: ");
    }

    @Test
    void rootsConnectionsAreNotLeftAlone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> redirect(4143, 4140, 0))
                .withMessage("proxy uid: 0 (expected: 1 to 4294967294)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> redirect(4143, 4140, 4_294_967_295L))
                .withMessage("proxy uid: 4294967295 (expected: 1 to 4294967294)");
    }

    @Test
    void portsOfTheProxyAreChecked() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> redirect(0, 4140, 2102))
                .withMessage("inbound port: 0 (expected: 1 to 65535)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> redirect(4143, 65_536, 2102))
                .withMessage("outbound port: 65536 (expected: 1 to 65535)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> redirect(4143, 4143, 2102))
                .withMessage("outbound port: 4143 (expected: another one than inbound's)");
    }

    private static Redirect redirect(int inbound, int outbound, long uid) {
        return new Redirect(inbound, outbound, uid, List.of(), List.of(), List.of());
    }

    private static List<PortRange> ports(String... texts) {
        return List.of(texts).stream().map(PortRange::parse).toList();
    }

    private static List<Subnet> subnets(String... texts) {
        return List.of(texts).stream().map(Subnet::parse).toList();
    }
}
