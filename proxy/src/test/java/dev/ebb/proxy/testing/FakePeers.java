package dev.ebb.proxy.testing;

import dev.ebb.proxy.stream.ClientConnection;
import dev.ebb.proxy.stream.StreamReset;
import dev.ebb.proxy.upstream.AcquireFailure;
import dev.ebb.proxy.upstream.Dialer;
import dev.ebb.proxy.upstream.EndpointPool;
import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Upstream peers without sockets, told apart by their port. Each accepts at once unless told
/// otherwise.
public final class FakePeers implements Dialer, EndpointPool.Composer {

    private final Map<Integer, AcquireFailure.Reason> refusing = new HashMap<>();
    private final Set<Integer> silent = new HashSet<>();
    private final Map<Channel, Integer> ports = new HashMap<>();
    private final List<EmbeddedChannel> channels = new ArrayList<>();
    private final List<FakeDial> hanging = new ArrayList<>();
    private final List<FakeConnection> connections = new ArrayList<>();
    private final List<FakeExchange> exchanges = new ArrayList<>();
    private final Set<Integer> notSending = new HashSet<>();
    private StreamReset.@Nullable Cause resetOnData;

    /// The next legs break off when the first piece of a body is written to them; null for none.
    public void resetOnData(StreamReset.@Nullable Cause cause) {
        resetOnData = cause;
    }

    /// Every channel that was connected, oldest first.
    public List<EmbeddedChannel> channels() {
        return channels;
    }

    /// Dials to the port fail.
    public void refuse(int port, AcquireFailure.Reason reason) {
        refusing.put(port, reason);
    }

    /// Dials to the port stay without an answer, until the test completes them.
    public void hang(int port) {
        silent.add(port);
    }

    /// Connections to the port turn out to be closed before anything is written.
    public void closeBeforeWriting(int port) {
        notSending.add(port);
    }

    /// Dials that have no answer yet and were not cancelled.
    public List<FakeDial> hanging() {
        return hanging;
    }

    /// Every connection that was made, oldest first.
    public List<FakeConnection> connections() {
        return connections;
    }

    /// Every request that was sent, oldest first.
    public List<FakeExchange> exchanges() {
        return exchanges;
    }

    /// The request that was sent last.
    public FakeExchange last() {
        return exchanges.getLast();
    }

    @Override
    public Dial dial(InetSocketAddress address, Listener listener) {
        int port = address.getPort();
        AcquireFailure.Reason reason = refusing.get(port);
        if (reason != null) {
            listener.failed(new AcquireFailure(reason, "port " + port));
            return () -> {};
        }
        FakeDial dial = new FakeDial(port, listener);
        if (silent.contains(port)) {
            hanging.add(dial);
        } else {
            dial.complete();
        }
        return dial;
    }

    @Override
    public ClientConnection compose(Channel channel, ClientConnection.Owner owner) {
        int port = ports.getOrDefault(channel, 0);
        FakeConnection connection =
                new FakeConnection(port, owner, exchanges, notSending.contains(port), resetOnData);
        connections.add(connection);
        return connection;
    }

    /// An attempt to connect that waits for the test.
    public final class FakeDial implements Dial {

        private final int port;
        private final Listener listener;
        private boolean cancelled;

        FakeDial(int port, Listener listener) {
            this.port = port;
            this.listener = listener;
        }

        public int port() {
            return port;
        }

        public boolean isCancelled() {
            return cancelled;
        }

        /// The peer accepts.
        public void complete() {
            hanging.remove(this);
            EmbeddedChannel channel = new EmbeddedChannel();
            channels.add(channel);
            ports.put(channel, port);
            listener.connected(channel);
        }

        /// The peer does not.
        public void fail(AcquireFailure.Reason reason) {
            hanging.remove(this);
            listener.failed(new AcquireFailure(reason, "port " + port));
        }

        @Override
        public void cancel() {
            cancelled = true;
            hanging.remove(this);
        }
    }
}
