package dev.ebb.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTextTest {

    @Test
    void ipAddressesAreResolved() {
        assertThat(AddressText.parseIp("127.0.0.1:0"))
                .isEqualTo(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
        assertThat(AddressText.parseIp("localhost:1"))
                .isEqualTo(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 1));
        assertThat(AddressText.parseIp("[::]:65535"))
                .isEqualTo(new InetSocketAddress(InetAddress.ofLiteral("::"), 65535));
    }

    @Test
    void namesAreNotLookedUp() {
        assertThat(AddressText.parse("web.demo:80").isUnresolved()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:8086", "[fd00::2]:8086", "control-plane:1", "a.b:80"})
    void writesWhatItReads(String text) {
        assertThat(AddressText.format(AddressText.parse(text))).isEqualTo(text);
    }

    // RFC 5952 §4.2
    @ParameterizedTest
    @CsvSource({
        "0:0:0:0:0:0:0:0, ::",
        "0:0:0:0:0:0:0:1, ::1",
        "fd00:0:0:0:0:0:0:0, fd00::",
        "2001:DB8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "10.0.0.1, 10.0.0.1",
    })
    void ipAddressesAreWrittenAsPeopleDo(String literal, String expected) {
        assertThat(AddressText.ip(InetAddress.ofLiteral(literal))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"0, fe80::1", "3, fe80::1%3"})
    void zoneIsWrittenUnlessItIsTheDefault(int zone, String expected) throws Exception {
        byte[] bytes = InetAddress.ofLiteral("fe80::1").getAddress();

        InetAddress address = Inet6Address.getByAddress(null, bytes, zone);

        assertThat(AddressText.ip(address)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":80",
                "80",
                "a:0",
                "a",
                "a:",
                "a:x",
                "a:65536",
                "a:-1",
                "a:+1",
                "::1:80",
                "[::1]",
                "[::1:80",
                "a b:80",
                "a/b:80",
                "1.2.3.4.5:80",
                "300.1.1.1:80",
                "[web]:80"
            })
    void refusesAnythingElse(String text) {
        assertThatThrownBy(() -> AddressText.parse(text))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aNameIsNoIpAddress() {
        assertThatThrownBy(() -> AddressText.parseIp("web.demo:80"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
