package dev.ebb.bench.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/// One keep-alive connection with at most one request on the way. Any thread that owns it sends;
/// the receiving thread reads.
final class Connection implements AutoCloseable {

    private final SocketChannel channel;
    private final ByteBuffer request;
    private final ResponseReader response = new ResponseReader();
    private volatile long dueNanos;

    private Connection(SocketChannel channel, ByteBuffer request) {
        this.channel = channel;
        this.request = request;
    }

    static Connection open(Target target, Selector selector) throws IOException {
        SocketChannel channel =
                SocketChannel.open(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), target.port()));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        String request =
                "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n".formatted(target.path(), target.authority());
        Connection connection =
                new Connection(
                        channel, ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
        channel.register(selector, SelectionKey.OP_READ, connection);
        return connection;
    }

    /// Sends a request that was due at a time. A request is far smaller than any socket buffer.
    void send(long due) throws IOException {
        dueNanos = due;
        channel.write(request.rewind());
        if (request.hasRemaining()) {
            throw new IOException("the socket did not take a request whole");
        }
    }

    long dueNanos() {
        return dueNanos;
    }

    /// Reads what has arrived and gives what it completes.
    Arrival receive(ByteBuffer buffer) throws IOException {
        if (channel.read(buffer.clear()) < 0) {
            return Arrival.CLOSED;
        }
        if (!response.complete(buffer.flip())) {
            return Arrival.PART;
        }
        return response.takeOk() ? Arrival.OK : Arrival.REFUSED;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    enum Arrival {
        PART,
        OK,
        REFUSED,
        CLOSED
    }
}
