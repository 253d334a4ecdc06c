package dev.ebb.controlplane.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.controlplane.kubernetes.view.ObjectName;
import dev.ebb.controlplane.model.Awaited;
import dev.ebb.controlplane.model.DestinationName;
import dev.ebb.controlplane.model.Instance;
import dev.ebb.controlplane.model.Ledger;
import io.fabric8.kubernetes.api.model.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What a ledger reads like on its Pod.
class LedgerWordsTest {
    private static final Ledger.Counts SOUND = new Ledger.Counts(2, 10, 11, 1, 0, 0, Map.of());
    private static final Ledger.Times HELD =
            new Ledger.Times(seconds(0), seconds(0.412), seconds(30), seconds(29.5), seconds(30.1));

    @Test
    void departureIsOneSentence() {
        assertThat(LedgerWords.of(ledger(HELD, SOUND, waitedFor("slow"), List.of())))
                .isEqualTo(
                        "Held for 412 ms (released); application gone after 29 s; proxy ended after"
                                + " 30 s; 12 requests: 11 answered, 1 handed back, 0 lost; waited"
                                + " for slow.");
    }

    @Test
    void whatDidNotHappenIsLeftOut() {
        Optional<Duration> never = Optional.empty();
        Ledger.Times nothing = new Ledger.Times(never, never, never, never, never);
        Ledger.Counts none = new Ledger.Counts(0, 0, 0, 0, 0, 0, Map.of());

        assertThat(LedgerWords.of(ledger(nothing, none, List.of(), List.of())))
                .isEqualTo("Not held; 0 requests: 0 answered, 0 lost.");
    }

    @Test
    void hookOfItsOwnIsNamedByItsContainer() {
        assertThat(LedgerWords.of(ledger(HELD, SOUND, List.of(), List.of("web", "cache"))))
                .startsWith("Held for 412 ms (released); web, cache held by its own hook; ");
    }

    @Test
    void everyFateIsCounted() {
        Ledger.Counts counts = new Ledger.Counts(0, 7, 1, 1, 1, 2, Map.of("leaving", 2L));

        assertThat(LedgerWords.of(ledger(HELD, counts, List.of(), List.of())))
                .contains(
                        "7 requests: 1 answered, 1 handed back, 1 abandoned by the client, 2 cut,"
                                + " 2 lost {leaving=2}");
    }

    @Test
    void threeAreNamedAndTheRestCounted() {
        assertThat(
                        LedgerWords.of(
                                ledger(
                                        HELD,
                                        SOUND,
                                        waitedFor("a", "b", "b", "c", "d", "e"),
                                        List.of())))
                .endsWith("waited for a, b, c and 2 more.");
    }

    @Test
    void eventWarnsOfWhatWasLostCutOrUnaccounted() {
        assertThat(event(SOUND).getType()).isEqualTo("Normal");
        assertThat(event(new Ledger.Counts(0, 1, 0, 0, 0, 0, Map.of("reset", 1L))).getType())
                .isEqualTo("Warning");
        assertThat(event(new Ledger.Counts(0, 1, 0, 0, 0, 1, Map.of())).getType())
                .isEqualTo("Warning");
        assertThat(event(new Ledger.Counts(0, 1, 0, 0, 0, 0, Map.of())).getType())
                .isEqualTo("Warning");
    }

    @Test
    void eventIsOnThePodUnderANameThatEveryReplicaGivesIt() {
        Event event = event(SOUND);

        assertThat(event.getMetadata().getName()).isEqualTo("web-1.ebb-0123456789abc");
        assertThat(event.getInvolvedObject().getUid()).isEqualTo("0123456789abcdef");
        assertThat(event.getReason()).isEqualTo("EbbDeparture");
    }

    private static Event event(Ledger.Counts counts) {
        return LedgerEvents.event(
                new ObjectName("shop", "web-1"),
                "0123456789abcdef",
                ledger(HELD, counts, List.of(), List.of()),
                Instant.EPOCH);
    }

    private static Ledger ledger(
            Ledger.Times times,
            Ledger.Counts counts,
            List<Awaited> waitedFor,
            List<String> ownHooks) {
        return new Ledger("DELETED", times, "released", counts, List.of(), waitedFor, ownHooks);
    }

    private static List<Awaited> waitedFor(String... names) {
        return Stream.of(names)
                .map(name ->
                        new Awaited(
                                new Instance(name, name),
                                DestinationName.parse("web.shop:80"),
                                Duration.ofSeconds(1)))
                .toList();
    }

    private static Optional<Duration> seconds(double seconds) {
        return Optional.of(Duration.ofMillis(Math.round(seconds * 1_000)));
    }
}
