package dev.ebb.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.proxy.stream.ClientConnection;
import dev.ebb.proxy.testing.FakeConnection;
import dev.ebb.proxy.testing.FakeLoop;
import dev.ebb.proxy.testing.FakePeers;
import dev.ebb.proxy.upstream.AcquireFailure.Reason;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The pool's rules, with peers that the test plays; edge case D 54.
final class EndpointPoolTest {

    private static final int PORT = 1;
    private static final PoolLimits LIMITS =
            new PoolLimits(3, 2, 2, Duration.ofSeconds(1), Duration.ofSeconds(3));

    private final FakeLoop loop = new FakeLoop();
    private final FakePeers peers = new FakePeers();
    private final EndpointPool pool =
            new EndpointPool(
                    InetSocketAddress.createUnresolved("peer", PORT),
                    peers,
                    peers,
                    loop.tick(),
                    LIMITS);

    @Test
    void idleConnectionIsUsedAgain() {
        acquire();
        finish(0);

        acquire();

        assertThat(peers.connections()).hasSize(1);
        assertThat(peers.exchanges()).hasSize(2);
    }

    @Test
    void youngestIdleConnectionIsUsedFirst() {
        acquire();
        acquire();
        finish(0);
        finish(1);

        User user = acquire();

        assertThat(user.connection).isSameAs(peers.connections().get(1));
    }

    @Test
    void idleConnectionIsClosedAfterItsTimeAndNeverUsedLater() {
        acquire();
        finish(0);

        loop.pass(Duration.ofMillis(1_100));
        boolean closed = peers.connections().getFirst().isClosed();
        acquire();

        assertThat(closed).isTrue();
        assertThat(peers.connections()).hasSize(2);
    }

    @Test
    void idleConnectionsAreBounded() {
        acquire();
        acquire();
        acquire();

        finish(0);
        finish(1);
        finish(2);

        assertThat(peers.connections())
                .extracting(FakeConnection::isClosed)
                .containsExactly(false, false, true);
    }

    @Test
    void requestBeyondTheLimitWaitsForAFreeConnection() {
        acquire();
        acquire();
        acquire();
        User fourth = acquire();
        boolean waited = fourth.connection == null;

        finish(1);

        assertThat(waited).isTrue();
        assertThat(fourth.connection).isSameAs(peers.connections().get(1));
        assertThat(peers.connections()).hasSize(3);
    }

    @Test
    void closedConnectionMakesRoomForAnother() {
        acquire();
        acquire();
        acquire();
        User fourth = acquire();

        peers.exchanges().getFirst().breakOff(dev.ebb.proxy.stream.StreamReset.Cause.PEER_CLOSED);

        assertThat(fourth.connection).isSameAs(peers.connections().get(3));
    }

    @Test
    void queueIsBoundedInNumber() {
        for (int i = 0; i < 5; i++) {
            acquire();
        }

        User sixth = acquire();

        assertThat(sixth.failure).isEqualTo(Reason.QUEUE_FULL);
    }

    @Test
    void queueIsBoundedInTime() {
        peers.hang(PORT);
        User user = acquire();

        loop.pass(Duration.ofMillis(2_900));
        Reason before = user.failure;
        loop.pass(Duration.ofMillis(200));

        assertThat(before).isNull();
        assertThat(user.failure).isEqualTo(Reason.QUEUE_TIMEOUT);
    }

    @Test
    void failedConnectFailsTheOldestWaiterOnly() {
        peers.hang(PORT);
        User first = acquire();
        User second = acquire();

        peers.hanging().get(1).fail(Reason.CONNECT_FAILED);
        peers.hanging().getFirst().complete();

        assertThat(first.failure).isEqualTo(Reason.CONNECT_FAILED);
        assertThat(second.connection).isNotNull();
    }

    @Test
    void connectionThatBecomesFreeServesAWaiterBeforeItsOwnIsMade() {
        acquire();
        peers.hang(PORT);
        User second = acquire();

        finish(0);
        User third = acquire();
        peers.hanging().getFirst().complete();

        assertThat(second.connection).isSameAs(peers.connections().getFirst());
        assertThat(third.connection).isSameAs(peers.connections().get(1));
    }

    @Test
    void forgottenWaiterIsNotServed() {
        peers.hang(PORT);
        User user = acquire();

        pool.forget(user);
        peers.hanging().getFirst().complete();

        assertThat(user.connection).isNull();
        assertThat(peers.connections().getFirst().isAvailable()).isTrue();
    }

    @Test
    void connectionThatItsPeerClosesIsNotUsedAgain() {
        acquire();
        finish(0);

        peers.connections().getFirst().peerCloses();
        acquire();

        assertThat(peers.connections()).hasSize(2);
    }

    @Test
    void vacateLeavesNothingQueuedConnectingOrIdle() {
        acquire();
        finish(0);
        acquire();
        acquire();
        finish(1);
        peers.hang(PORT);
        acquire();
        User waiting = acquire();
        FakePeers.FakeDial dial = peers.hanging().getFirst();

        pool.vacate();

        assertThat(waiting.failure).isEqualTo(Reason.VACATED);
        assertThat(dial.isCancelled()).isTrue();
        assertThat(peers.connections().stream().filter(FakeConnection::isAvailable)).isEmpty();
    }

    @Test
    void connectionThatWasActiveWhenVacatedIsClosedAfterItsRequest() {
        acquire();
        pool.vacate();

        finish(0);

        assertThat(peers.connections().getFirst().isClosed()).isTrue();
    }

    @Test
    void vacatedPoolCanBeUsedAgain() {
        pool.vacate();

        User user = acquire();

        assertThat(user.connection).isNotNull();
    }

    @Test
    void closedPoolConnectsNoMore() {
        pool.close();

        User user = acquire();

        assertThat(user.failure).isEqualTo(Reason.VACATED);
        assertThat(peers.connections()).isEmpty();
    }

    @Test
    void unpooledDialIsGivenUpByVacate() {
        peers.hang(PORT);
        List<Reason> failures = new ArrayList<>();
        pool.dial(
                new Dialer.Listener() {
                    @Override
                    public void connected(Channel channel) {
                        throw new AssertionError("connected");
                    }

                    @Override
                    public void failed(AcquireFailure failure) {
                        failures.add(failure.reason());
                    }
                });

        pool.vacate();

        assertThat(failures).containsExactly(Reason.VACATED);
        assertThat(peers.hanging()).isEmpty();
    }

    /// Property: whatever happens, each request hears exactly one answer, no connection serves two
    /// at a time, the limits hold, and after a vacate nothing is left to be picked.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void keepsItsPromisesWhateverHappens(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<User> users = new ArrayList<>();
        peers.hang(PORT);
        for (int step = 0; step < 2_000; step++) {
            switch (random.nextInt(8)) {
                case 0, 1 -> users.add(acquire());
                case 2 -> completeOne(random);
                case 3 -> failOne(random);
                case 4, 5 -> finishOne(random);
                case 6 -> loop.pass(Duration.ofMillis(random.nextInt(400)));
                default -> {
                    if (random.nextInt(10) == 0) {
                        pool.vacate();
                        assertThat(peers.hanging()).isEmpty();
                        assertThat(peers.connections().stream().filter(FakeConnection::isAvailable))
                                .isEmpty();
                    }
                }
            }
            long alive = peers.connections().stream().filter(one -> !one.isClosed()).count();
            long idle = peers.connections().stream().filter(FakeConnection::isAvailable).count();
            // An active connection of an earlier epoch is alive beside the pool's own.
            assertThat(idle).isLessThanOrEqualTo(LIMITS.idle());
            assertThat(peers.hanging().size()).isLessThanOrEqualTo(LIMITS.connections());
            assertThat(alive - idle).isLessThanOrEqualTo(peers.exchanges().size());
        }
        loop.pass(Duration.ofSeconds(4));

        assertThat(users).allMatch(user -> user.answers == 1);
    }

    private void completeOne(SplittableRandom random) {
        if (!peers.hanging().isEmpty()) {
            peers.hanging().get(random.nextInt(peers.hanging().size())).complete();
        }
    }

    private void failOne(SplittableRandom random) {
        if (!peers.hanging().isEmpty()) {
            peers.hanging().get(random.nextInt(peers.hanging().size())).fail(Reason.CONNECT_FAILED);
        }
    }

    private void finishOne(SplittableRandom random) {
        if (!peers.exchanges().isEmpty()) {
            int which = random.nextInt(peers.exchanges().size());
            peers.exchanges().remove(which).respond(200, "");
        }
    }

    private User acquire() {
        User user = new User();
        pool.acquire(user);
        return user;
    }

    private void finish(int exchange) {
        peers.exchanges().get(exchange).respond(200, "");
    }

    /// Sends a request as soon as it has a connection.
    private static final class User implements EndpointPool.Waiter {

        @Nullable ClientConnection connection;
        @Nullable Reason failure;
        int answers;

        @Override
        public void connected(ClientConnection connection) {
            assertThat(connection.isAvailable()).isTrue();
            this.connection = connection;
            answers++;
            connection
                    .open(
                            new dev.ebb.proxy.stream.RequestHead(
                                    HttpMethod.GET, "/", "web", new DefaultHttpHeaders(), 0),
                            new Ignoring())
                    .end(io.netty.handler.codec.http.EmptyHttpHeaders.INSTANCE);
        }

        @Override
        public void failed(AcquireFailure failure) {
            this.failure = failure.reason();
            answers++;
        }
    }
}
