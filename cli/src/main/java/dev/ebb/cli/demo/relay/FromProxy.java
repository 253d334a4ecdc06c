package dev.ebb.cli.demo.relay;

import dev.ebb.proto.destination.v1.Applied;
import dev.ebb.proto.destination.v1.ProxyMessage;
import io.grpc.stub.StreamObserver;
import java.util.Locale;
import java.util.function.Consumer;

/// Hands on what the proxy says, at once.
final class FromProxy implements StreamObserver<ProxyMessage> {
    private final StreamObserver<ProxyMessage> controlPlane;
    private final Consumer<RelayNote> log;

    FromProxy(StreamObserver<ProxyMessage> controlPlane, Consumer<RelayNote> log) {
        this.controlPlane = controlPlane;
        this.log = log;
    }

    @Override
    public void onNext(ProxyMessage message) {
        log.accept(
                new RelayNote(System.currentTimeMillis(), RelayNote.Way.FROM_PROXY, name(message)));
        controlPlane.onNext(message);
    }

    @Override
    public void onError(Throwable failure) {
        controlPlane.onError(failure);
    }

    @Override
    public void onCompleted() {
        controlPlane.onCompleted();
    }

    private static String name(ProxyMessage message) {
        if (!message.hasApplied()) {
            return message.getKindCase().name().toLowerCase(Locale.ROOT);
        }
        Applied applied = message.getApplied();
        return "applied %d %d".formatted(applied.getSubscription(), applied.getGeneration());
    }
}
