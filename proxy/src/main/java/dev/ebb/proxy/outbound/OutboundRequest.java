package dev.ebb.proxy.outbound;

import dev.ebb.proxy.balance.Member;
import dev.ebb.proxy.http.ErrorResponses;
import dev.ebb.proxy.http.HeldBody;
import dev.ebb.proxy.http.PrivateHeaders;
import dev.ebb.proxy.http.ProxyError;
import dev.ebb.proxy.http.RequestRecord;
import dev.ebb.proxy.http.Termination;
import dev.ebb.proxy.metrics.Direction;
import dev.ebb.proxy.stream.ClientConnection;
import dev.ebb.proxy.stream.ClientStream;
import dev.ebb.proxy.stream.LoopTick;
import dev.ebb.proxy.stream.RequestHead;
import dev.ebb.proxy.stream.ResponseHead;
import dev.ebb.proxy.stream.ResponseListener;
import dev.ebb.proxy.stream.ServerStream;
import dev.ebb.proxy.stream.StreamListener;
import dev.ebb.proxy.stream.StreamReset;
import dev.ebb.proxy.upstream.AcquireFailure;
import dev.ebb.proxy.upstream.EndpointPool;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/// The way of one request from the local application to the mesh, top-down: note it, clean it, find
/// its destination, pick an endpoint, send it, pass the response back; and send it again where that
/// is proved to be safe.
///
/// It hears the downstream leg itself; each [Attempt] hears one upstream leg. All of it runs on the
/// event loop of the downstream connection.
final class OutboundRequest implements StreamListener, Destination.Waiter {

    private final OutboundLoop loop;
    private final RequestHead head;
    private final ServerStream downstream;
    private final RequestRecord record;
    private final HeldBody body = new HeldBody();
    private final Resending resending;

    private @Nullable Destination destination;
    private @Nullable Attempt attempt;
    private boolean requestEnded;
    private boolean responding;

    OutboundRequest(
            OutboundLoop loop, RequestHead head, ServerStream downstream, RequestRecord record) {
        this.loop = loop;
        this.head = head;
        this.downstream = downstream;
        this.record = record;
        resending = new Resending(loop.settings().resend(), body);
    }

    // ---- 1. What is asked for? ----

    void start(Asked asked) {
        PrivateHeaders.strip(head.headers());
        resending.mark(head);
        switch (asked) {
            case Asked.Nothing(String text) -> fail(new ProxyError.NoAuthority(text));
            case Asked.OwnListener(DestinationName name) ->
                    fail(new ProxyError.Loop(name + " is this proxy itself"));
            case Asked.Named(DestinationName name) -> {
                Destination entered = loop.destinations().enter(name);
                if (entered == null) {
                    fail(new ProxyError.Overloaded(name + ": too many destinations"));
                } else {
                    destination = entered;
                    record.countedBy(entered.metrics());
                    route(entered);
                }
            }
        }
    }

    // ---- 2. Which endpoint? ----

    private void route(Destination to) {
        switch (to.outlook()) {
            case UNKNOWN -> fail(new ProxyError.UnknownDestination(to.name().toString()));
            case MAY_COME -> {
                if (!to.await(this)) {
                    fail(new ProxyError.Overloaded(to.name() + ": too many requests wait"));
                }
            }
            case READY -> {
                Member<EndpointPool> member = to.pick(resending.tried());
                if (member != null) {
                    attempt = new Attempt(to, member);
                    attempt.start();
                }
            }
        }
    }

    @Override
    public void look() {
        if (destination != null) {
            route(destination);
        }
    }

    @Override
    public void gaveUp() {
        if (destination != null) {
            fail(destination.whyNothing());
        }
    }

    // ---- 3. One attempt: connect, send, hear the response ----

    /// The request at one endpoint. An attempt that is over is not the request's [#attempt] any
    /// more, and whatever it still hears is dropped.
    private final class Attempt implements EndpointPool.Waiter, ResponseListener {

        private final Destination to;
        private final Member<EndpointPool> member;
        private @Nullable ClientStream upstream;
        private LoopTick.@Nullable Timeout timeout;
        private long sentAt;
        private boolean switched;
        private boolean responseEnded;

        Attempt(Destination to, Member<EndpointPool> member) {
            this.to = to;
            this.member = member;
        }

        void start() {
            record.attempt(member.endpoint().address());
            member.load().started();
            member.pool().acquire(this);
        }

        @Override
        public void connected(ClientConnection connection) {
            sentAt = loop.tick().now();
            ClientStream stream = connection.open(head, this);
            if (isOver()) {
                return;
            }
            upstream = stream;
            body.sendTo(stream);
            downstream.resumeReading();
            if (requestEnded) {
                awaitResponse();
            }
        }

        @Override
        public void failed(AcquireFailure failure) {
            switch (failure.reason()) {
                case VACATED -> {
                    // It was about to be bound to an endpoint that leaves: no failure, no attempt.
                    over();
                    route(to);
                }
                case CONNECT_FAILED, CONNECT_TIMEOUT -> {
                    member.load().failed(loop.tick().now());
                    resendOr("connect_failed", error(failure));
                }
                case OWN_LISTENER, QUEUE_FULL, QUEUE_TIMEOUT -> giveUp(error(failure));
            }
        }

        @Override
        public void informational(ResponseHead interim) {
            if (!isOver()) {
                PrivateHeaders.strip(interim.headers());
                downstream.informational(interim);
            }
        }

        @Override
        public void head(ResponseHead response) {
            if (isOver()) {
                return;
            }
            disarm();
            long now = loop.tick().now();
            if (member.endpoint().meshed()) {
                believe(response.headers());
                if (PrivateHeaders.isNotDelivered(response) && resending.isAllowed()) {
                    // What is left of the refusal is dropped with the attempt.
                    member.load().failed(now);
                    abandonUpload();
                    resend("not_delivered");
                    return;
                }
                PrivateHeaders.stripAllButProxyError(response.headers());
            } else {
                PrivateHeaders.strip(response.headers());
            }
            member.load().responded(now - sentAt, now);
            body.release();
            responding = true;
            record.status(response.status().code());
            switched = response.switchesProtocol(head.method());
            if (switched) {
                requestEnded = false;
            }
            downstream.head(response);
        }

        /// An instance that says that it leaves is avoided from now on: this path needs no control
        /// plane.
        private void believe(HttpHeaders headers) {
            if (resending.isEnabled() && headers.contains(PrivateHeaders.LEAVING)) {
                to.markLeaving(member);
            }
        }

        @Override
        public void data(ByteBuf data) {
            if (isOver() || upstream == null) {
                data.release();
                return;
            }
            record.responseBytes(data.readableBytes());
            downstream.data(data);
            if (!downstream.isWritable()) {
                upstream.pauseReading();
            }
        }

        @Override
        public void end(HttpHeaders trailers) {
            if (isOver()) {
                return;
            }
            responseEnded = true;
            downstream.end(trailers);
            if (!switched) {
                abandonUpload();
                complete();
            } else if (requestEnded) {
                complete();
            }
        }

        @Override
        public void reset(StreamReset reset) {
            if (isOver()) {
                return;
            }
            if (responding) {
                over();
                finish(Termination.ofUpstream(reset));
                downstream.reset(reset);
                return;
            }
            ProxyError error = ProxyError.ofUpstream(reset);
            if (reset.cause() == StreamReset.Cause.NOT_SENT) {
                resendOr("not_sent", error);
            } else {
                member.load().failed(loop.tick().now());
                giveUp(error);
            }
        }

        @Override
        public void writable() {
            if (!isOver()) {
                downstream.resumeReading();
            }
        }

        /// The way is over, with a whole response.
        private void complete() {
            over();
            finish(Termination.COMPLETE);
        }

        private void awaitResponse() {
            if (loop.settings().responseTimeout().isPositive() && !responding && !isOver()) {
                timeout = loop.tick().after(loop.settings().responseTimeout(), this::timedOut);
            }
        }

        private void timedOut() {
            String detail = member.endpoint().address() + ": no response in time";
            member.load().failed(loop.tick().now());
            cancel(new StreamReset(StreamReset.Cause.TIMEOUT, detail));
            fail(new ProxyError.UpstreamTimeout(detail));
        }

        private void resendOr(String proof, ProxyError error) {
            if (resending.isAllowed()) {
                resend(proof);
            } else {
                giveUp(error);
            }
        }

        private void resend(String proof) {
            loop.metrics().resent(proof);
            over();
            resending.failedAt(member);
            route(to);
        }

        private void giveUp(ProxyError error) {
            over();
            fail(error);
        }

        /// The peer has answered without waiting for the whole request, and needs no more of it.
        private void abandonUpload() {
            if (!requestEnded && upstream != null) {
                String detail = "answered before the request's end";
                upstream.reset(new StreamReset(StreamReset.Cause.CANCELLED, detail));
            }
        }

        /// Nobody waits for the response any more.
        void cancel(StreamReset reset) {
            over();
            if (upstream == null) {
                member.pool().forget(this);
            } else {
                upstream.reset(reset);
            }
        }

        private boolean isOver() {
            return attempt != this;
        }

        private void over() {
            attempt = null;
            disarm();
            member.load().ended();
        }

        private void disarm() {
            if (timeout != null) {
                timeout.cancel();
                timeout = null;
            }
        }
    }

    // ---- 4. The rest of the request, from downstream ----

    @Override
    public void data(ByteBuf data) {
        if (record.isEnded()) {
            data.release();
            return;
        }
        record.requestBytes(data.readableBytes());
        Attempt current = attempt;
        if (current == null || current.upstream == null) {
            body.add(data);
            if (body.isFull()) {
                downstream.pauseReading();
            }
            return;
        }
        body.keep(data);
        current.upstream.data(data);
        // Unless that has ended the attempt: the next one has its own opinion.
        if (!current.isOver() && !current.upstream.isWritable()) {
            downstream.pauseReading();
        }
    }

    @Override
    public void end(HttpHeaders trailers) {
        if (record.isEnded()) {
            return;
        }
        requestEnded = true;
        body.end(trailers);
        Attempt current = attempt;
        if (current != null && current.upstream != null) {
            current.upstream.end(trailers);
            if (current.responseEnded) {
                current.complete();
            } else {
                current.awaitResponse();
            }
        }
    }

    @Override
    public void reset(StreamReset reset) {
        if (record.isEnded()) {
            return;
        }
        if (attempt != null) {
            attempt.cancel(new StreamReset(StreamReset.Cause.CANCELLED, reset.detail()));
        } else if (destination != null) {
            destination.forget(this);
        }
        finish(Termination.ofDownstream(reset));
    }

    @Override
    public void writable() {
        if (attempt != null && attempt.upstream != null) {
            attempt.upstream.resumeReading();
        }
    }

    // ---- 5. The end ----

    private void fail(ProxyError error) {
        ErrorResponses.Answer answer = ErrorResponses.of(error);
        loop.metrics().error(Direction.OUTBOUND, answer.reason());
        loop.logError(error);
        ResponseHead response = ErrorResponses.head(error, head.method());
        record.status(response.status().code());
        finish(answer.termination());
        downstream.head(response);
        ErrorResponses.sendBody(error, response, downstream);
    }

    private void finish(Termination termination) {
        if (record.end(termination, loop.tick().now())) {
            body.release();
            downstream.resumeReading();
            if (destination != null) {
                destination.leave();
            }
        }
    }

    static ProxyError error(AcquireFailure failure) {
        return switch (failure.reason()) {
            case OWN_LISTENER -> new ProxyError.Loop(failure.detail());
            case CONNECT_FAILED -> new ProxyError.ConnectFailed(failure.detail());
            case CONNECT_TIMEOUT -> new ProxyError.ConnectTimeout(failure.detail());
            case VACATED, QUEUE_FULL, QUEUE_TIMEOUT -> new ProxyError.Overloaded(failure.detail());
        };
    }
}
