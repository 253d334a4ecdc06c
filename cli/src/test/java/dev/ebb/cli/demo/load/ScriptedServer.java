package dev.ebb.cli.demo.load;

import dev.ebb.cli.demo.wire.Head;
import dev.ebb.cli.demo.wire.MessageReader;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// Reads whole requests and does with each what the test says.
final class ScriptedServer implements AutoCloseable {
    private final ServerSocket listener;
    private final Script script;
    private final List<Head> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();

    /// What happens once a request has been read.
    interface Script {
        /// Answers, or does something else; tells whether the connection stays open.
        boolean answer(Head request, byte[] body, OutputStream out) throws IOException;
    }

    ScriptedServer(Script script) throws IOException {
        this.script = script;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.startVirtualThread(this::accept);
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.getLocalPort());
    }

    List<Head> requests() {
        return requests;
    }

    int connections() {
        return connections.get();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                connections.incrementAndGet();
                Thread.startVirtualThread(() -> serve(socket));
            }
        } catch (IOException e) {
            // The test has ended.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            MessageReader reader =
                    new MessageReader(new BufferedInputStream(socket.getInputStream()));
            for (Head head = reader.head(); head != null; head = reader.head()) {
                byte[] body = reader.body(head);
                requests.add(head);
                if (!script.answer(head, body, socket.getOutputStream())) {
                    return;
                }
            }
        } catch (IOException e) {
            // The client went away.
        }
    }
}
