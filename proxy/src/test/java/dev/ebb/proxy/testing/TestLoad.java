package dev.ebb.proxy.testing;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A steady load of GETs and POSTs through one outbound listener, from clients that never send
/// anything twice. Every request has an id of its own; one without a whole 200 is lost.
public final class TestLoad implements AutoCloseable {

    private static final Duration PAUSE = Duration.ofMillis(2);

    private final Supplier<InetSocketAddress> next;
    private final String authority;
    private final String prefix;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger nextId = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();
    private final Collection<String> lost = new ConcurrentLinkedQueue<>();
    private volatile boolean stopping;

    private TestLoad(Supplier<InetSocketAddress> next, String authority, String prefix) {
        this.next = next;
        this.authority = authority;
        this.prefix = prefix;
    }

    /// Starts to send.
    ///
    /// @param prefix of all request ids
    public static TestLoad start(
            InetSocketAddress proxy, String authority, String prefix, int clients) {
        return start(() -> proxy, authority, prefix, clients);
    }

    /// Starts to send, over connections that lead to where a load balancer wants new ones to go.
    ///
    /// @param next asked for each connection
    public static TestLoad start(
            Supplier<InetSocketAddress> next, String authority, String prefix, int clients) {
        TestLoad load = new TestLoad(next, authority, prefix);
        for (int i = 0; i < clients; i++) {
            load.threads.add(Thread.ofVirtual().name(prefix + i).start(load::send));
        }
        return load;
    }

    /// Blocks until this many more requests have been answered.
    public void awaitAnswered(int more) {
        int target = answered.get() + more;
        Until.holds(() -> prefix + ": " + more + " more answers", () -> answered.get() >= target);
    }

    /// Blocks until something was lost.
    public void awaitLost() {
        Until.holds(() -> prefix + ": a lost request", () -> !lost.isEmpty());
    }

    /// Ids of the requests without a whole 200, with what came instead.
    public List<String> lost() {
        return List.copyOf(lost);
    }

    public int answered() {
        return answered.get();
    }

    /// Stops and waits for what is under way.
    @Override
    public void close() {
        stopping = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void send() {
        @Nullable TestClient client = null;
        while (!stopping) {
            int id = nextId.incrementAndGet();
            String target = "/" + prefix + "-" + id;
            try {
                if (client == null) {
                    client = TestClient.connect(next.get());
                }
                TestClient.Response response =
                        id % 3 == 0
                                ? client.post(authority, target, "body of " + id)
                                : client.get(authority, target);
                note(target, response);
                if (response.fields().contains("connection: close")) {
                    client.close();
                    client = null;
                }
            } catch (IOException e) {
                lost.add(target + ": " + e);
                client = null;
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private void note(String target, TestClient.Response response) {
        if (response.status() == 200) {
            answered.incrementAndGet();
        } else {
            lost.add(target + ": " + response);
        }
    }
}
