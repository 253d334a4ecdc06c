package dev.ebb.proxy.redirection;

import dev.ebb.proto.destination.v1.ControlMessage;
import dev.ebb.proto.destination.v1.DestinationGrpc;
import dev.ebb.proto.destination.v1.Endpoint;
import dev.ebb.proto.destination.v1.EndpointKey;
import dev.ebb.proto.destination.v1.ProxyMessage;
import dev.ebb.proto.destination.v1.Snapshot;
import dev.ebb.proto.destination.v1.SocketAddress;
import dev.ebb.proto.destination.v1.Subscribe;
import dev.ebb.proto.destination.v1.Welcome;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/// A control plane on loopback that knows exactly one destination, and that for ever.
final class FixedControlPlane extends DestinationGrpc.DestinationImplBase {

    private final String destination;
    private final SocketAddress endpoint;

    private FixedControlPlane(String destination, SocketAddress endpoint) {
        this.destination = destination;
        this.endpoint = endpoint;
    }

    /// @param service `destination=ip:port`, with an IPv4 address
    static String start(int port, String service) throws IOException {
        int equals = service.indexOf('=');
        int colon = service.lastIndexOf(':');
        SocketAddress endpoint =
                SocketAddress.newBuilder()
                        .setIp(service.substring(equals + 1, colon))
                        .setPort(Integer.parseInt(service.substring(colon + 1)))
                        .build();
        var _ =
                NettyServerBuilder.forAddress(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                        .addService(new FixedControlPlane(service.substring(0, equals), endpoint))
                        .build()
                        .start();
        return "started";
    }

    @Override
    public StreamObserver<ProxyMessage> connect(StreamObserver<ControlMessage> outgoing) {
        return new StreamObserver<>() {
            @Override
            public void onNext(ProxyMessage message) {
                if (message.hasHello()) {
                    outgoing.onNext(
                            ControlMessage.newBuilder()
                                    .setWelcome(Welcome.newBuilder().setReplica("fixed"))
                                    .build());
                } else if (message.hasSubscribe()) {
                    outgoing.onNext(
                            ControlMessage.newBuilder()
                                    .setSnapshot(snapshot(message.getSubscribe()))
                                    .build());
                }
            }

            @Override
            public void onError(Throwable failure) {}

            @Override
            public void onCompleted() {
                outgoing.onCompleted();
            }
        };
    }

    private Snapshot snapshot(Subscribe subscribe) {
        Snapshot.Builder snapshot =
                Snapshot.newBuilder()
                        .setSubscription(subscribe.getSubscription())
                        .setGeneration(1)
                        .setKnown(subscribe.getDestination().equals(destination));
        if (snapshot.getKnown()) {
            snapshot.addEndpoints(
                    Endpoint.newBuilder()
                            .setKey(EndpointKey.newBuilder().setUid("one").setAddress(endpoint))
                            .setState(Endpoint.State.READY));
        }
        return snapshot.build();
    }
}
