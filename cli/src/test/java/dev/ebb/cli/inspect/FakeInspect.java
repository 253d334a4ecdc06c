package dev.ebb.cli.inspect;

import dev.ebb.proto.destination.v1.DeparturesRequest;
import dev.ebb.proto.destination.v1.DeparturesResponse;
import dev.ebb.proto.destination.v1.EndpointsRequest;
import dev.ebb.proto.destination.v1.EndpointsResponse;
import dev.ebb.proto.destination.v1.InspectGrpc;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;

/// A control plane on a real port that only answers questions.
public final class FakeInspect extends InspectGrpc.InspectImplBase implements AutoCloseable {
    private final Map<String, EndpointsResponse> endpoints;
    private final DeparturesResponse departures;
    private final Server server;

    public FakeInspect(Map<String, EndpointsResponse> endpoints, DeparturesResponse departures)
            throws IOException {
        this.endpoints = endpoints;
        this.departures = departures;
        this.server =
                NettyServerBuilder.forAddress(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .addService(this)
                        .build()
                        .start();
    }

    public String address() {
        return "127.0.0.1:" + server.getPort();
    }

    @Override
    public void endpoints(EndpointsRequest request, StreamObserver<EndpointsResponse> responses) {
        if (!request.getDestination().contains(":")) {
            responses.onError(
                    Status.INVALID_ARGUMENT
                            .withDescription(
                                    "destination: \"%s\" (expected: host:port)"
                                            .formatted(request.getDestination()))
                            .asRuntimeException());
            return;
        }
        EndpointsResponse answer = endpoints.get(request.getDestination());
        if (answer == null) {
            responses.onError(Status.NOT_FOUND.asRuntimeException());
            return;
        }
        responses.onNext(answer);
        responses.onCompleted();
    }

    @Override
    public void departures(
            DeparturesRequest request, StreamObserver<DeparturesResponse> responses) {
        DeparturesResponse.Builder answer = departures.toBuilder().clearDepartures();
        departures.getDeparturesList().stream()
                .filter(report ->
                        request.getInstance().isEmpty()
                                || report.getInstance().getName().equals(request.getInstance()))
                .forEach(answer::addDepartures);
        responses.onNext(answer.build());
        responses.onCompleted();
    }

    @Override
    public void close() {
        server.shutdownNow();
    }
}
