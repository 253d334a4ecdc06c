package dev.ebb.cli.inspect;

import dev.ebb.cli.terminal.CommandFailure;
import dev.ebb.env.AddressText;
import dev.ebb.env.DurationText;
import dev.ebb.lifecycle.ExitCode;
import dev.ebb.proto.destination.v1.DeparturesRequest;
import dev.ebb.proto.destination.v1.DeparturesResponse;
import dev.ebb.proto.destination.v1.EndpointsRequest;
import dev.ebb.proto.destination.v1.EndpointsResponse;
import dev.ebb.proto.destination.v1.InspectGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// A connection to one control plane's Inspect service. Every call blocks for at most the time
/// limit; what goes wrong is told as a [CommandFailure]. Safe for use by several threads.
public final class InspectClient implements AutoCloseable {
    private final InetSocketAddress address;
    private final Duration timeLimit;
    private final ManagedChannel channel;

    public InspectClient(InetSocketAddress address, Duration timeLimit) {
        this.address = address;
        this.timeLimit = timeLimit;
        this.channel =
                NettyChannelBuilder.forAddress(address.getHostString(), address.getPort())
                        .usePlaintext()
                        .build();
    }

    /// Empty when the control plane does not know the destination.
    public Optional<EndpointsResponse> endpoints(String destination) {
        EndpointsRequest request =
                EndpointsRequest.newBuilder().setDestination(destination).build();
        return call(stub -> stub.endpoints(request));
    }

    /// The departures of one instance, by uid or name; of all instances when the name is empty.
    public DeparturesResponse departures(String instance) {
        DeparturesRequest request = DeparturesRequest.newBuilder().setInstance(instance).build();
        return call(stub -> stub.departures(request))
                .orElseGet(DeparturesResponse::getDefaultInstance);
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }

    private <T> Optional<T> call(Function<InspectGrpc.InspectBlockingStub, T> question) {
        InspectGrpc.InspectBlockingStub stub =
                InspectGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(timeLimit.toMillis(), TimeUnit.MILLISECONDS);
        try {
            return Optional.of(question.apply(stub));
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
                return Optional.empty();
            }
            throw failure(e);
        }
    }

    private CommandFailure failure(StatusRuntimeException e) {
        return switch (e.getStatus().getCode()) {
            case INVALID_ARGUMENT -> new CommandFailure(ExitCode.USAGE, words(e), e);
            case DEADLINE_EXCEEDED ->
                    unavailable(
                            "no answer within %s (expected: a control plane that is not overloaded)"
                                    .formatted(DurationText.format(timeLimit)),
                            e);
            case UNAVAILABLE ->
                    unavailable(
                            "no answer (expected: a running control plane; choose it with --control-plane)",
                            e);
            case UNIMPLEMENTED ->
                    unavailable(
                            "it does not know this question (expected: an Ebb control plane of this version)",
                            e);
            default ->
                    unavailable(words(e) + " (expected: the gRPC port of an Ebb control plane)", e);
        };
    }

    private CommandFailure unavailable(String why, StatusRuntimeException e) {
        return new CommandFailure(
                ExitCode.UNAVAILABLE,
                "control plane %s: %s".formatted(AddressText.format(address), why),
                e);
    }

    /// Those of the control plane, or of gRPC.
    private static String words(StatusRuntimeException e) {
        String description = e.getStatus().getDescription();
        return description == null ? e.getStatus().getCode().name() : description;
    }
}
