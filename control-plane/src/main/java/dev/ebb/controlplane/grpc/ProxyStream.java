package dev.ebb.controlplane.grpc;

import dev.ebb.controlplane.cluster.NotIdentifiedException;
import dev.ebb.controlplane.index.Connection;
import dev.ebb.controlplane.index.Index;
import dev.ebb.controlplane.index.RefusedException;
import dev.ebb.controlplane.index.Subscriber;
import dev.ebb.controlplane.model.DestinationName;
import dev.ebb.controlplane.model.Instance;
import dev.ebb.controlplane.model.Served;
import dev.ebb.controlplane.model.Update;
import dev.ebb.proto.destination.v1.Applied;
import dev.ebb.proto.destination.v1.ControlMessage;
import dev.ebb.proto.destination.v1.Hello;
import dev.ebb.proto.destination.v1.ProxyMessage;
import dev.ebb.proto.destination.v1.Register;
import dev.ebb.proto.destination.v1.Subscribe;
import dev.ebb.proto.destination.v1.Welcome;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// The control stream of one proxy.
///
/// gRPC's callbacks come on the connection's event loop and do nothing but hand over to the single
/// writer, in order: so an end of the stream is seen after everything that was received before it.
/// Everything else runs on the writer. At most [#PREFETCH] messages are received ahead of it, and
/// none while an answer waits for the peer to read.
final class ProxyStream implements StreamObserver<ProxyMessage>, Subscriber {
    private static final Logger LOG = LoggerFactory.getLogger(ProxyStream.class);
    private static final int PREFETCH = 16;

    /// A proxy says hello at once; whoever does not only holds a stream. Includes the time to find
    /// out whose its token is.
    private static final Duration HELLO_LIMIT = Duration.ofSeconds(5);

    /// No instance may look like an endpoint of the registry file.
    private static final String RESERVED_UID = "registry:";

    private final Index index;
    private final SingleWriter writer;
    private final String replica;
    private final Peer peer;
    private final ServerCallStreamObserver<ControlMessage> call;

    /// Answers that the peer has not taken yet; bounded because nothing is received meanwhile.
    private final Deque<ControlMessage> answers = new ArrayDeque<>();

    /// Messages that came while it is being found out who sends them; at most [#PREFETCH].
    private final Deque<ProxyMessage> early = new ArrayDeque<>();

    private int unrequested;
    private boolean identifying;
    private @Nullable Connection connection;
    private boolean hasRefused;
    private boolean ended;

    ProxyStream(
            Index index,
            SingleWriter writer,
            String replica,
            Peer peer,
            ServerCallStreamObserver<ControlMessage> call) {
        this.index = index;
        this.writer = writer;
        this.replica = replica;
        this.peer = peer;
        this.call = call;
    }

    /// Starts to receive. Called once, before the call handler returns.
    void open() {
        call.disableAutoRequest();
        call.setOnReadyHandler(() -> writer.execute(this::onReady));
        // The end is told to onError; with a handler set, sending into a cancelled call is
        // harmless.
        call.setOnCancelHandler(() -> {});
        call.request(PREFETCH);
        writer.after(HELLO_LIMIT, this::endUnlessGreeted);
    }

    @Override
    public void onNext(ProxyMessage message) {
        writer.execute(() -> receive(message));
    }

    @Override
    public void onError(Throwable cause) {
        writer.execute(this::disconnect);
    }

    @Override
    public void onCompleted() {
        writer.execute(() -> {
            disconnect();
            end(Status.OK);
        });
    }

    @Override
    public boolean isReady() {
        return !ended && answers.isEmpty() && call.isReady();
    }

    @Override
    public void send(Update update) {
        call.onNext(ToProto.update(update));
    }

    @Override
    public void close(CloseReason reason) {
        end(
                switch (reason) {
                    case TAKEN_OVER ->
                            Status.ABORTED.withDescription(
                                    "a newer stream with the same instance uid took over");
                    case SHUTTING_DOWN ->
                            Status.UNAVAILABLE.withDescription(
                                    "the control plane is shutting down; connect again");
                });
    }

    private void receive(ProxyMessage message) {
        if (ended) {
            return;
        }
        if (identifying) {
            early.add(message);
            return;
        }
        try {
            Connection current = connection;
            if (current == null) {
                hello(message);
            } else {
                accept(current, message);
            }
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("A message could not be handled");
            end(Status.INTERNAL.withDescription("the control plane failed to handle a message"));
        }
        unrequested++;
        requestMore();
    }

    /// On the writer, when the limit has passed.
    void endUnlessGreeted() {
        if (identifying) {
            end(
                    Status.UNAVAILABLE.withDescription(
                            "the token could not be checked: no answer yet (expected: one within %d s of the start of the stream)"
                                    .formatted(HELLO_LIMIT.toSeconds())));
        } else if (connection == null) {
            end(
                    Status.DEADLINE_EXCEEDED.withDescription(
                            "no message (expected: hello within %d s)"
                                    .formatted(HELLO_LIMIT.toSeconds())));
        }
    }

    private void hello(ProxyMessage message) {
        if (!message.hasHello()) {
            end(
                    Status.INVALID_ARGUMENT.withDescription(
                            "first message: %s (expected: hello)"
                                    .formatted(message.getKindCase())));
            return;
        }
        if (!index.isSynced()) {
            end(
                    Status.UNAVAILABLE.withDescription(
                            "the sources are not synced yet; connect to another replica, or again"));
            return;
        }
        Hello hello = message.getHello();
        try {
            Instance instance = FromProto.instance(hello.getInstance());
            if (instance.uid().startsWith(RESERVED_UID)) {
                throw new IllegalArgumentException(
                        "instance uid: \"%s\" (expected: one that does not start with \"%s\")"
                                .formatted(instance.uid(), RESERVED_UID));
            }
            switch (peer.trust()) {
                case Peer.Trust.OwnAddress(), Peer.Trust.SharedToken() -> welcome(instance);
                case Peer.Trust.OwnToken own -> identify(instance, own);
            }
        } catch (IllegalArgumentException e) {
            end(Status.INVALID_ARGUMENT.withDescription(e.getMessage()));
        }
    }

    private void identify(Instance claimed, Peer.Trust.OwnToken own) {
        identifying = true;
        var _ =
                own.identities()
                        .uidOf(own.token())
                        .whenComplete((uid, failure) ->
                                writer.execute(() -> identified(claimed, uid, failure)));
    }

    private void identified(Instance claimed, @Nullable String uid, @Nullable Throwable failure) {
        identifying = false;
        if (ended) {
            return;
        }
        if (failure != null) {
            end(unidentified(failure));
        } else if (!claimed.uid().equals(uid)) {
            end(
                    Status.PERMISSION_DENIED.withDescription(
                            "instance uid: \"%s\" (expected: \"%s\", whose token was shown)"
                                    .formatted(claimed.uid(), uid)));
        } else {
            welcome(claimed);
            List<ProxyMessage> waiting = List.copyOf(early);
            early.clear();
            waiting.forEach(this::receive);
        }
    }

    private static Status unidentified(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        return cause instanceof NotIdentifiedException
                ? Status.UNAUTHENTICATED.withDescription(cause.getMessage())
                : Status.UNAVAILABLE.withDescription(
                        "the token could not be checked: " + cause.getMessage());
    }

    /// The welcome goes out ahead of anything that the index has to say: the index asks whether the
    /// stream is ready, and it is not while an answer waits.
    private void welcome(Instance instance) {
        answers.add(
                ToProto.welcome(
                        Welcome.newBuilder()
                                .setReplica(replica)
                                .setWarmingUp(index.isWarmingUp())
                                .build()));
        try {
            connection = index.connect(instance, peer.identity(), this);
        } catch (RefusedException e) {
            answers.clear();
            end(Status.ALREADY_EXISTS.withDescription(e.getMessage()));
            return;
        }
        LOG.atDebug()
                .addKeyValue("instance", instance.name())
                .addKeyValue("peer", peer.ip().getHostAddress())
                .log("Proxy connected");
        onReady();
    }

    private void accept(Connection current, ProxyMessage message) {
        try {
            switch (message.getKindCase()) {
                case HELLO ->
                        end(
                                Status.INVALID_ARGUMENT.withDescription(
                                        "hello: sent twice (expected: once)"));
                case REGISTER -> register(current, message.getRegister());
                case SUBSCRIBE -> subscribe(current, message.getSubscribe());
                case UNSUBSCRIBE ->
                        index.unsubscribe(current, message.getUnsubscribe().getSubscription());
                case APPLIED -> applied(current, message.getApplied());
                case ANNOUNCE -> index.announce(current, FromProto.cause(message.getAnnounce()));
                case WITHDRAW -> index.withdraw(current);
                case QUESTION -> index.question(current);
                case LEDGER -> {
                    index.ledger(current, FromProto.ledger(message.getLedger()));
                    answer(ToProto.recorded());
                }
                case KIND_NOT_SET ->
                        throw new IllegalArgumentException(
                                "message: of no known kind (expected: one of ProxyMessage)");
            }
        } catch (IllegalArgumentException | RefusedException e) {
            refuse(message, String.valueOf(e.getMessage()));
        }
    }

    private void register(Connection current, Register register) throws RefusedException {
        var served = FromProto.served(register);
        peer.checkOwns(served);
        index.register(current, served);
        LOG.atDebug()
                .addKeyValue("instance", current.instance().name())
                .addKeyValue("served", served.stream().map(Served::toString).toList())
                .log("Registered");
    }

    private void subscribe(Connection current, Subscribe subscribe) throws RefusedException {
        index.subscribe(
                current,
                subscribe.getSubscription(),
                DestinationName.parse(subscribe.getDestination()),
                FromProto.endpoints(subscribe.getHeldList()));
    }

    private void applied(Connection current, Applied applied) {
        index.applied(
                current,
                applied.getSubscription(),
                applied.getGeneration(),
                FromProto.appliedAs(applied));
    }

    private void refuse(ProxyMessage message, String reason) {
        // One line a stream at most, or a peer could fill the log.
        LOG.atLevel(hasRefused ? Level.DEBUG : Level.INFO)
                .addKeyValue("peer", peer.ip().getHostAddress())
                .addKeyValue("reason", reason)
                .log("Message refused");
        hasRefused = true;
        long subscription = message.hasSubscribe() ? message.getSubscribe().getSubscription() : 0;
        answer(ToProto.refused(subscription, reason));
    }

    private void answer(ControlMessage answer) {
        answers.add(answer);
        onReady();
    }

    /// The peer takes more: first what it was answered, then whatever is newest.
    private void onReady() {
        while (!ended && !answers.isEmpty() && call.isReady()) {
            call.onNext(answers.removeFirst());
        }
        Connection current = connection;
        if (current != null && !ended) {
            index.ready(current);
        }
        requestMore();
    }

    private void requestMore() {
        if (!ended && answers.isEmpty() && unrequested > 0) {
            call.request(unrequested);
            unrequested = 0;
        }
    }

    private void disconnect() {
        Connection current = connection;
        if (current != null) {
            index.disconnect(current);
        }
    }

    private void end(Status status) {
        if (ended) {
            return;
        }
        ended = true;
        disconnect();
        if (status.isOk()) {
            call.onCompleted();
        } else {
            call.onError(status.asRuntimeException());
        }
    }
}
