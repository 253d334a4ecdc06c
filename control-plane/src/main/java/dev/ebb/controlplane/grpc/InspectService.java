package dev.ebb.controlplane.grpc;

import dev.ebb.controlplane.index.Index;
import dev.ebb.controlplane.model.DepartureReport;
import dev.ebb.controlplane.model.DestinationName;
import dev.ebb.controlplane.model.PublishedEndpoint;
import dev.ebb.proto.destination.v1.DeparturesRequest;
import dev.ebb.proto.destination.v1.DeparturesResponse;
import dev.ebb.proto.destination.v1.EndpointsRequest;
import dev.ebb.proto.destination.v1.EndpointsResponse;
import dev.ebb.proto.destination.v1.InspectGrpc;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Optional;

/// Answers people and tools; changes nothing. Reads the index on its writer.
final class InspectService extends InspectGrpc.InspectImplBase {
    /// Below the 4 MiB that gRPC clients accept unless told otherwise.
    private static final int MAX_RESPONSE = 3 * 1024 * 1024;

    private final Index index;
    private final SingleWriter writer;

    InspectService(Index index, SingleWriter writer) {
        this.index = index;
        this.writer = writer;
    }

    @Override
    public void endpoints(EndpointsRequest request, StreamObserver<EndpointsResponse> responses) {
        tolerateCancel(responses);
        DestinationName name;
        try {
            name = DestinationName.parse(request.getDestination());
        } catch (IllegalArgumentException e) {
            responses.onError(
                    Status.INVALID_ARGUMENT.withDescription(e.getMessage()).asRuntimeException());
            return;
        }
        writer.execute(() -> answer(name, index.endpoints(name), responses));
    }

    @Override
    public void departures(
            DeparturesRequest request, StreamObserver<DeparturesResponse> responses) {
        tolerateCancel(responses);
        writer.execute(() -> {
            responses.onNext(reports(index.departures(request.getInstance())));
            responses.onCompleted();
        });
    }

    private static void answer(
            DestinationName name,
            Optional<List<PublishedEndpoint>> endpoints,
            StreamObserver<EndpointsResponse> responses) {
        if (endpoints.isEmpty()) {
            responses.onError(
                    Status.NOT_FOUND
                            .withDescription(
                                    "destination: \"%s\" is not known to any source"
                                            .formatted(name))
                            .asRuntimeException());
            return;
        }
        EndpointsResponse.Builder response = EndpointsResponse.newBuilder();
        endpoints.get().forEach(each -> response.addEndpoints(Reports.published(each)));
        responses.onNext(response.build());
        responses.onCompleted();
    }

    /// The newest reports, as many as a client accepts.
    private DeparturesResponse reports(List<DepartureReport> reports) {
        DeparturesResponse.Builder response =
                DeparturesResponse.newBuilder().setWarmingUp(index.isWarmingUp());
        int size = 0;
        for (DepartureReport report : reports) {
            var message = Reports.departure(report);
            size += message.getSerializedSize();
            if (size > MAX_RESPONSE) {
                break;
            }
            response.addDepartures(message);
        }
        return response.build();
    }

    /// A client that went away is no failure of the writer's task that answers it.
    private static void tolerateCancel(StreamObserver<?> responses) {
        ((ServerCallStreamObserver<?>) responses).setOnCancelHandler(() -> {});
    }
}
