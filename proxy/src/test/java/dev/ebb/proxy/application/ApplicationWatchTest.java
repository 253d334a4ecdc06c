package dev.ebb.proxy.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.proxy.application.PortProbe.Result;
import dev.ebb.proxy.testing.FakeLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What is learnt of the local application, on a clock that the test moves.
class ApplicationWatchTest {

    private static final InetSocketAddress PORT =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 8080);
    private static final InetSocketAddress OTHER =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 9090);

    private final FakeLoop loop = new FakeLoop();
    private final List<InetSocketAddress> tried = new ArrayList<>();
    private Result answer = Result.ACCEPTS;
    private Duration now = Duration.ZERO;
    private int opened;
    private ApplicationWatch watch = watching(Optional.empty());

    @AfterEach
    void close() {
        watch.close();
    }

    @Test
    void withoutAPortTheApplicationCountsAsOpen() {
        watch.start();

        assertThat(opened).isEqualTo(1);
        assertThat(tried).isEmpty();
    }

    @Test
    void portThatAClientWantedIsTriedAtOnce() {
        watch.start();

        watch.learn(PORT);
        pass(Duration.ofMillis(10));

        assertThat(tried).containsExactly(PORT);
        assertThat(opened).as("told once").isEqualTo(1);
    }

    @Test
    void onlyTheFirstPortCounts() {
        watch.start();
        watch.learn(PORT);

        watch.learn(OTHER);
        pass(Duration.ofMillis(10));

        assertThat(tried).containsOnly(PORT);
    }

    @Test
    void configuredPortIsNotReplaced() {
        watch = watching(Optional.of(PORT));
        watch.start();

        watch.learn(OTHER);
        pass(Duration.ofMillis(10));

        assertThat(tried).containsOnly(PORT);
    }

    @Test
    void learntPortThatRefusesLaterMeansGoneAfterFiveSilentSeconds() {
        watch.start();
        watch.learn(PORT);
        pass(Duration.ofMillis(10));

        watch.suspectGone();
        answer = Result.REFUSES;
        pass(Duration.ofSeconds(4));
        assertThat(watch.looksGone()).isFalse();
        pass(Duration.ofSeconds(2));

        assertThat(watch.looksGone()).isTrue();
    }

    @Test
    void learntPortThatStillAcceptsMeansAlive() {
        watch.start();
        watch.learn(PORT);
        pass(Duration.ofMillis(10));

        watch.suspectGone();
        pass(Duration.ofSeconds(60));

        assertThat(watch.looksGone()).isFalse();
    }

    /// Without learning it the traffic alone would decide, five seconds after the last of it.
    @Test
    void portThatWasNeverTriedIsNoEvidenceThatTheApplicationHasGone() {
        answer = Result.UNCLEAR;
        watch.start();
        watch.learn(PORT);

        pass(Duration.ofSeconds(60));

        assertThat(watch.looksGone()).isFalse();
    }

    @Test
    void nothingIsLearntAfterTheEnd() {
        watch.start();
        watch.close();

        watch.learn(PORT);
        pass(Duration.ofSeconds(1));

        assertThat(tried).isEmpty();
    }

    private void pass(Duration time) {
        Duration step = Duration.ofMillis(500);
        for (Duration left = time; left.isPositive(); left = left.minus(step)) {
            now = now.plus(left.compareTo(step) < 0 ? left : step);
            loop.pass(left.compareTo(step) < 0 ? left : step);
        }
    }

    private ApplicationWatch watching(Optional<InetSocketAddress> address) {
        ApplicationActivity quiet =
                new ApplicationActivity() {
                    @Override
                    public int connections() {
                        return 0;
                    }

                    @Override
                    public long outboundConnectionsEver() {
                        return 0;
                    }
                };
        return new ApplicationWatch(
                address,
                quiet,
                () -> now,
                loop.loop(),
                port -> {
                    tried.add(port);
                    return CompletableFuture.completedFuture(answer);
                },
                () -> opened++);
    }
}
