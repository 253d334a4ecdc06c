package dev.ebb.cli.demo.relay;

import dev.ebb.proto.destination.v1.ControlMessage;
import dev.ebb.proto.destination.v1.ProxyMessage;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Hands on what the control plane says, after the delay. Holds a bounded number of messages and
/// reads no further beyond it.
final class FromControlPlane implements ClientResponseObserver<ProxyMessage, ControlMessage> {
    private static final int HELD = 1024;

    private final StreamObserver<ControlMessage> proxy;
    private final Delay delay;
    private final Consumer<RelayNote> log;
    private @Nullable ClientCallStreamObserver<ProxyMessage> upstream;

    FromControlPlane(StreamObserver<ControlMessage> proxy, Delay delay, Consumer<RelayNote> log) {
        this.proxy = proxy;
        this.delay = delay;
        this.log = log;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<ProxyMessage> call) {
        upstream = call;
        call.disableAutoRequestWithInitial(HELD);
        // The proxy has gone, so nobody speaks to the control plane for it any more.
        if (proxy instanceof ServerCallStreamObserver<ControlMessage> server) {
            server.setOnCancelHandler(() -> call.cancel("the proxy has gone", null));
        }
    }

    @Override
    public void onNext(ControlMessage message) {
        note(RelayNote.Way.FROM_CONTROL_PLANE, message);
        delay.run(() -> {
            note(RelayNote.Way.TO_PROXY, message);
            send(() -> proxy.onNext(message));
            if (upstream != null) {
                upstream.request(1);
            }
        });
    }

    @Override
    public void onError(Throwable failure) {
        delay.run(() -> send(() -> proxy.onError(failure)));
    }

    @Override
    public void onCompleted() {
        delay.run(() -> send(proxy::onCompleted));
    }

    private static void send(Runnable message) {
        try {
            message.run();
        } catch (IllegalStateException e) {
            // The proxy's stream has ended in the meantime.
        }
    }

    private void note(RelayNote.Way way, ControlMessage message) {
        String what = message.getKindCase().name().toLowerCase(Locale.ROOT);
        if (message.hasSnapshot()) {
            what +=
                    numbers(
                            message.getSnapshot().getSubscription(),
                            message.getSnapshot().getGeneration());
        } else if (message.hasDelta()) {
            what +=
                    numbers(
                            message.getDelta().getSubscription(),
                            message.getDelta().getGeneration());
        }
        log.accept(new RelayNote(System.currentTimeMillis(), way, what));
    }

    private static String numbers(long subscription, long generation) {
        return " " + subscription + " " + generation;
    }
}
