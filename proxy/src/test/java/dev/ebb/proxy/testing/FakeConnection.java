package dev.ebb.proxy.testing;

import dev.ebb.proxy.stream.ClientConnection;
import dev.ebb.proxy.stream.ClientStream;
import dev.ebb.proxy.stream.RequestHead;
import dev.ebb.proxy.stream.ResponseListener;
import dev.ebb.proxy.stream.StreamReset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An upstream connection without a socket.
public final class FakeConnection implements ClientConnection {

    private final int port;
    private final Owner owner;
    private final List<FakeExchange> exchanges;
    private final boolean dead;
    private final StreamReset.@Nullable Cause resetOnData;
    private boolean busy;
    private boolean closed;
    private boolean unavailable;

    FakeConnection(
            int port,
            Owner owner,
            List<FakeExchange> exchanges,
            boolean dead,
            StreamReset.@Nullable Cause resetOnData) {
        this.port = port;
        this.owner = owner;
        this.exchanges = exchanges;
        this.dead = dead;
        this.resetOnData = resetOnData;
    }

    public int port() {
        return port;
    }

    public boolean isClosed() {
        return closed;
    }

    /// The peer closes it while it is idle.
    public void peerCloses() {
        closed = true;
        becomeUnavailable();
    }

    @Override
    public ClientStream open(RequestHead head, ResponseListener listener) {
        FakeExchange exchange = new FakeExchange(this, head, listener, resetOnData);
        if (dead) {
            closed = true;
            becomeUnavailable();
            listener.reset(new StreamReset(StreamReset.Cause.NOT_SENT, "closed"));
            return exchange;
        }
        busy = true;
        exchanges.add(exchange);
        return exchange;
    }

    @Override
    public boolean isAvailable() {
        return !busy && !closed;
    }

    @Override
    public void close() {
        closed = !busy;
        becomeUnavailable();
    }

    void exchangeEnded(boolean reusable) {
        busy = false;
        if (reusable && !unavailable) {
            owner.available(this);
        } else {
            closed = true;
            becomeUnavailable();
        }
    }

    private void becomeUnavailable() {
        if (!unavailable) {
            unavailable = true;
            owner.unavailable(this);
        }
    }
}
