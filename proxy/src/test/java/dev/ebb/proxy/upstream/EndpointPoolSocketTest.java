package dev.ebb.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ebb.proxy.http1.Http1ClientPipeline;
import dev.ebb.proxy.http1.Http1Limits;
import dev.ebb.proxy.stream.ClientConnection;
import dev.ebb.proxy.stream.LoopTick;
import dev.ebb.proxy.stream.RequestHead;
import dev.ebb.proxy.stream.ResponseHead;
import dev.ebb.proxy.stream.ResponseListener;
import dev.ebb.proxy.stream.StreamReset;
import dev.ebb.proxy.transport.OwnListeners;
import dev.ebb.proxy.transport.Transport;
import dev.ebb.proxy.transport.TransportKind;
import dev.ebb.proxy.upstream.AcquireFailure.Reason;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The pool with real sockets and real HTTP/1 (edge cases D 1 and 54).
final class EndpointPoolSocketTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final PoolLimits LIMITS =
            new PoolLimits(8, 8, 8, Duration.ofSeconds(1), Duration.ofSeconds(3));

    private final Transport transport = Transport.open(TransportKind.AUTO, 1);
    private final EventLoop loop = transport.loops().next();
    private final LoopTick tick = new LoopTick(loop, Duration.ofMillis(20));
    private final OwnListeners own;
    private final LoopbackOrigin origin;

    EndpointPoolSocketTest() throws IOException {
        own = OwnListeners.ofThisMachine();
        origin = new LoopbackOrigin();
    }

    @AfterEach
    void close() throws IOException {
        origin.close();
        transport.close(LIMIT).awaitUninterruptibly();
    }

    @Test
    void requestsInARowShareAConnection() throws Exception {
        EndpointPool pool = pool(origin.address());

        String first = get(pool);
        String second = get(pool);

        assertThat(first).isEqualTo("204");
        assertThat(second).isEqualTo("204");
        assertThat(origin.accepted).hasValue(1);
    }

    @Test
    void idleConnectionIsClosedFromThisSideFirst() throws Exception {
        get(pool(origin.address()));

        await().atMost(LIMIT).until(() -> origin.closedByClient.get() == 1);
    }

    @Test
    void vacatedPoolHasClosedItsIdleConnectionWhenVacateReturns() throws Exception {
        EndpointPool pool = pool(origin.address());
        get(pool);

        onLoop(pool::vacate).get(10, TimeUnit.SECONDS);

        await().atMost(Duration.ofMillis(500)).until(() -> origin.closedByClient.get() == 1);
    }

    @Test
    void connectionThatThePeerClosedIsReplaced() throws Exception {
        EndpointPool pool = pool(origin.address());
        get(pool);
        origin.closeConnections();

        // Behind the end of the connection, which the loop reads before anything that comes later.
        await().atMost(LIMIT).until(() -> get(pool).equals("204") && origin.accepted.get() == 2);
    }

    @Test
    void refusedPortFails() throws Exception {
        InetSocketAddress free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = new InetSocketAddress(socket.getInetAddress(), socket.getLocalPort());
        }

        assertThat(get(pool(free))).isEqualTo("CONNECT_FAILED");
    }

    @Test
    void peerThatDoesNotAnswerFailsAfterTheTimeout() throws Exception {
        try (FullListener full = new FullListener()) {
            assertThat(get(pool(full.address()))).isEqualTo("CONNECT_TIMEOUT");
        }
    }

    @Test
    void ownListenerIsNeverConnectedTo() throws Exception {
        own.add(origin.address());

        String answer = get(pool(origin.address()));

        assertThat(answer).isEqualTo(Reason.OWN_LISTENER.name());
        assertThat(origin.accepted).hasValue(0);
    }

    private EndpointPool pool(InetSocketAddress address) {
        Http1ClientPipeline http1 = new Http1ClientPipeline(Http1Limits.DEFAULTS);
        return new EndpointPool(
                address,
                new SocketDialer(transport, loop, tick, Duration.ofMillis(500), own),
                (channel, owner) -> http1.addTo(channel.pipeline(), owner),
                tick,
                LIMITS);
    }

    /// The status, or the reason why there is none.
    private String get(EndpointPool pool) throws Exception {
        CompletableFuture<String> answer = new CompletableFuture<>();
        onLoop(() -> pool.acquire(new Get(answer))).get(10, TimeUnit.SECONDS);
        return answer.get(10, TimeUnit.SECONDS);
    }

    private Future<?> onLoop(Runnable action) {
        return loop.submit(action);
    }

    private record Get(CompletableFuture<String> answer)
            implements EndpointPool.Waiter, ResponseListener {

        @Override
        public void connected(ClientConnection connection) {
            connection
                    .open(
                            new RequestHead(
                                    HttpMethod.GET,
                                    "/",
                                    "origin",
                                    new DefaultHttpHeaders().set("host", "origin"),
                                    0),
                            this)
                    .end(EmptyHttpHeaders.INSTANCE);
        }

        @Override
        public void failed(AcquireFailure failure) {
            answer.complete(failure.reason().name());
        }

        @Override
        public void informational(ResponseHead head) {}

        @Override
        public void head(ResponseHead head) {
            answer.complete(Integer.toString(head.status().code()));
        }

        @Override
        public void data(ByteBuf data) {
            data.release();
        }

        @Override
        public void end(HttpHeaders trailers) {}

        @Override
        public void reset(StreamReset reset) {
            answer.complete(reset.cause().name());
        }

        @Override
        public void writable() {}
    }
}
