package dev.ebb.proxy;

import dev.ebb.env.Env;
import dev.ebb.lifecycle.Lifecycle;
import dev.ebb.proxy.EndOfProcess.Reason;
import dev.ebb.proxy.config.ProxyConfig;
import dev.ebb.proxy.config.ProxyEnv;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A whole proxy in this process, configured as a user would, on free ports of loopback.
final class TestProxy implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(40);

    private final Proxy proxy;
    private final EndOfProcess end;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    private TestProxy(ProxyConfig config, EndOfProcess end) throws StartException {
        this.end = end;
        proxy = Proxy.start(config, end);
        Thread.ofPlatform()
                .name("test-main")
                .daemon()
                .start(() -> {
                    try {
                        proxy.shutdown(end.await());
                        ended.complete(null);
                    } catch (RuntimeException e) {
                        ended.completeExceptionally(e);
                    }
                });
    }

    static Builder named(String name) {
        return new Builder(name);
    }

    InetSocketAddress inbound() {
        return proxy.traffic().inbound();
    }

    InetSocketAddress outbound() {
        return proxy.traffic().outbound().getFirst();
    }

    /// The listener for one destination.
    InetSocketAddress opaque() {
        return proxy.traffic().opaque().getFirst();
    }

    InetSocketAddress admin() {
        return proxy.admin();
    }

    Lifecycle lifecycle() {
        return proxy.lifecycle();
    }

    /// What a signal or `POST /shutdown` does.
    void end(Reason reason) {
        switch (reason) {
            case TERM, INT, APPLICATION_GONE -> end.request(reason);
            case SHUTDOWN -> proxy.applicationEnded();
        }
    }

    /// Blocks until everything is closed.
    void awaitEnd() throws Exception {
        ended.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    boolean hasEnded() {
        return ended.isDone();
    }

    /// Ends it, unless it has ended.
    @Override
    public void close() {
        proxy.applicationEnded();
        ended.join();
    }

    /// Sets what differs from the defaults.
    static final class Builder {

        private final Map<String, String> variables = new HashMap<>();

        private Builder(String name) {
            set("INSTANCE", name);
            set("INSTANCE_UID", "uid-of-" + name);
            set("INBOUND_LISTEN", "127.0.0.1:0");
            set("OUTBOUND_LISTEN", "127.0.0.1:0");
            set("ADMIN_LISTEN", "127.0.0.1:0");
            set("WORKERS", "1");
        }

        /// Sets `EBB_PROXY_<name>`.
        Builder set(String name, @Nullable String value) {
            if (value == null) {
                variables.remove("EBB_PROXY_" + name);
            } else {
                variables.put("EBB_PROXY_" + name, value);
            }
            return this;
        }

        Builder controlPlane(int port) {
            return set("CONTROL_PLANE", "127.0.0.1:" + port);
        }

        Builder serves(String destination, InetSocketAddress application) {
            set("SERVES", destination);
            return set("APPLICATION", "127.0.0.1:" + application.getPort());
        }

        TestProxy start() throws StartException {
            return start(new EndOfProcess());
        }

        /// Starts it when TERM has come already, before anything is bound.
        TestProxy startAfterTerm() throws StartException {
            EndOfProcess end = new EndOfProcess();
            end.request(Reason.TERM);
            return start(end);
        }

        private TestProxy start(EndOfProcess end) throws StartException {
            Env env = Env.of(variables);
            ProxyConfig config = ProxyEnv.read(env, "test");
            if (!env.problems().isEmpty()) {
                throw new AssertionError(env.problems());
            }
            return new TestProxy(config, end);
        }
    }
}
