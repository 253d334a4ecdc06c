package dev.ebb.admin;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;

/// Bounds how many requests wait at the same time, by peer and together, so that a peer that asks
/// again and again leaves room for the kubelet and for probes. Thread-safe.
final class Waiters {

    static final int MAX_PER_PEER = 16;
    static final int MAX = 256;

    private final Map<InetAddress, Integer> byPeer = new HashMap<>();
    private int all;

    /// Whether one more may wait; if so it must [#leave].
    synchronized boolean enter(InetAddress peer) {
        int waiting = byPeer.getOrDefault(peer, 0);
        if (waiting >= MAX_PER_PEER || all >= MAX) {
            return false;
        }
        byPeer.put(peer, waiting + 1);
        all++;
        return true;
    }

    synchronized void leave(InetAddress peer) {
        byPeer.computeIfPresent(peer, (address, waiting) -> waiting == 1 ? null : waiting - 1);
        all--;
    }
}
