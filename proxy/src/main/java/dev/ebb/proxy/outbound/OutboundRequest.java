package dev.ebb.proxy.outbound;

import dev.ebb.proxy.balance.Member;
import dev.ebb.proxy.http.ErrorResponses;
import dev.ebb.proxy.http.PrivateHeaders;
import dev.ebb.proxy.http.ProxyError;
import dev.ebb.proxy.http.RequestRecord;
import dev.ebb.proxy.http.Termination;
import dev.ebb.proxy.http.Upload;
import dev.ebb.proxy.metrics.Direction;
import dev.ebb.proxy.outbound.Resending.Proof;
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

/// The way of one request from the local application to the mesh, top-down: clean it, find its
/// destination, pick an endpoint, send it, pass the response back; and send it again where that is
/// proved to be safe.
///
/// It hears the downstream leg itself; each [Attempt] hears one upstream leg. All of it runs on the
/// event loop of the downstream connection.
final class OutboundRequest implements StreamListener, Route.Traveller {

    private final OutboundLoop loop;
    private final RequestHead head;
    private final ServerStream downstream;
    private final RequestRecord record;
    private final Upload upload;
    private final Resending resending;
    private final Route route;

    private @Nullable Attempt attempt;
    private boolean responding;

    OutboundRequest(
            OutboundLoop loop, RequestHead head, ServerStream downstream, RequestRecord record) {
        this.loop = loop;
        this.head = head;
        this.downstream = downstream;
        this.record = record;
        upload = new Upload(downstream, loop.held());
        resending = new Resending(loop.settings().resend());
        route = new Route(loop, resending, this);
    }

    // ---- 1. What is asked for? ----

    void start(Asked asked) {
        PrivateHeaders.strip(head.headers());
        switch (asked) {
            case Asked.Nothing(String text) -> fail(new ProxyError.NoAuthority(text));
            case Asked.OwnListener(String name) ->
                    fail(new ProxyError.Loop(name + " is this proxy itself"));
            case Asked.Wanted(Target target) -> route.begin(target);
        }
    }

    // ---- 2. Which endpoint? [Route] finds it ----

    @Override
    public void tryAt(Destination to, Member<EndpointPool> member) {
        attempt = new Attempt(to, member);
        attempt.start();
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
            record.countedBy(to.metrics());
            record.attempt(member.endpoint().address());
            member.load().started();
            member.pool().acquire(this);
        }

        @Override
        public void connected(ClientConnection connection) {
            sentAt = loop.tick().now();
            resending.mark(head, member.endpoint(), upload);
            ClientStream stream = connection.open(head, this);
            if (!isOver()) {
                upstream = stream;
                upload.startTo(stream);
                awaitResponse();
            }
        }

        @Override
        public void failed(AcquireFailure failure) {
            switch (failure.reason()) {
                case VACATED -> {
                    // It was about to be bound to an endpoint that leaves: no failure, no attempt.
                    over();
                    route.next();
                }
                case CONNECT_FAILED, CONNECT_TIMEOUT -> {
                    member.load().failed(loop.tick().now());
                    resendOr(Proof.CONNECT_FAILED, AcquireErrors.of(failure));
                }
                case OWN_LISTENER, QUEUE_FULL, QUEUE_TIMEOUT -> giveUp(AcquireErrors.of(failure));
            }
        }

        @Override
        public void informational(ResponseHead interim) {
            if (!isOver()) {
                PrivateHeaders.strip(interim.headers());
                downstream.informational(interim);
                if (!downstream.isWritable() && upstream != null) {
                    upstream.pauseReading();
                }
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
                if (resending.isEnabled() && response.headers().contains(PrivateHeaders.LEAVING)) {
                    // It is avoided from now on; this path needs no control plane.
                    to.markLeaving(member);
                }
                if (PrivateHeaders.isNotDelivered(response) && mayResend()) {
                    // What is left of the refusal is dropped with the attempt.
                    member.load().failed(now);
                    upload.abandon();
                    resend(Proof.NOT_DELIVERED);
                    return;
                }
                PrivateHeaders.stripAllButProxyError(response.headers());
            } else {
                PrivateHeaders.strip(response.headers());
            }
            member.load().responded(now - sentAt, now);
            upload.release();
            responding = true;
            record.status(response.status().code());
            switched = response.switchesProtocol(head.method());
            if (switched) {
                upload.switchToRaw();
            }
            downstream.head(response);
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
            PrivateHeaders.strip(trailers);
            downstream.end(trailers);
            if (!switched) {
                upload.abandon();
            }
            completeIfEnded();
        }

        /// Raw bytes end in each direction by themselves.
        void completeIfEnded() {
            if (responseEnded && (!switched || upload.isEnded())) {
                over();
                finish(Termination.COMPLETE);
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
            } else if (reset.cause() == StreamReset.Cause.NOT_SENT) {
                resendOr(Proof.NOT_SENT, ProxyError.ofUpstream(reset));
            } else {
                member.load().failed(loop.tick().now());
                giveUp(ProxyError.ofUpstream(reset));
            }
        }

        @Override
        public void writable() {
            if (!isOver()) {
                downstream.resumeReading();
            }
        }

        void awaitResponse() {
            boolean asked = upload.isEnded() && !responding && !isOver();
            if (asked && loop.settings().responseTimeout().isPositive()) {
                timeout = loop.tick().after(loop.settings().responseTimeout(), this::timedOut);
            }
        }

        private void timedOut() {
            String detail = member.endpoint().address() + ": no response in time";
            member.load().failed(loop.tick().now());
            cancel(new StreamReset(StreamReset.Cause.TIMEOUT, detail));
            fail(new ProxyError.UpstreamTimeout(detail));
        }

        private boolean mayResend() {
            return resending.isAllowed() && upload.isWhole();
        }

        private void resendOr(Proof proof, ProxyError error) {
            if (mayResend() && resending.isWorthwhile(proof, member, to)) {
                resend(proof);
            } else {
                giveUp(error);
            }
        }

        private void resend(Proof proof) {
            loop.metrics().resent(proof.label());
            over();
            resending.failedAt(member, proof);
            route.next();
        }

        private void giveUp(ProxyError error) {
            over();
            fail(error);
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
            upload.stop();
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
        } else {
            record.requestBytes(data.readableBytes());
            upload.data(data);
        }
    }

    @Override
    public void end(HttpHeaders trailers) {
        if (record.isEnded()) {
            return;
        }
        PrivateHeaders.strip(trailers);
        upload.end(trailers);
        if (attempt != null && attempt.upstream != null) {
            attempt.awaitResponse();
            attempt.completeIfEnded();
        }
    }

    @Override
    public void reset(StreamReset reset) {
        if (record.isEnded()) {
            return;
        }
        if (attempt != null) {
            attempt.cancel(reset.forOtherLeg());
        }
        record.answered(reset);
        finish(Termination.ofDownstream(reset));
    }

    @Override
    public void writable() {
        if (attempt != null && attempt.upstream != null) {
            attempt.upstream.resumeReading();
        }
    }

    // ---- 5. The end ----

    @Override
    public void fail(ProxyError error) {
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
        Destination used = route.end();
        if (used != null) {
            record.countedBy(used.metrics());
        }
        record.end(termination, loop.tick().now());
        upload.finish();
    }
}
