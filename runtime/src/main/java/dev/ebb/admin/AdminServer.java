package dev.ebb.admin;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;

/// The HTTP server that tells how the process is and takes orders from loopback.
///
/// It is the JDK's server on threads of its own, so it answers when event loops are stuck. It keeps
/// no process from exiting: all its threads are daemons, waiting callers included.
public final class AdminServer implements AutoCloseable {

    /// Accepted but not yet taken up; what is beyond waits in the client.
    private static final int BACKLOG = 128;

    private static final int LAST_ANSWERS_SECONDS = 1;

    static {
        // Read once, when the JDK's server is first used. A value that a user has set wins.
        //
        // Without it, Nagle and delayed acknowledgements make each answer take 40 ms.
        setDefault("sun.net.httpserver.nodelay", "true");
        setDefault("jdk.httpserver.maxConnections", "512");
        // Seconds to send a request; answers have no limit, as a hook may wait for minutes.
        setDefault("sun.net.httpserver.maxReqTime", "5");
        // Seconds that a connection may be idle; more than the usual time between two scrapes.
        setDefault("sun.net.httpserver.idleInterval", "60");
        setDefault("sun.net.httpserver.maxReqHeaders", "100");
        setDefault("jdk.http.maxHeaderSize", "16384");
    }

    private final HttpServer server;

    private AdminServer(HttpServer server) {
        this.server = server;
    }

    /// Binds and serves until it is closed.
    ///
    /// @param listen port 0 picks a free one
    public static AdminServer start(InetSocketAddress listen, Routes routes) throws IOException {
        HttpServer server = HttpServer.create(listen, BACKLOG);
        server.createContext("/", new AdminHandler(routes));
        server.setExecutor(
                Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("admin-", 0).factory()));
        startFromDaemon(server);
        return new AdminServer(server);
    }

    public int port() {
        return address().getPort();
    }

    public InetSocketAddress address() {
        return server.getAddress();
    }

    /// Stops once the answers that are under way have been written, within a second: the last of
    /// them may be the answer to the `/shutdown` that has led here. Callers that still wait are cut
    /// off.
    @Override
    public void close() {
        server.stop(LAST_ANSWERS_SECONDS);
    }

    /// The server's dispatching thread inherits being a daemon from the thread that starts it.
    private static void startFromDaemon(HttpServer server) {
        Thread starter = Thread.ofPlatform().daemon().name("admin").start(server::start);
        try {
            starter.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void setDefault(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
