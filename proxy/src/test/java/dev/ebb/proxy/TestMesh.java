package dev.ebb.proxy;

import dev.ebb.proxy.EndOfProcess.Reason;
import dev.ebb.proxy.testing.AdminClient;
import dev.ebb.proxy.testing.Faults;
import dev.ebb.proxy.testing.TestControlPlane;
import dev.ebb.proxy.testing.TestLoad;
import dev.ebb.proxy.testing.TestOrigin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// An in-process mesh: one control plane, replicas of `web.demo` behind proxies, client proxies.
/// Ends whatever it has started, the youngest first. A test class keeps it in an `@AutoClose`
/// field, so that each test has its own.
final class TestMesh implements AutoCloseable {

    static final String WEB = "web.demo";
    static final String DESTINATION = "web.demo:80";

    private final Deque<Closing> open = new ArrayDeque<>();
    private TestControlPlane plane;

    /// Starts the control plane.
    TestMesh() {
        try {
            plane = TestControlPlane.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        open.push(() -> plane.close());
    }

    TestControlPlane plane() {
        return plane;
    }

    /// Kills the control plane and starts a fresh one in its place.
    void restartControlPlane(TestControlPlane.Mood mood) throws IOException {
        int port = plane.port();
        plane.close();
        plane = TestControlPlane.startAt(port);
        plane.mood(mood);
    }

    /// Starts an application and the proxy that serves it.
    Replica replica(String name) throws Exception {
        return replica(name, proxy -> proxy);
    }

    Replica replica(String name, UnaryOperator<TestProxy.Builder> settings) throws Exception {
        TestOrigin origin = TestOrigin.start(name);
        open.push(origin::close);
        TestProxy proxy =
                proxy(name, it -> settings.apply(it.serves(DESTINATION, origin.address())));
        return new Replica(origin, proxy);
    }

    /// Starts a second proxy before an application, with a wire between the two.
    Faults wireToApplication(String name, TestOrigin origin) throws Exception {
        Faults wire = Faults.before(origin.address());
        open.push(wire::close);
        var _ = proxy(name, it -> it.serves(DESTINATION, wire.address()));
        return wire;
    }

    /// A wire to the inbound listener of a replica that is still to be started.
    Faults wireToInbound() throws IOException {
        Faults wire = Faults.withoutTarget();
        open.push(wire::close);
        return wire;
    }

    /// Starts an application and its proxy, which other proxies reach over the wire only.
    Replica replicaBehind(Faults wire, String name) throws Exception {
        String served = DESTINATION + "=127.0.0.1:" + wire.address().getPort();
        Replica replica = replica(name, it -> it.set("SERVES", served));
        wire.leadTo(replica.proxy().inbound());
        return replica;
    }

    /// Starts a proxy that is registered, and whose application is not there yet.
    LateReplica lateReplica(String name) throws Exception {
        // Bound and not listening: the port refuses, and nobody else gets it meanwhile. The
        // application can listen there as long as both allow it (SO_REUSEADDR in socket(7)).
        Socket reserved = new Socket();
        open.push(reserved::close);
        reserved.setReuseAddress(true);
        reserved.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        int port = reserved.getLocalPort();
        TestProxy proxy =
                proxy(
                        name,
                        it ->
                                it.set("SERVES", DESTINATION)
                                        .set("APPLICATION", "127.0.0.1:" + port));
        return new LateReplica(name, reserved, proxy);
    }

    /// Starts a proxy for callers.
    TestProxy client(String name) throws Exception {
        return proxy(name, it -> it);
    }

    TestProxy client(String name, UnaryOperator<TestProxy.Builder> settings) throws Exception {
        return proxy(name, settings);
    }

    /// Starts a proxy for callers that sends nothing twice, so that the hold is judged alone.
    TestProxy clientWithoutResending(String name) throws Exception {
        return proxy(name, it -> it.set("RESEND", "disabled"));
    }

    /// Starts a load through a client proxy.
    TestLoad load(TestProxy client, String prefix) {
        TestLoad load = TestLoad.start(client.outbound(), WEB, prefix, 4);
        open.push(load::close);
        return load;
    }

    /// Starts a load from clients outside the mesh, straight to inbound listeners.
    ///
    /// @param balancer says where each new connection leads
    TestLoad load(Supplier<InetSocketAddress> balancer, String prefix) {
        TestLoad load = TestLoad.start(balancer, WEB, prefix, 4);
        open.push(load::close);
        return load;
    }

    @Override
    public void close() throws IOException {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    private TestProxy proxy(String name, UnaryOperator<TestProxy.Builder> settings)
            throws Exception {
        TestProxy proxy = settings.apply(TestProxy.named(name).controlPlane(plane.port())).start();
        open.push(proxy::close);
        return proxy;
    }

    /// @param origin the application
    /// @param proxy beside it
    record Replica(TestOrigin origin, TestProxy proxy) {

        /// Leaves as `ebb-await --hold -S` does it: hold, application ends, `/shutdown`.
        void leave() throws Exception {
            AdminClient.holdAndWait(proxy.admin());
            end();
        }

        void leaveUnchecked() {
            try {
                leave();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        /// The application ends, then the proxy.
        void end() throws Exception {
            origin.close();
            proxy.end(Reason.SHUTDOWN);
            proxy.awaitEnd();
        }
    }

    /// A replica whose application takes its time.
    final class LateReplica {

        private final String name;
        private final Socket reserved;
        private final TestProxy proxy;

        LateReplica(String name, Socket reserved, TestProxy proxy) {
            this.name = name;
            this.reserved = reserved;
            this.proxy = proxy;
        }

        /// Starts the application.
        Replica open() throws IOException {
            TestOrigin origin = TestOrigin.startAt(name, reserved.getLocalPort());
            open.push(origin::close);
            return new Replica(origin, proxy);
        }
    }

    private interface Closing {
        void close() throws IOException;
    }
}
