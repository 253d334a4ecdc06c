package dev.ebb.proxy.discovery;

import dev.ebb.proto.destination.v1.Applied;
import dev.ebb.proto.destination.v1.Delta;
import dev.ebb.proto.destination.v1.ProxyMessage;
import dev.ebb.proto.destination.v1.Refused;
import dev.ebb.proto.destination.v1.Snapshot;
import dev.ebb.proto.destination.v1.Unsubscribe;
import dev.ebb.proxy.balance.EndpointObserver;
import dev.ebb.proxy.balance.EndpointSet;
import dev.ebb.proxy.balance.Resolver;
import dev.ebb.proxy.discovery.Subscription.Observing;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All subscriptions of this proxy, over the control stream of the moment.
///
/// Belongs to the control loop; only [#resolve] and what it returns may be called from elsewhere.
final class Subscriptions implements Resolver {

    /// Names come from clients, so their number is bounded; what is beyond is unknown.
    static final int MAX_SUBSCRIPTIONS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(Discovery.class);

    private final Executor controlLoop;
    private final Map<String, Subscription> byDestination = new HashMap<>();
    private final Map<Long, Subscription> byNumber = new HashMap<>();
    private final Set<Subscription> toAcknowledge = new LinkedHashSet<>();
    private @Nullable ControlStream stream;
    private long lastNumber;
    private boolean full;

    Subscriptions(Executor controlLoop) {
        this.controlLoop = controlLoop;
    }

    @Override
    public Resolution resolve(String destination, Executor loop, EndpointObserver observer) {
        Observing observing = new Observing(loop, observer);
        controlLoop.execute(() -> observe(destination, observing));
        return () -> {
            try {
                controlLoop.execute(() -> forget(destination, observing));
            } catch (RejectedExecutionException _) {
                LOG.debug("Unsubscribed after the end of the control stream");
            }
        };
    }

    /// A new stream: everything is subscribed to again.
    void connected(ControlStream newStream) {
        stream = newStream;
        byNumber.clear();
        toAcknowledge.clear();
        byDestination.values().forEach(each -> subscribe(each, newStream));
    }

    /// The stream has ended; what is known stays in use.
    void disconnected() {
        stream = null;
        byNumber.clear();
        toAcknowledge.clear();
    }

    void received(Snapshot snapshot) {
        Subscription subscription = byNumber.get(snapshot.getSubscription());
        if (subscription != null) {
            subscription.snapshot(snapshot);
        }
    }

    void received(Delta delta) {
        Subscription subscription = byNumber.get(delta.getSubscription());
        if (subscription != null) {
            subscription.delta(delta);
        }
    }

    void received(Refused refused) {
        LOG.atWarn()
                .addKeyValue("reason", refused.getReason())
                .log("The control plane refused a message");
        Subscription subscription = byNumber.get(refused.getSubscription());
        if (subscription != null) {
            subscription.refused();
        }
    }

    /// Sends what is to be acknowledged as far as the stream takes it; the rest waits, newest only.
    void flush() {
        var waiting = toAcknowledge.iterator();
        while (stream != null && stream.isReady() && waiting.hasNext()) {
            Applied ack = waiting.next().takeAck();
            waiting.remove();
            if (ack != null) {
                stream.send(ProxyMessage.newBuilder().setApplied(ack).build());
            }
        }
    }

    private void observe(String destination, Observing observing) {
        Subscription known = byDestination.get(destination);
        if (known != null) {
            known.add(observing);
            return;
        }
        if (byDestination.size() >= MAX_SUBSCRIPTIONS) {
            noteFull(destination);
            observing.apply(EndpointSet.UNKNOWN, _ -> {});
            return;
        }
        Subscription fresh = new Subscription(destination, controlLoop, this::acknowledge);
        fresh.add(observing);
        byDestination.put(destination, fresh);
        if (stream != null) {
            subscribe(fresh, stream);
        }
    }

    /// Once each time: an application may call any number of addresses.
    private void noteFull(String destination) {
        if (!full) {
            full = true;
            LOG.atWarn()
                    .addKeyValue("destination", destination)
                    .addKeyValue("limit", MAX_SUBSCRIPTIONS)
                    .log("Too many destinations; this one and others stay unknown");
        }
    }

    private void forget(String destination, Observing observing) {
        Subscription subscription = byDestination.get(destination);
        if (subscription == null || !subscription.remove(observing)) {
            return;
        }
        byDestination.remove(destination);
        full = false;
        toAcknowledge.remove(subscription);
        if (byNumber.remove(subscription.number()) != null && stream != null) {
            stream.send(
                    ProxyMessage.newBuilder()
                            .setUnsubscribe(
                                    Unsubscribe.newBuilder().setSubscription(subscription.number()))
                            .build());
        }
    }

    private void subscribe(Subscription subscription, ControlStream to) {
        long number = ++lastNumber;
        byNumber.put(number, subscription);
        to.send(ProxyMessage.newBuilder().setSubscribe(subscription.subscribe(number)).build());
    }

    private void acknowledge(Subscription subscription) {
        if (byNumber.get(subscription.number()) == subscription) {
            toAcknowledge.add(subscription);
            flush();
        }
    }
}
