package dev.ebb.controlplane.index;

import dev.ebb.controlplane.model.Endpoint;
import dev.ebb.controlplane.model.Instance;
import dev.ebb.controlplane.model.Served;
import java.util.List;

/// Refuses what would break the protocol or grow the index without bound.
final class Admission {
    private final IndexSettings.Limits limits;
    private final Directory directory;
    private final Departures departures;

    Admission(IndexSettings.Limits limits, Directory directory, Departures departures) {
        this.limits = limits;
        this.directory = directory;
        this.departures = departures;
    }

    void check(Instance instance, List<Served> served) throws RefusedException {
        checkNotRecorded("register", instance);
        if (served.size() > limits.served()) {
            throw new RefusedException(
                    "register: %d lines (expected: at most %d)"
                            .formatted(served.size(), limits.served()));
        }
        for (Served line : served) {
            int others =
                    directory
                            .find(line.destination())
                            .map(destination -> destination.registeredByOthers(instance.uid()))
                            .orElse(0);
            if (others + served.size() > limits.endpoints()) {
                throw new RefusedException(
                        "register: %s has %d endpoints (expected: at most %d)"
                                .formatted(line.destination(), others, limits.endpoints()));
            }
        }
    }

    void check(Connection connection, long number, List<Endpoint> held) throws RefusedException {
        if (number == 0 || connection.subscriptions().containsKey(number)) {
            throw new RefusedException(
                    "subscription: %s (expected: a number from 1 that the stream does not use)"
                            .formatted(Long.toUnsignedString(number)));
        }
        if (connection.subscriptions().size() >= limits.subscriptions()) {
            throw new RefusedException(
                    "subscription: %s (expected: at most %d subscriptions on a stream)"
                            .formatted(Long.toUnsignedString(number), limits.subscriptions()));
        }
        if (held.size() > limits.endpoints()) {
            throw new RefusedException(
                    "held: %d endpoints (expected: at most %d)"
                            .formatted(held.size(), limits.endpoints()));
        }
    }

    void checkNotRecorded(String message, Instance instance) throws RefusedException {
        if (departures.isRecorded(instance.uid())) {
            throw new RefusedException(
                    "%s: %s has sent its ledger (expected: nothing after it)"
                            .formatted(message, instance.name()));
        }
    }
}
