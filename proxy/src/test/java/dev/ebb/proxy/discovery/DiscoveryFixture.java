package dev.ebb.proxy.discovery;

import dev.ebb.proxy.application.MonotonicClock;
import dev.ebb.proxy.departure.ControlAnswer;
import dev.ebb.proxy.departure.ControlAnswer.Deletion;
import dev.ebb.proxy.departure.ControlPlane;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A discovery on a control loop of its own, and what its departure listener hears.
final class DiscoveryFixture implements AutoCloseable {

    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
    private final Discovery discovery;

    DiscoveryFixture(InetSocketAddress controlPlane, Runnable whenSynced) throws Exception {
        this(controlPlane, whenSynced, new ControlAddresses(controlPlane));
    }

    DiscoveryFixture(
            InetSocketAddress controlPlane, Runnable whenSynced, ControlAddresses addresses)
            throws Exception {
        discovery =
                new Discovery(
                        new DiscoveryConfig(
                                controlPlane, "uid-1", "name-1", "test", Optional.empty()),
                        group,
                        NioSocketChannel.class,
                        MonotonicClock.system(),
                        whenSynced,
                        addresses);
        onLoop(() -> {
            discovery.listen(new Ears());
            return true;
        });
    }

    Discovery discovery() {
        return discovery;
    }

    /// Runs on the control loop, where departures talk.
    <T> T onLoop(Callable<T> action) throws Exception {
        return group.next().submit(action).get(10, TimeUnit.SECONDS);
    }

    /// Lets everything that the control loop has been asked to do happen, and what follows from it.
    void settle() throws Exception {
        for (int i = 0; i < 5; i++) {
            onLoop(() -> true);
        }
    }

    ControlAnswer awaitAnswer() throws InterruptedException {
        Object said = heard.poll(10, TimeUnit.SECONDS);
        if (said instanceof ControlAnswer answer) {
            return answer;
        }
        throw new AssertionError("heard: " + said + " (expected: an answer)");
    }

    /// Hears on until the answer is this one.
    ControlAnswer awaitAnswer(ControlAnswer.Verdict verdict) throws InterruptedException {
        while (true) {
            ControlAnswer answer = awaitAnswer();
            if (answer.verdict() == verdict) {
                return answer;
            }
        }
    }

    Deletion awaitDeletion() throws InterruptedException {
        Object said = heard.poll(10, TimeUnit.SECONDS);
        if (said instanceof Deletion deletion) {
            return deletion;
        }
        throw new AssertionError("heard: " + said + " (expected: a deletion)");
    }

    void awaitGone() throws InterruptedException {
        Object said = heard.poll(10, TimeUnit.SECONDS);
        if (!"gone".equals(said)) {
            throw new AssertionError("heard: " + said + " (expected: gone)");
        }
    }

    /// Everything that was heard and not looked at.
    List<Object> rest() {
        List<Object> rest = new ArrayList<>();
        heard.drainTo(rest);
        return rest;
    }

    void awaitUnreachable() throws InterruptedException {
        Object said = heard.poll(10, TimeUnit.SECONDS);
        if (!"unreachable".equals(said)) {
            throw new AssertionError("heard: " + said + " (expected: unreachable)");
        }
    }

    @Override
    public void close() {
        discovery.close();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private final class Ears implements ControlPlane.Listener {
        @Override
        public void answered(ControlAnswer answer) {
            heard.add(answer);
        }

        @Override
        public void deleted(Deletion deletion) {
            heard.add(deletion);
        }

        @Override
        public void unreachable() {
            heard.add("unreachable");
        }

        @Override
        public void applicationGone() {
            heard.add("gone");
        }
    }
}
