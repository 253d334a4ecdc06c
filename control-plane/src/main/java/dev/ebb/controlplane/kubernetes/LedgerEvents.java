package dev.ebb.controlplane.kubernetes;

import dev.ebb.controlplane.index.IndexEvents;
import dev.ebb.controlplane.kubernetes.view.ObjectName;
import dev.ebb.controlplane.model.DepartureReport;
import dev.ebb.controlplane.model.DestinationName;
import dev.ebb.controlplane.model.Instance;
import dev.ebb.controlplane.model.Ledger;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes each ledger as an Event on its Pod, where `kubectl describe pod` shows it. Passes every
/// event on.
///
/// Each replica that has the ledger writes the Event under the same name, so there is one.
final class LedgerEvents implements IndexEvents {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerEvents.class);
    private static final int MAX_WAITING = 1_000;
    private static final int ALREADY_EXISTS = 409;
    private static final int SHOWN_OF_UID = 13;

    private final KubernetesClient client;
    private final Function<String, Optional<ObjectName>> pods;
    private final IndexEvents next;

    /// One at a time; the API server's troubles must not become the index's.
    private final ExecutorService sender =
            new ThreadPoolExecutor(
                    1,
                    1,
                    1,
                    TimeUnit.SECONDS,
                    new ArrayBlockingQueue<>(MAX_WAITING),
                    Thread.ofPlatform().name("ledger-events").daemon(true).factory());

    /// @param pods the pod of a UID; asked on the index's writer
    LedgerEvents(
            KubernetesClient client,
            Function<String, Optional<ObjectName>> pods,
            IndexEvents next) {
        this.client = client;
        this.pods = pods;
        this.next = next;
    }

    @Override
    public void departureBegan(DepartureReport departure) {
        next.departureBegan(departure);
    }

    @Override
    public void departureReleased(DepartureReport departure, Duration held) {
        next.departureReleased(departure, held);
    }

    @Override
    public void departureEnded(DepartureReport departure) {
        if (departure.outcome() instanceof DepartureReport.Outcome.Recorded(Ledger ledger)) {
            Instance instance = departure.instance();
            pods.apply(instance.uid())
                    .ifPresent(pod -> send(event(pod, instance.uid(), ledger, Instant.now())));
        }
        next.departureEnded(departure);
    }

    @Override
    public void voteLapsed(Instance subscriber, DestinationName destination, Instance departing) {
        next.voteLapsed(subscriber, destination, departing);
    }

    @Override
    public void ackIgnored(Instance subscriber) {
        next.ackIgnored(subscriber);
    }

    static Event event(ObjectName pod, String uid, Ledger ledger, Instant now) {
        String at = now.truncatedTo(ChronoUnit.SECONDS).toString();
        return new EventBuilder()
                .withNewMetadata()
                .withNamespace(pod.namespace())
                .withName(
                        pod.name()
                                + ".ebb-"
                                + uid.substring(0, Math.min(SHOWN_OF_UID, uid.length())))
                .endMetadata()
                .withNewInvolvedObject()
                .withApiVersion("v1")
                .withKind("Pod")
                .withNamespace(pod.namespace())
                .withName(pod.name())
                .withUid(uid)
                .endInvolvedObject()
                .withReason("EbbDeparture")
                .withMessage(LedgerWords.of(ledger))
                .withType(LedgerWords.isSound(ledger) ? "Normal" : "Warning")
                .withNewSource()
                .withComponent("ebb-control-plane")
                .endSource()
                .withFirstTimestamp(at)
                .withLastTimestamp(at)
                .withCount(1)
                .build();
    }

    private void send(Event event) {
        try {
            sender.execute(() -> create(event));
        } catch (RejectedExecutionException e) {
            LOG.atWarn()
                    .addKeyValue("pod", event.getInvolvedObject().getName())
                    .log("Ledger not written as an Event: too many are waiting");
        }
    }

    private void create(Event event) {
        try {
            var _ = client.v1().events().resource(event).create();
        } catch (KubernetesClientException e) {
            if (e.getCode() != ALREADY_EXISTS) {
                LOG.atWarn()
                        .addKeyValue("pod", event.getInvolvedObject().getName())
                        .addKeyValue("reason", ApiFailure.words(e))
                        .log("Ledger not written as an Event");
            }
        }
    }
}
