package dev.ebb.proxy.departure;

import java.util.Locale;

/// Why a hold ended.
public enum ReleaseReason {
    /// No counted subscriber holds an address of this instance as pickable.
    RELEASED("released"),
    /// As [#RELEASED], but nothing else is ready for the clients.
    NO_OTHER_ENDPOINT("no_other_endpoint"),
    /// Nobody could tell, and the safe minimum has passed.
    SAFE_MINIMUM("safe minimum"),
    /// The budget was used up.
    BUDGET("budget"),
    /// The application has gone and nobody is connected: there is nothing left to hold.
    APPLICATION_GONE("application gone"),
    /// There was no hold: `/shutdown`, or the hold is switched off.
    NOT_HELD("not held");

    private final String text;

    ReleaseReason(String text) {
        this.text = text;
    }

    /// In the ledger's words.
    public String text() {
        return text;
    }

    /// As a metric label.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
