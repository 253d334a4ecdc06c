package dev.ebb.proxy.discovery;

import dev.ebb.proxy.balance.EndpointObserver;
import dev.ebb.proxy.balance.EndpointSet;
import dev.ebb.proxy.balance.Resolver;
import dev.ebb.proxy.departure.Cause;
import dev.ebb.proxy.departure.ControlPlane;
import dev.ebb.proxy.departure.Ledger;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// Stands in where no control plane is configured: knows no destination and cannot tell anything of
/// a departure.
public final class NoDiscovery implements Resolver, ControlPlane {

    private @Nullable Listener listener;

    @Override
    public Resolution resolve(String destination, Executor loop, EndpointObserver observer) {
        loop.execute(() -> {
            var _ = observer.apply(EndpointSet.UNKNOWN);
        });
        return () -> {};
    }

    @Override
    public void listen(Listener newListener) {
        listener = newListener;
    }

    @Override
    public void announce(Cause cause, Duration grace) {}

    @Override
    public void withdraw() {}

    @Override
    public void ask() {
        if (listener != null) {
            listener.unreachable();
        }
    }

    @Override
    public void dropQuestion() {}

    @Override
    public CompletionStage<Void> record(Ledger ledger) {
        return CompletableFuture.failedFuture(
                new IllegalStateException("no control plane is configured"));
    }
}
