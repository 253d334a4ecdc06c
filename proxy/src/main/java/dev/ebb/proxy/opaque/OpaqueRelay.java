package dev.ebb.proxy.opaque;

import dev.ebb.drain.DrainLease;
import dev.ebb.proxy.drain.Drainable;
import dev.ebb.proxy.drain.LoopDrain;
import io.netty.channel.ChannelHandler;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Relays bytes between a downstream and an upstream connection, as they are.
///
/// Each direction ends by itself: a FIN on one side becomes a FIN on the other, behind every byte
/// that came before it. A reset on one side becomes a reset on the other. A side that cannot take
/// more stops the reading of the other one. Buffers are passed on, never copied. Until there is an
/// upstream connection at most one read of the downstream one is kept. Both connections live on one
/// event loop, on which all methods are called.
public final class OpaqueRelay implements Drainable {

    private final LoopDrain drain;
    private final Consumer<OpaqueEnd> ended;
    private final RelaySide downstream = new RelaySide(this);
    private final RelaySide upstream = new RelaySide(this);
    private @Nullable DrainLease lease;
    private boolean done;

    /// @param ended called once, when both connections are closed, with what became of them
    public OpaqueRelay(LoopDrain drain, Consumer<OpaqueEnd> ended) {
        this.drain = drain;
        this.ended = ended;
        downstream.connectTo(upstream);
        upstream.connectTo(downstream);
    }

    /// The handler for the accepted connection; the last of its pipeline.
    public ChannelHandler downstream() {
        return downstream;
    }

    /// The handler for the opened connection; the last of its pipeline. Bytes flow once it is
    /// added.
    public ChannelHandler upstream() {
        return upstream;
    }

    /// There will be no upstream connection: the client sees a reset, as it would without a proxy.
    public void refuse() {
        finish(OpaqueEnd.Kind.REFUSED);
    }

    /// Waits for both halves, to the last byte.
    @Override
    public void drain() {
        lease = drain.hold(this);
    }

    @Override
    public void cut() {
        finish(OpaqueEnd.Kind.CUT);
    }

    @Override
    public String toString() {
        return "opaque connection from " + downstream;
    }

    void begin() {
        drain.join(this);
    }

    /// One side can be read no further; with both ended nothing is left but to be written.
    void inputEnded(RelaySide side) {
        RelaySide other = side.peer();
        if (other.isInputEnded()) {
            side.closeAfterWrites();
            other.closeAfterWrites();
        } else {
            other.endOutput();
        }
    }

    /// One side is closed. That is the end it was meant to have only behind both halves, and the
    /// other side may still have to be sent what was read here.
    void closed(RelaySide side) {
        if (!side.isInputEnded() || !side.peer().isInputEnded()) {
            broken(side);
        } else if (side.peer().isClosed()) {
            finish(OpaqueEnd.Kind.ENDED);
        }
    }

    /// One side was reset, or cannot be written to.
    void broken(RelaySide side) {
        finish(side == upstream ? OpaqueEnd.Kind.UPSTREAM_RESET : OpaqueEnd.Kind.DOWNSTREAM_RESET);
    }

    private void finish(OpaqueEnd.Kind kind) {
        if (done) {
            return;
        }
        done = true;
        downstream.abort();
        upstream.abort();
        drain.leave(this);
        ended.accept(new OpaqueEnd(kind, downstream.bytesRead(), upstream.bytesRead()));
        if (lease != null) {
            lease.close();
        }
    }
}
