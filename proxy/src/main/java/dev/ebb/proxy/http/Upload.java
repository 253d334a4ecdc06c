package dev.ebb.proxy.http;

import dev.ebb.proxy.stream.Budget;
import dev.ebb.proxy.stream.ClientStream;
import dev.ebb.proxy.stream.ServerStream;
import dev.ebb.proxy.stream.StreamReset;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/// The upward half of one exchange: what comes from downstream goes to the upstream leg, waits
/// within bounds as long as there is none, and can be sent again while all of it is still held.
///
/// Belongs to one event loop. Writing to a leg may end it at once, and so call back into this.
public final class Upload {

    /// The least that is held on an event loop, whatever else there is.
    private static final long LEAST_HELD = 1 << 20;

    private final ServerStream downstream;
    private final HeldBody body;
    private @Nullable ClientStream upstream;
    private boolean ended;

    /// @param held what the uploads of the event loop may hold together
    public Upload(ServerStream downstream, Budget held) {
        this.downstream = downstream;
        body = new HeldBody(held);
    }

    /// What the uploads of each event loop may hold in one direction, in bytes: all together a
    /// quarter of what buffers get if nothing is set, which is the size of the heap.
    public static long held(int loops) {
        return Math.max(LEAST_HELD, Runtime.getRuntime().maxMemory() / 4 / loops);
    }

    /// Makes sure that a body of this length can be held until it need not be sent again.
    ///
    /// @return whether it can; larger ones, and those that there is no room for, are not held once
    ///   they were sent
    public boolean reserve(long length) {
        return body.reserve(length);
    }

    /// A piece has come. Takes ownership.
    public void data(ByteBuf data) {
        ClientStream to = upstream;
        if (to == null) {
            body.add(data);
            if (body.isFull()) {
                downstream.pauseReading();
            }
            return;
        }
        body.keep(data);
        to.data(data);
        // Unless that has ended the leg: the next one has its own opinion.
        if (to.equals(upstream) && !to.isWritable()) {
            downstream.pauseReading();
        }
    }

    /// All has come.
    public void end(HttpHeaders trailers) {
        ended = true;
        body.end(trailers);
        if (upstream != null) {
            upstream.end(trailers);
        }
    }

    /// Whether all has come.
    public boolean isEnded() {
        return ended;
    }

    /// There is a leg: sends what is held, and from now on what comes.
    public void startTo(ClientStream leg) {
        upstream = leg;
        body.sendTo(leg);
        downstream.resumeReading();
    }

    /// The leg is no more.
    public void stop() {
        upstream = null;
    }

    /// The peer has answered without waiting for all, and needs no more of it.
    public void abandon() {
        if (!ended && upstream != null) {
            String detail = "answered before the request's end";
            upstream.reset(new StreamReset(StreamReset.Cause.CANCELLED, detail));
        }
    }

    /// Both directions are raw bytes from here on, which come to an end anew.
    public void switchToRaw() {
        ended = false;
    }

    /// Whether everything that has come is still held, so that it can be sent from its beginning.
    public boolean isWhole() {
        return body.isWhole();
    }

    /// Lets go of what is held: it will not be sent again.
    public void release() {
        body.release();
    }

    /// Stops holding downstream back, whoever reads what comes.
    public void finish() {
        upstream = null;
        body.release();
        downstream.resumeReading();
    }
}
