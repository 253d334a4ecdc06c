package dev.ebb.proxy.inbound;

import java.util.ArrayList;
import java.util.List;

/// Remembers what a ledger was told.
final class RecordingLedger implements InboundLedger {

    final List<String> told = new ArrayList<>();

    @Override
    public void accepted(Client client) {
        told.add("accepted " + client);
    }

    @Override
    public void answered() {
        told.add("answered");
    }

    @Override
    public void handedBack() {
        told.add("handed back");
    }

    @Override
    public void abandoned() {
        told.add("abandoned");
    }

    @Override
    public void cut() {
        told.add("cut");
    }

    @Override
    public void lost(String reason) {
        told.add("lost " + reason);
    }
}
