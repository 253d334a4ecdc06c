package dev.ebb.controlplane.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ebb.controlplane.model.Address;
import dev.ebb.controlplane.model.DestinationName;
import dev.ebb.controlplane.model.Registry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a registry file may say, and what is said to one that may not.
class RegistryReaderTest {
    private final RegistryReader reader = new RegistryReader(Path.of("registry.yaml"));

    @Test
    void readsServicesAndEndpoints() throws Exception {
        Registry registry =
                read(
                        """
                        services:
                          "db.demo:5432":
                            endpoints:
                              - address: 10.0.0.1:5432
                              - { address: "[fd00::1]:5432", meshed: true }
                          cache.demo:6379: { endpoints: [] }
                          empty.demo:1:
                        """);

        assertThat(registry.services())
                .isEqualTo(
                        Map.of(
                                DestinationName.parse("db.demo:5432"),
                                List.of(
                                        new Registry.Listed(Address.parse("10.0.0.1:5432"), false),
                                        new Registry.Listed(Address.parse("[fd00::1]:5432"), true)),
                                DestinationName.parse("cache.demo:6379"),
                                List.of(),
                                DestinationName.parse("empty.demo:1"),
                                List.of()));
    }

    @Test
    void readsAFileWithoutServices() throws Exception {
        assertThat(read("services: {}")).isEqualTo(Registry.EMPTY);
        assertThat(read("services:")).isEqualTo(Registry.EMPTY);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    services: {a:1: {endpoints: [{adress: "1.1.1.1:1"}]}}        | registry.yaml:1: unknown field "adress" (expected: address or meshed)
                    servises: {}                                                 | registry.yaml:1: unknown field "servises" (expected: services)
                    services: {a:1: {endpoints: [{meshed: true}]}}               | registry.yaml:1: an endpoint without an address (expected: ip:port)
                    services: {a:1: {endpoints: [{address: "db:5432"}]}}         | registry.yaml:1: address: "db" (expected: a literal IPv4 or IPv6 unicast address)
                    services: {a:1: {endpoints: [{address: "1.1.1.1"}]}}         | registry.yaml:1: address: "1.1.1.1" (expected: ip:port such as 10.0.0.1:5432 or [fd00::1]:5432)
                    services: {a:1: {endpoints: [{address: "1.1.1.1:70000"}]}}   | registry.yaml:1: address: "1.1.1.1:70000" (expected: a port from 1 to 65535)
                    services: {A:1: {}}                                          | registry.yaml:1: destination: "A" (expected: host:port in lower case such as web.demo:80)
                    services: {a: {}}                                            | registry.yaml:1: destination: "a" (expected: host:port in lower case such as web.demo:80)
                    services: {a:1: {endpoints: &x []}}                          | registry.yaml:1: an alias or anchor (expected: plain values)
                    services: {a:1: {endpoints: *x}}                             | registry.yaml:1: an alias or anchor (expected: plain values)
                    services: {a:1: {endpoints: !!set []}}                       | registry.yaml:1: a tag (expected: plain values)
                    services: {a:1: {endpoints: [{address: !x "1.1.1.1:1"}]}}    | registry.yaml:1: a tag (expected: plain values)
                    services: {a:1: {endpoints: [null]}}                         | registry.yaml:1: an empty item (expected: an endpoint, such as address: 10.0.0.1:5432)
                    services: {"[::1]:80": {}, "[0:0:0:0:0:0:0:1]:80": {}}       | registry.yaml:1: destination [::1]:80 twice (expected: once)
                    """)
    void refusesWithLineAndReason(String yaml, String reason) {
        assertThatThrownBy(() -> read(yaml))
                .isInstanceOf(RegistryException.class)
                .hasMessage(reason);
    }

    @Test
    void namesTheLineOfTheFault() {
        assertThatThrownBy(() ->
                        read(
                                """
                                services:
                                  a:1:
                                    endpoints:
                                      - address: 1.1.1.1:1
                                        meshed: perhaps
                                """))
                .hasMessageStartingWith("registry.yaml:5: ");
    }

    @Test
    void refusesAnItemWhoseContentWasCommentedOut() {
        assertThatThrownBy(() ->
                        read(
                                """
                                services:
                                  a:1:
                                    endpoints:
                                      - address: 1.1.1.1:1
                                      - # address: 1.1.1.1:2
                                  b:1: {}
                                """))
                .hasMessage(
                        "registry.yaml:5: an empty item (expected: an endpoint, such as address: 10.0.0.1:5432)");
    }

    @Test
    void refusesAKeyThatOccursTwice() {
        assertThatThrownBy(() -> read("services:\n  a:1: {}\n  a:1: {}\n"))
                .hasMessageStartingWith("registry.yaml:3: ")
                .hasMessageContaining("Duplicate")
                .hasMessageContaining("a:1");
    }

    @Test
    void refusesAnAddressThatOccursTwice() {
        assertThatThrownBy(() ->
                        read(
                                """
                                services:
                                  b:1:
                                    endpoints: [{address: "1.1.1.1:1"}]
                                  a:1:
                                    endpoints:
                                      - {address: "1.1.1.1:1"}
                                      - meshed: true
                                        address: "1.1.1.1:1"
                                """))
                .hasMessage("registry.yaml:8: a:1: address 1.1.1.1:1 twice (expected: once)");
    }

    @Test
    void refusesBrokenYaml() {
        assertThatThrownBy(() -> read("services: [1"))
                .hasMessageStartingWith("registry.yaml:1: ")
                .hasMessageContaining("expected ',' or ']'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    services: [1]                                             | services: and below it destinations such as web.demo:80
                    root:x:0:0:root:/root:/bin/bash                           | services: and below it destinations such as web.demo:80
                    services: {a:1: secret}                                   | endpoints: and a list below it
                    services: {a:1: {endpoints: secret}}                      | a list of endpoints
                    services: [~]                                             | services: and below it destinations such as web.demo:80
                    services: {a:1: {endpoints: [""]}}                        | an endpoint, such as address: 10.0.0.1:5432
                    services: {a:1: {endpoints: [secret]}}                    | an endpoint, such as address: 10.0.0.1:5432
                    services: {a:1: {endpoints: [{address: "1.1.1.1:1", meshed: secret}]}} | true or false
                    """)
    void refusesAnotherShapeWithoutRepeatingTheFile(String yaml, String expected) {
        assertThatThrownBy(() -> read(yaml))
                .hasMessage("registry.yaml:1: another kind of value (expected: %s)", expected);
    }

    @Test
    void refusesASecondDocument() {
        assertThatThrownBy(() -> read("services: {}\n---\nservices: {}\n"))
                .hasMessage("registry.yaml:3: a second document (expected: one)");
    }

    @Test
    void refusesAnEmptyFile() {
        assertThatThrownBy(() -> read("")).hasMessage("registry.yaml: empty (expected: services)");
        assertThatThrownBy(() -> read("# nothing\n"))
                .hasMessage("registry.yaml: empty (expected: services)");
    }

    @Test
    void refusesWhatIsTooLarge() {
        byte[] content = new byte[RegistryReader.MAX_BYTES + 1];

        assertThatThrownBy(() -> reader.read(content))
                .hasMessage("registry.yaml: more than 1048576 bytes (expected: at most that)");
    }

    @Test
    void refusesTooManyServices() {
        String yaml =
                IntStream.rangeClosed(0, RegistryReader.MAX_SERVICES)
                        .mapToObj(i -> "  s%d:1: {}\n".formatted(i))
                        .collect(Collectors.joining("", "services:\n", ""));

        assertThatThrownBy(() -> read(yaml))
                .hasMessage("registry.yaml: 1001 services (expected: at most 1000)");
    }

    @Test
    void refusesTooManyEndpoints() {
        String yaml =
                IntStream.rangeClosed(0, RegistryReader.MAX_ENDPOINTS)
                        .mapToObj(i -> "{address: \"10.0.0.1:%d\"}".formatted(i + 1))
                        .collect(Collectors.joining(",", "services: {a:1: {endpoints: [", "]}}"));

        assertThatThrownBy(() -> read(yaml))
                .hasMessage("registry.yaml: 10001 endpoints (expected: at most 10000)");
    }

    @Test
    void refusesWhatIsNotUtf8() {
        assertThatThrownBy(() -> reader.read(new byte[] {(byte) 0xff, (byte) 0xfe, 'x'}))
                .hasMessage("registry.yaml: not UTF-8 (expected: YAML in UTF-8)");
    }

    private Registry read(String yaml) throws RegistryException {
        return reader.read(yaml.getBytes(StandardCharsets.UTF_8));
    }
}
