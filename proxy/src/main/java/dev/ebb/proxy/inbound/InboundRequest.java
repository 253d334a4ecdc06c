package dev.ebb.proxy.inbound;

import dev.ebb.proxy.http.ErrorResponses;
import dev.ebb.proxy.http.PrivateHeaders;
import dev.ebb.proxy.http.ProxyError;
import dev.ebb.proxy.http.RequestRecord;
import dev.ebb.proxy.http.Termination;
import dev.ebb.proxy.http.Upload;
import dev.ebb.proxy.inbound.InboundLedger.Client;
import dev.ebb.proxy.metrics.Direction;
import dev.ebb.proxy.stream.ClientConnection;
import dev.ebb.proxy.stream.ClientStream;
import dev.ebb.proxy.stream.RequestHead;
import dev.ebb.proxy.stream.ResponseHead;
import dev.ebb.proxy.stream.ResponseListener;
import dev.ebb.proxy.stream.ServerStream;
import dev.ebb.proxy.stream.StreamListener;
import dev.ebb.proxy.stream.StreamReset;
import dev.ebb.proxy.upstream.AcquireFailure;
import dev.ebb.proxy.upstream.EndpointPool;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/// The way of one request from the mesh to the local application, top-down: note who sends it, hand
/// it back if the instance has been released, clean it, send it, pass the response back, and tell
/// the ledger what became of it.
///
/// It hears the downstream leg itself; each [Exchange] hears one upstream leg. All of it runs on
/// the event loop of the downstream connection.
final class InboundRequest implements StreamListener {

    /// How often a connection is tried that turns out to be closed before anything was written.
    private static final int MAX_STALE = 3;

    private final InboundLoop loop;
    private final RequestHead head;
    private final ServerStream downstream;
    private final RequestRecord record;
    private final Upload upload;

    private Client client = Client.OUTSIDE;

    /// A probe is no traffic, and nothing of it is lost.
    private InboundLedger ledger = InboundLedger.NONE;

    private boolean resendable;
    private @Nullable Exchange exchange;
    private boolean responding;

    InboundRequest(
            InboundLoop loop, RequestHead head, ServerStream downstream, RequestRecord record) {
        this.loop = loop;
        this.head = head;
        this.downstream = downstream;
        this.record = record;
        upload = new Upload(downstream, loop.held());
    }

    // ---- 1. Who sends it, and is it still wanted here? ----

    void start(EndpointPool application) {
        CharSequence mark = head.headers().get(PrivateHeaders.CLIENT);
        if (mark != null) {
            client = Client.EBB;
            resendable = PrivateHeaders.RESENDABLE.contentEquals(mark);
            downstream.peerIsMeshed();
        } else if (isProbe(head.headers())) {
            client = Client.PROBE;
        }
        if (client != Client.PROBE) {
            ledger = loop.ledger();
        }
        ledger.accepted(client);
        record.countedBy(loop.requests());
        PrivateHeaders.strip(head.headers());
        if (!(loop.leaving().get() instanceof LeavingState.Released(String uid))) {
            send(application);
        } else if (resendable) {
            fail(new ProxyError.NotDelivered(uid, "released"));
        } else {
            // The application may stop at any moment now. A new connection is refused then, before
            // anything was sent; on an idle one nobody could tell.
            application.closeIdle();
            send(application);
        }
    }

    /// The kubelet says so itself (kubernetes/pkg/probe/http/request.go).
    private static boolean isProbe(HttpHeaders headers) {
        String agent = headers.get(HttpHeaderNames.USER_AGENT);
        return agent != null && agent.startsWith("kube-probe/");
    }

    // ---- 2. To the application ----

    private void send(EndpointPool application) {
        exchange = new Exchange(application);
        record.attempt(application.address());
        application.acquire(exchange);
    }

    /// The request on one connection to the application. One that is over is not the request's
    /// [#exchange] any more, and whatever it still hears is dropped.
    private final class Exchange implements EndpointPool.Waiter, ResponseListener {

        private final EndpointPool application;
        private @Nullable ClientStream upstream;
        private boolean switched;
        private boolean responseEnded;

        Exchange(EndpointPool application) {
            this.application = application;
        }

        @Override
        public void connected(ClientConnection connection) {
            ClientStream stream = connection.open(head, this);
            if (!isOver()) {
                upstream = stream;
                upload.startTo(stream);
            }
        }

        @Override
        public void failed(AcquireFailure failure) {
            over();
            fail(error(failure));
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
            PrivateHeaders.strip(response.headers());
            upload.release();
            switched = response.switchesProtocol(head.method());
            if (switched) {
                upload.switchToRaw();
            }
            respond(response);
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
                ledger.answered();
                finish(Termination.COMPLETE);
            }
        }

        @Override
        public void reset(StreamReset reset) {
            if (isOver()) {
                return;
            }
            over();
            if (responding) {
                ProxyError error = ProxyError.ofUpstream(reset);
                ledger.lost(ErrorResponses.of(error).reason());
                finish(Termination.ofUpstream(reset));
                downstream.reset(reset);
            } else if (reset.cause() == StreamReset.Cause.NOT_SENT
                    && upload.isWhole()
                    && record.attempts() < MAX_STALE) {
                send(application);
            } else {
                fail(ProxyError.ofUpstream(reset));
            }
        }

        @Override
        public void writable() {
            if (!isOver()) {
                downstream.resumeReading();
            }
        }

        /// Nobody waits for the response any more.
        void cancel(StreamReset reset) {
            over();
            if (upstream == null) {
                application.forget(this);
            } else {
                upstream.reset(reset);
            }
        }

        private boolean isOver() {
            return exchange != this;
        }

        private void over() {
            exchange = null;
            upload.stop();
        }
    }

    // ---- 3. The rest of the request, from downstream ----

    @Override
    public void data(ByteBuf data) {
        if (record.isEnded()) {
            data.release();
            return;
        }
        record.requestBytes(data.readableBytes());
        upload.data(data);
    }

    @Override
    public void end(HttpHeaders trailers) {
        if (record.isEnded()) {
            return;
        }
        PrivateHeaders.strip(trailers);
        upload.end(trailers);
        if (exchange != null) {
            exchange.completeIfEnded();
        }
    }

    @Override
    public void reset(StreamReset reset) {
        if (record.isEnded()) {
            return;
        }
        if (exchange != null) {
            exchange.cancel(reset.forOtherLeg());
        }
        if (reset.cause() == StreamReset.Cause.GRACE_EXPIRED) {
            ledger.cut();
        } else {
            ledger.abandoned();
        }
        record.answered(reset);
        finish(Termination.ofDownstream(reset));
    }

    @Override
    public void writable() {
        if (exchange != null && exchange.upstream != null) {
            exchange.upstream.resumeReading();
        }
    }

    // ---- 4. The response, the application's or ours ----

    /// While the instance leaves, every response asks its client to use another connection, and an
    /// Ebb client to use another instance.
    private void respond(ResponseHead response) {
        responding = true;
        record.status(response.status().code());
        switch (loop.leaving().get()) {
            case LeavingState.Serving() -> {}
            case LeavingState.Leaving(String uid) -> sayLeaving(response, uid);
            case LeavingState.Released(String uid) -> sayLeaving(response, uid);
        }
        downstream.head(response);
    }

    private void sayLeaving(ResponseHead response, String uid) {
        downstream.retireConnection();
        if (client == Client.EBB) {
            response.headers().set(PrivateHeaders.LEAVING, uid);
        }
    }

    private void fail(ProxyError error) {
        ErrorResponses.Answer answer = ErrorResponses.of(error);
        loop.metrics().error(Direction.INBOUND, answer.reason());
        loop.logError(error);
        if (error instanceof ProxyError.NotDelivered && resendable) {
            loop.metrics().notDelivered();
            ledger.handedBack();
        } else {
            ledger.lost(answer.reason());
        }
        ResponseHead response = ErrorResponses.head(error, head.method());
        respond(response);
        finish(answer.termination());
        ErrorResponses.sendBody(error, response, downstream);
    }

    /// Without a connection nothing has reached the application. An Ebb client is told so, and
    /// sends the request elsewhere; another one gets to know what is wrong.
    private ProxyError error(AcquireFailure failure) {
        return switch (failure.reason()) {
            case OWN_LISTENER -> new ProxyError.Loop(failure.detail());
            case QUEUE_FULL, QUEUE_TIMEOUT -> new ProxyError.Overloaded(failure.detail());
            case VACATED, CONNECT_FAILED, CONNECT_TIMEOUT -> {
                if (client == Client.EBB) {
                    yield new ProxyError.NotDelivered(loop.uid(), failure.detail());
                }
                if (loop.leaving().get() instanceof LeavingState.Released) {
                    yield new ProxyError.Leaving(failure.detail());
                }
                yield failure.reason() == AcquireFailure.Reason.CONNECT_TIMEOUT
                        ? new ProxyError.ConnectTimeout(failure.detail())
                        : new ProxyError.ConnectFailed(failure.detail());
            }
        };
    }

    private void finish(Termination termination) {
        record.end(termination, loop.tick().now());
        upload.finish();
    }
}
