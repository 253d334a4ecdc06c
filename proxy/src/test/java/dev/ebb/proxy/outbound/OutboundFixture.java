package dev.ebb.proxy.outbound;

import dev.ebb.proxy.balance.Endpoint;
import dev.ebb.proxy.balance.EndpointObserver;
import dev.ebb.proxy.balance.EndpointSet;
import dev.ebb.proxy.balance.EndpointState;
import dev.ebb.proxy.http.AccessLog;
import dev.ebb.proxy.http.AccessLogFormat;
import dev.ebb.proxy.http1.Http1Limits;
import dev.ebb.proxy.metrics.Direction;
import dev.ebb.proxy.metrics.ProxyMetrics;
import dev.ebb.proxy.stream.Budget;
import dev.ebb.proxy.stream.RequestHead;
import dev.ebb.proxy.stream.StreamListener;
import dev.ebb.proxy.testing.Counted;
import dev.ebb.proxy.testing.FakeLoop;
import dev.ebb.proxy.testing.FakePeers;
import dev.ebb.proxy.testing.FakeServerStream;
import dev.ebb.proxy.transport.OwnListeners;
import dev.ebb.proxy.upstream.EndpointPool;
import dev.ebb.proxy.upstream.PoolLimits;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The outbound direction of one event loop without sockets: discovery and peers are the test's.
final class OutboundFixture {

    static final String OWN_UID = "me";

    final FakeLoop loop = new FakeLoop();
    final FakePeers peers = new FakePeers();
    final ProxyMetrics metrics = new ProxyMetrics("test", "none", 0);
    final Map<String, EndpointObserver> resolving = new HashMap<>();
    final List<String> closedResolutions = new ArrayList<>();
    final ByteArrayOutputStream log = new ByteArrayOutputStream();
    final AccessLog accessLog = new AccessLog(AccessLogFormat.TEXT, log);
    final OwnListeners own;
    final OutboundLoop outbound;

    OutboundFixture(OutboundSettings settings) throws SocketException {
        own = OwnListeners.ofThisMachine();
        outbound =
                new OutboundLoop(
                        settings,
                        loop.tick(),
                        new Budget(1 << 20),
                        new Destinations(loop.tick(), this::open, this::openUnresolved),
                        own,
                        metrics,
                        accessLog);
    }

    static OutboundSettings settings() {
        return new OutboundSettings(
                OWN_UID,
                Set.of(),
                OutboundSettings.Resend.ENABLED,
                Duration.ofSeconds(1),
                Duration.ZERO,
                Http1Limits.DEFAULTS,
                new PoolLimits(8, 4, 4, Duration.ofSeconds(30), Duration.ofSeconds(3)));
    }

    static OutboundSettings withoutResending() {
        OutboundSettings usual = settings();
        return new OutboundSettings(
                OWN_UID,
                Set.of(),
                OutboundSettings.Resend.DISABLED,
                usual.connectTimeout(),
                usual.responseTimeout(),
                usual.http1(),
                usual.limits());
    }

    private Destination open(Target target) {
        String name = target.name().toString();
        Destination destination = destination(target);
        resolving.put(name, destination);
        destination.start(() -> closedResolutions.add(name), Patience.FIRST_WORD);
        return destination;
    }

    private Destination openUnresolved(Target target) {
        Destination destination = destination(target);
        destination.asItIs();
        return destination;
    }

    private Destination destination(Target target) {
        return new Destination(
                target,
                loop.tick(),
                new LocalView(OWN_UID, own),
                endpoint ->
                        new EndpointPool(
                                endpoint.address(), peers, peers, loop.tick(), settings().limits()),
                () -> metrics.requests(Direction.OUTBOUND, target.name().toString()),
                metrics.requests(Direction.OUTBOUND, "unknown"));
    }

    /// Discovery publishes a state of `web:80`.
    EndpointObserver.Applied publish(Endpoint... endpoints) {
        return publish("web:80", new EndpointSet(true, List.of(endpoints)));
    }

    EndpointObserver.Applied publish(String name, EndpointSet endpoints) {
        return Objects.requireNonNull(resolving.get(name), name).apply(endpoints);
    }

    /// A ready endpoint, told apart by its port.
    static Endpoint meshed(int port) {
        return endpoint(port, EndpointState.READY, true);
    }

    static Endpoint unmeshed(int port) {
        return endpoint(port, EndpointState.READY, false);
    }

    static Endpoint leaving(int port) {
        return endpoint(port, EndpointState.LEAVING, true);
    }

    private static Endpoint endpoint(int port, EndpointState state, boolean meshed) {
        return new Endpoint(
                "uid-" + port, InetSocketAddress.createUnresolved("peer", port), state, meshed);
    }

    /// Subscribes to `web:80`, so that a state can be published before the request that counts.
    void known(Endpoint... endpoints) {
        Objects.requireNonNull(
                        outbound.destinations()
                                .enter(Target.named(DestinationName.parse("web").orElseThrow())))
                .leave();
        publish(endpoints);
    }

    Call get(String authority, String... fields) {
        Call call = new Call(head(HttpMethod.GET, authority, 0, fields));
        call.end();
        return call;
    }

    /// A whole request on a connection that wanted to go to `original`.
    Call redirected(InetSocketAddress original, String host) {
        Call call = new Call(head(HttpMethod.GET, host, 0), Asked.of(original, own));
        call.end();
        return call;
    }

    Call post(String authority, long contentLength, String... fields) {
        return new Call(head(HttpMethod.POST, authority, contentLength, fields));
    }

    private static RequestHead head(
            HttpMethod method, String authority, long contentLength, String... fields) {
        HttpHeaders headers = new DefaultHttpHeaders();
        for (int i = 0; i < fields.length; i += 2) {
            headers.add(fields[i], fields[i + 1]);
        }
        return new RequestHead(method, "/", authority, headers, contentLength);
    }

    double resent(String reason) {
        return Counted.value(metrics, "ebb_resent_total{reason=\"" + reason + "\"}");
    }

    double errors(String reason) {
        return Counted.value(
                metrics, "ebb_errors_total{direction=\"outbound\",reason=\"" + reason + "\"}");
    }

    /// The flags at the ends of the access log's lines.
    List<String> terminations() {
        accessLog.close();
        return Arrays.stream(log.toString(StandardCharsets.US_ASCII).split("\n"))
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .toList();
    }

    /// One request, as the application makes it.
    final class Call {

        final FakeServerStream downstream = new FakeServerStream();
        final StreamListener listener;

        Call(RequestHead head) {
            this(head, null);
        }

        Call(RequestHead head, @Nullable Asked redirected) {
            listener = new OutboundConnection(outbound, null, redirected).request(head, downstream);
        }

        void data(String text) {
            listener.data(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
        }

        void end() {
            listener.end(EmptyHttpHeaders.INSTANCE);
        }

        List<String> events() {
            return downstream.events();
        }

        String error() {
            return downstream.headers().get("ebb-proxy-error", "none");
        }
    }
}
