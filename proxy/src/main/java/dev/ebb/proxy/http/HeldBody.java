package dev.ebb.proxy.http;

import dev.ebb.proxy.stream.Budget;
import dev.ebb.proxy.stream.StreamWriter;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// What is held of a request's body: all that was not sent yet, and, as long as it is small, what
/// was sent and may have to be sent again.
///
/// What is held counts against a budget of the event loop; beyond it nothing is kept to be sent
/// again, and what cannot be sent is not read. Owns its buffers until [#release]. Belongs to one
/// event loop.
final class HeldBody {

    /// Larger bodies are not kept once they were sent.
    static final int LIMIT = 64 * 1024;

    private final Budget budget;
    private @Nullable Queue<ByteBuf> pieces;
    private @Nullable HttpHeaders trailers;
    private long bytes;
    private long charged;
    private boolean partly;

    HeldBody(Budget budget) {
        this.budget = budget;
    }

    /// Makes sure that a body of this length can be kept until it need not be sent again.
    boolean reserve(long length) {
        return length <= LIMIT && isWhole() && charge(length);
    }

    /// Takes a piece that cannot be sent yet. Takes ownership.
    void add(ByteBuf data) {
        if (pieces == null) {
            pieces = new ArrayDeque<>(2);
        }
        pieces.add(data);
        bytes += data.readableBytes();
        var _ = charge(bytes);
    }

    /// Keeps a piece that is sent now, if it may have to be sent again. Leaves ownership with the
    /// caller.
    void keep(ByteBuf data) {
        if (partly) {
            return;
        }
        long wanted = bytes + data.readableBytes();
        if (wanted > LIMIT || !charge(wanted)) {
            release();
        } else {
            add(data.retainedDuplicate());
        }
    }

    /// The body is complete.
    void end(HttpHeaders trailers) {
        this.trailers = trailers;
    }

    /// Whether no more should be read until what is held was sent.
    boolean isFull() {
        return bytes >= LIMIT || bytes > charged;
    }

    /// Whether everything that has come is still held, so that it can be sent from its beginning.
    boolean isWhole() {
        return !partly;
    }

    /// Sends all that is held; afterwards it is kept if it is small. Stops if sending makes the
    /// body be let go.
    void sendTo(StreamWriter upstream) {
        if (pieces != null && bytes > Math.min(LIMIT, charged)) {
            sendAway(pieces, upstream);
        } else if (pieces != null) {
            for (ByteBuf piece : pieces) {
                if (partly) {
                    return;
                }
                upstream.data(piece.retainedDuplicate());
            }
        }
        if (trailers != null) {
            upstream.end(trailers);
        }
    }

    private void sendAway(Queue<ByteBuf> all, StreamWriter upstream) {
        pieces = null;
        partly = true;
        charged = budget.change(charged, 0);
        all.forEach(upstream::data);
    }

    /// Lets go of everything; it cannot be sent again.
    void release() {
        partly = true;
        charged = budget.change(charged, 0);
        if (pieces != null) {
            pieces.forEach(ByteBuf::release);
            pieces = null;
        }
    }

    private boolean charge(long wanted) {
        if (wanted > charged) {
            charged = budget.change(charged, wanted);
        }
        return charged >= wanted;
    }
}
