package dev.ebb.proxy;

import dev.ebb.proxy.departure.OutsideTraffic;
import dev.ebb.proxy.departure.RequestCounts;
import dev.ebb.proxy.inbound.InboundLedger;

/// Passes what becomes of inbound requests on to the departure, which waits for clients outside the
/// mesh and writes the ledger. Thread-safe.
final class CountingLedger implements InboundLedger {

    private final RequestCounts counts;
    private final OutsideTraffic outside;

    CountingLedger(RequestCounts counts, OutsideTraffic outside) {
        this.counts = counts;
        this.outside = outside;
    }

    @Override
    public void accepted(Client client) {
        counts.accepted();
        if (client == Client.OUTSIDE) {
            outside.seen();
        }
    }

    @Override
    public void answered() {
        counts.answered();
    }

    @Override
    public void handedBack() {
        counts.handedBack();
    }

    @Override
    public void abandoned() {
        counts.abandoned();
    }

    @Override
    public void cut() {
        counts.cut();
    }

    @Override
    public void lost(String reason) {
        counts.lost(reason);
    }
}
