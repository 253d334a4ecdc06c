package dev.ebb.cli.demo.web;

import dev.ebb.cli.demo.wire.Head;
import dev.ebb.cli.demo.wire.MessageReader;
import dev.ebb.cli.demo.wire.Payload;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// One connection to the web service; runs on a virtual thread of its own. The two stop methods may
/// be called by any thread. An active connection ends after its answer, whatever they do.
final class WebConnection implements Runnable {
    private final SocketChannel channel;
    private final String name;
    private final OriginRecord record;
    private final BooleanSupplier stopping;
    private final Consumer<WebConnection> onEnd;
    private final AtomicReference<State> state = new AtomicReference<>(State.UNUSED);
    private final CountDownLatch ended = new CountDownLatch(1);

    private enum State {
        /// Accepted, and nothing has arrived.
        UNUSED,
        /// Between two requests.
        IDLE,
        ACTIVE,
        CLOSED
    }

    WebConnection(
            SocketChannel channel,
            String name,
            OriginRecord record,
            BooleanSupplier stopping,
            Consumer<WebConnection> onEnd) {
        this.channel = channel;
        this.name = name;
        this.record = record;
        this.stopping = stopping;
        this.onEnd = onEnd;
    }

    @Override
    public void run() {
        try (channel) {
            Socket socket = channel.socket();
            socket.setTcpNoDelay(true);
            serve(socket);
        } catch (IOException e) {
            // The peer went away, or stop() closed an idle connection: both end it, nothing more.
        } finally {
            ended.countDown();
            onEnd.accept(this);
        }
    }

    /// Closes the connection if it is between two requests.
    void stopIdle() {
        closeIf(State.IDLE);
    }

    /// Closes the connection if its first request has not come.
    void stopUnused() {
        closeIf(State.UNUSED);
    }

    private void closeIf(State expected) {
        if (state.compareAndSet(expected, State.CLOSED)) {
            try {
                channel.close();
            } catch (IOException e) {
                // It is closed either way.
            }
        }
    }

    void awaitEnd(long time, TimeUnit unit) throws InterruptedException {
        ended.await(time, unit);
    }

    private void serve(Socket socket) throws IOException {
        MessageReader reader =
                new MessageReader(new BufferedInputStream(socket.getInputStream()), this::activate);
        for (Head head = reader.head(); head != null; head = reader.head()) {
            if (state.get() == State.CLOSED) {
                return;
            }
            if (head.has("expect", "100-continue")) {
                socket.getOutputStream().write(ascii("HTTP/1.1 100 Continue\r\n\r\n"));
            }
            boolean last = answer(head, reader.body(head), socket.getOutputStream());
            if (last || !state.compareAndSet(State.ACTIVE, State.IDLE)) {
                return;
            }
            if (stopping.getAsBoolean()) {
                stopIdle();
            }
        }
    }

    private void activate() {
        if (!state.compareAndSet(State.IDLE, State.ACTIVE)) {
            state.compareAndSet(State.UNUSED, State.ACTIVE);
        }
    }

    private boolean answer(Head head, byte[] body, OutputStream out) throws IOException {
        String method = head.startLine().split(" ", 2)[0];
        String id = head.first(Payload.ID).orElse("");
        work(Integer.parseInt(head.first(Payload.WORK).orElse("0")));
        record.request(id.isEmpty() ? "-" : id, method, body.length);

        boolean last = stopping.getAsBoolean() || head.has("connection", "close");
        int size = Integer.parseInt(head.first(Payload.SIZE).orElse("0"));
        byte[] answer = Payload.answer(id, method, body, size);
        boolean chunked = size % 2 == 1;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(answer.length + 256);
        bytes.writeBytes(
                ascii(
                        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n%s: %s\r\n%s: %s\r\n%s%s\r\n"
                                .formatted(
                                        Payload.ID,
                                        id,
                                        Payload.ORIGIN,
                                        name,
                                        chunked
                                                ? "Transfer-Encoding: chunked\r\n"
                                                : "Content-Length: " + answer.length + "\r\n",
                                        last ? "Connection: close\r\n" : "")));
        bytes.writeBytes(chunked ? Payload.chunked(answer) : answer);
        out.write(bytes.toByteArray());
        out.flush();
        return last;
    }

    private static void work(int millis) {
        if (millis <= 0) {
            return;
        }
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
