package dev.ebb.cli.demo.relay;

import dev.ebb.proto.destination.v1.ControlMessage;
import dev.ebb.proto.destination.v1.ProxyMessage;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Hands on what the control plane says, after the delay; its first words at once. Holds a bounded
/// number of messages and reads no further beyond it.
final class FromControlPlane implements ClientResponseObserver<ProxyMessage, ControlMessage> {
    private static final int HELD = 1024;

    private final StreamObserver<ControlMessage> proxy;
    private final Delay delay;
    private final Consumer<RelayNote> log;
    private final AtomicBoolean starting;
    private boolean handedOn;
    private @Nullable ClientCallStreamObserver<ProxyMessage> upstream;

    /// @param starting whether nothing has been delayed yet, in this stream or an earlier one
    FromControlPlane(
            StreamObserver<ControlMessage> proxy,
            Delay delay,
            Consumer<RelayNote> log,
            AtomicBoolean starting) {
        this.proxy = proxy;
        this.delay = delay;
        this.log = log;
        this.starting = starting;
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
        if (starting.get() && (message.hasWelcome() || message.hasSnapshot())) {
            handedOn = true;
            handOn(message);
            return;
        }
        starting.set(false);
        delay.run(() -> handOn(message));
    }

    private void handOn(ControlMessage message) {
        note(RelayNote.Way.TO_PROXY, message);
        send(() -> proxy.onNext(message));
        if (upstream != null) {
            upstream.request(1);
        }
    }

    @Override
    public void onError(Throwable failure) {
        end(() -> proxy.onError(failure));
    }

    @Override
    public void onCompleted() {
        end(proxy::onCompleted);
    }

    /// What a control plane that would not talk has to say comes at once, too. The end of one that
    /// has talked is two delays late: the proxy has one to acknowledge what it was told last.
    private void end(Runnable last) {
        if (starting.get() && !handedOn) {
            send(last);
            return;
        }
        starting.set(false);
        delay.run(() -> delay.run(() -> send(last)));
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
