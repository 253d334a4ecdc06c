package dev.ebb.controlplane.grpc;

import dev.ebb.controlplane.model.Cause;
import dev.ebb.controlplane.model.DepartureReport;
import dev.ebb.proto.destination.v1.Ledger;
import dev.ebb.proto.destination.v1.PublishedEndpoint;
import dev.ebb.proto.destination.v1.Vote;

/// Writes values of the model into the answers of the inspect service.
final class Reports {

    static PublishedEndpoint published(dev.ebb.controlplane.model.PublishedEndpoint endpoint) {
        String source =
                switch (endpoint.source()) {
                    case REGISTRY -> "registry";
                    case REGISTERED -> "registered";
                    case CLUSTER -> "cluster";
                };
        return PublishedEndpoint.newBuilder()
                .setEndpoint(ToProto.endpoint(endpoint.endpoint()))
                .setInstanceName(endpoint.instanceName())
                .setSource(source)
                .build();
    }

    static dev.ebb.proto.destination.v1.DepartureReport departure(DepartureReport report) {
        var message =
                dev.ebb.proto.destination.v1.DepartureReport.newBuilder()
                        .setInstance(ToProto.instance(report.instance()))
                        .setCause(report.cause().map(Cause::name).orElse(""))
                        .setState(ToProto.departure(report.status()))
                        .setAge(ToProto.duration(report.timing().age()));
        report.timing().released().map(ToProto::duration).ifPresent(message::setReleased);
        report.votes().forEach(vote -> message.addVotes(vote(vote)));
        if (report.outcome() instanceof DepartureReport.Outcome.Recorded(var ledger)) {
            message.setLedger(ledger(ledger));
        }
        return message.build();
    }

    private static Vote vote(dev.ebb.controlplane.model.Vote vote) {
        Vote.Builder message =
                Vote.newBuilder()
                        .setSubscriber(ToProto.instance(vote.subscriber()))
                        .setDestination(vote.destination().toString())
                        .setLastResort(
                                vote.outcome()
                                        == dev.ebb.controlplane.model.Vote.Outcome.LAST_RESORT)
                        .setLapsed(
                                vote.outcome() == dev.ebb.controlplane.model.Vote.Outcome.LAPSED);
        vote.applied().map(ToProto::duration).ifPresent(message::setApplied);
        return message.build();
    }

    private static Ledger ledger(dev.ebb.controlplane.model.Ledger ledger) {
        Ledger.Builder message =
                Ledger.newBuilder()
                        .setCause(ledger.cause())
                        .setReleaseReason(ledger.releaseReason())
                        .addAllCutNames(ledger.cutNames())
                        .addAllOwnHooks(ledger.ownHooks());
        var times = ledger.times();
        times.hook().map(ToProto::duration).ifPresent(message::setHook);
        times.release().map(ToProto::duration).ifPresent(message::setRelease);
        times.term().map(ToProto::duration).ifPresent(message::setTerm);
        times.gone().map(ToProto::duration).ifPresent(message::setGone);
        times.exit().map(ToProto::duration).ifPresent(message::setExit);
        var counts = ledger.counts();
        message.setInFlight(counts.inFlight())
                .setAccepted(counts.accepted())
                .setAnswered(counts.answered())
                .setHandedBack(counts.handedBack())
                .setAbandoned(counts.abandoned())
                .setCut(counts.cut())
                .putAllLost(counts.lost());
        ledger.waitedFor().forEach(awaited -> message.addWaitedFor(ToProto.awaited(awaited)));
        return message.build();
    }

    private Reports() {}
}
