package dev.ebb.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:8086", "[::1]:8086", "control-plane:1"})
    void anAddressIsReadAndShownAlike(String text) {
        assertThat(Address.parse(text)).get().hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "host", "host:", ":80", "host:0", "host:65536", "::1:80", "a b:80"})
    void anythingElseIsNoAddress(String text) {
        assertThat(Address.parse(text)).isEmpty();
    }
}
