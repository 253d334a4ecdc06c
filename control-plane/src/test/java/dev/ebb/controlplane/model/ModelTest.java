package dev.ebb.controlplane.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ebb.controlplane.model.DepartureStatus.Deletion;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What values may be made of.
class ModelTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1:80,10.0.0.1:80",
        "[0:0:0:0:0:0:0:1]:80,[::1]:80",
        "[FD00:0::0A]:443,[fd00::a]:443"
    })
    void addressIsCanonical(String text, String canonical) {
        assertThat(Address.parse(text)).hasToString(canonical);
        assertThat(Address.parse(canonical)).isEqualTo(Address.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.1", "10.0.0.1:0", "10.0.0.1:65536", "localhost:80", "127.1:80",
                        "0.0.0.0:80",
                "[::]:80", "224.0.0.1:80", "[::ffff:10.0.0.1]:80", "::1:80", "10.0.0.256:80", ":80",
                "10.0.0.1:80x", ""
            })
    void addressThatIsNoLiteralUnicastAddressIsRefused(String text) {
        assertThatThrownBy(() -> Address.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("address: \"")
                .hasMessageContaining("(expected: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"web.demo:80", "db-1:5432", "10.0.0.1:80", "[fd00::1]:80", "a:1", "_x:1"})
    void destinationIsReadAndWritten(String text) {
        assertThat(DestinationName.parse(text)).hasToString(text);
    }

    @Test
    void spellingsOfOneAddressAreOneDestination() {
        assertThat(DestinationName.parse("[fd00::1]:80"))
                .isEqualTo(DestinationName.parse("[fd00:0:0:0:0:0:0:1]:80"));
        assertThat(DestinationName.hostOf(Address.parse("[fd00::1]:80")))
                .isEqualTo(DestinationName.parse("[fd00::1]:80").host());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "web",
                "web:",
                "Web:80",
                "web:0",
                "web:080",
                "web:65536",
                "web:80:90",
                "we b:80",
                "-web:80",
                ":80",
                "web\n:80",
                ""
            })
    void destinationOfAnotherFormIsRefused(String text) {
        assertThatThrownBy(() -> DestinationName.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("destination: \"")
                .hasMessageNotContaining("\n");
    }

    @Test
    void instanceWithoutANameIsCalledByItsUid() {
        assertThat(new Instance("u-1", "").name()).isEqualTo("u-1");
    }

    @Test
    void uidIsBoundedAndPrintable() {
        assertThat(new Instance("u".repeat(128), "").uid()).hasSize(128);
        assertThatThrownBy(() -> new Instance("u".repeat(129), ""))
                .hasMessageContaining("(expected: 1 to 128 printable ASCII characters)")
                .hasMessageContaining("…");
        assertThatThrownBy(() -> new Instance("a\u001b[31m", ""))
                .hasMessageStartingWith("instance uid: \"a?[31m\"");
    }

    @Test
    void endpointSetKnowsWhoIsReady() {
        Endpoint ready = endpoint("a", EndpointState.READY);
        Endpoint leaving = endpoint("b", EndpointState.LEAVING);

        EndpointSet set = EndpointSet.known(List.of(ready, leaving));

        assertThat(set.hasReady()).isTrue();
        assertThat(set.hasReadyOtherThan("a")).isFalse();
        assertThat(set.hasReadyOtherThan("b")).isTrue();
        assertThat(set.contains("b", EndpointState.LEAVING)).isTrue();
        assertThat(set.contains("b", EndpointState.READY)).isFalse();
        assertThat(set).isEqualTo(EndpointSet.known(List.of(leaving, ready)));
        assertThat(EndpointSet.known(List.of())).isNotEqualTo(EndpointSet.UNKNOWN);
    }

    @Test
    void ledgerThatBalancesLeavesNothingUnaccounted() {
        Ledger.Counts counts = new Ledger.Counts(3, 10, 8, 2, 1, 1, Map.of("reset", 1L));

        assertThat(counts.unaccounted()).isZero();
        assertThat(counts.totalLost()).isEqualTo(1);
    }

    @Test
    void ledgerKeepsNoMoreNamesThanItSays() {
        List<String> names = Collections.nCopies(1_000, "GET /");

        Ledger ledger =
                new Ledger(
                        "TERM",
                        new Ledger.Times(
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()),
                        "released",
                        new Ledger.Counts(0, 0, 0, 0, 0, 0, Map.of()),
                        names,
                        List.of(),
                        names);

        assertThat(ledger.cutNames()).hasSize(Ledger.MAX_NAMED);
        assertThat(ledger.ownHooks()).hasSize(Ledger.MAX_NAMED);
    }

    @Test
    void shorterGraceWinsAndAHookStaysKnown() {
        Deletion first = new Deletion(Optional.of(Duration.ofSeconds(30)), List.of("web"));
        Deletion shorter = Deletion.within(Duration.ofSeconds(5));

        assertThat(first.and(shorter))
                .isEqualTo(new Deletion(Optional.of(Duration.ofSeconds(5)), List.of("web")));
        assertThat(shorter.and(first)).isEqualTo(first.and(shorter));
        assertThat(first.and(Deletion.DONE)).isEqualTo(first);
    }

    private static Endpoint endpoint(String uid, EndpointState state) {
        return new Endpoint(new EndpointKey(uid, new Address("10.0.0.1", 80)), state, true);
    }
}
