package dev.ebb.proxy.departure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.proxy.departure.DepartureState.Released;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class LedgerBookTest {

    private final LedgerBook book = new LedgerBook(new RequestCounts());

    @Test
    void hookThatBeganTheDepartureIsInTheLedger() {
        book.hook(at(100));

        book.began(at(100));

        assertThat(ledgerSince(100).times().hook()).contains(Duration.ZERO);
    }

    @Test
    void hookThatAskedForSomethingElseIsNot() {
        book.hook(at(80));

        book.began(at(100));

        assertThat(ledgerSince(100).times().hook()).isEmpty();
    }

    @Test
    void applicationThatWasGoneBeforeIsGoneAtTheBeginning() {
        book.gone(at(99));

        book.began(at(100));

        assertThat(ledgerSince(100).times().gone()).contains(Duration.ZERO);
    }

    private Ledger ledgerSince(int began) {
        Released end =
                new Released(Cause.TERM, at(began), at(110), at(110), ReleaseReason.SAFE_MINIMUM);
        return book.close(end, List.of(), at(120));
    }

    private static Duration at(int seconds) {
        return Duration.ofSeconds(seconds);
    }
}
