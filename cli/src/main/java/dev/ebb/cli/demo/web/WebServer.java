package dev.ebb.cli.demo.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Serves HTTP/1.1, one virtual thread a connection. Its end is that of a well-behaved application:
/// it serves what is in the accept queue, closes the port, finishes active requests with
/// `Connection: close` and closes idle connections.
public final class WebServer {
    private static final long END_SECONDS = 10;

    /// How long a connection from the accept queue may take to send its first request.
    private static final long FIRST_REQUEST_MILLIS = 250;

    private final ServerSocketChannel listener;
    private final Selector selector;
    private final String name;
    private final OriginRecord record;
    private final Set<WebConnection> connections = ConcurrentHashMap.newKeySet();
    private final CountDownLatch acceptEnded = new CountDownLatch(1);
    private volatile boolean stopping;

    private WebServer(
            ServerSocketChannel listener, Selector selector, String name, OriginRecord record) {
        this.listener = listener;
        this.selector = selector;
        this.name = name;
        this.record = record;
    }

    /// Serves from now on, on a thread of its own.
    public static WebServer start(InetSocketAddress address, String name, OriginRecord record)
            throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open();
        listener.bind(address, 1024);
        listener.configureBlocking(false);
        Selector selector = Selector.open();
        listener.register(selector, SelectionKey.OP_ACCEPT);
        WebServer server = new WebServer(listener, selector, name, record);
        new Thread(server::accept, "accept").start();
        return server;
    }

    int port() throws IOException {
        return ((InetSocketAddress) listener.getLocalAddress()).getPort();
    }

    /// Returns when every connection has ended, or after ten seconds.
    public void stop() {
        stopping = true;
        selector.wakeup();
        try {
            acceptEnded.await(END_SECONDS, TimeUnit.SECONDS);
            connections.forEach(WebConnection::stopIdle);
            awaitConnections(FIRST_REQUEST_MILLIS);
            connections.forEach(WebConnection::stopUnused);
            awaitConnections(TimeUnit.SECONDS.toMillis(END_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitConnections(long millis) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        for (WebConnection connection : connections) {
            connection.awaitEnd(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        }
    }

    private void accept() {
        try (listener;
                selector) {
            while (!stopping) {
                selector.select();
                selector.selectedKeys().clear();
                serveQueue();
            }
            serveQueue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            acceptEnded.countDown();
        }
    }

    private void serveQueue() throws IOException {
        for (SocketChannel next = listener.accept(); next != null; next = listener.accept()) {
            WebConnection connection =
                    new WebConnection(next, name, record, () -> stopping, connections::remove);
            connections.add(connection);
            Thread.startVirtualThread(connection);
        }
    }
}
