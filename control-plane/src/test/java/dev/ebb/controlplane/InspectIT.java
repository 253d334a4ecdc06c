package dev.ebb.controlplane;

import static dev.ebb.controlplane.StreamClient.WEB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ebb.proto.destination.v1.DepartureReport;
import dev.ebb.proto.destination.v1.DepartureState;
import dev.ebb.proto.destination.v1.DeparturesRequest;
import dev.ebb.proto.destination.v1.DeparturesResponse;
import dev.ebb.proto.destination.v1.EndpointsRequest;
import dev.ebb.proto.destination.v1.EndpointsResponse;
import dev.ebb.proto.destination.v1.InspectGrpc;
import dev.ebb.proto.destination.v1.Ledger;
import dev.ebb.proto.destination.v1.ProxyMessage;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What people and tools can ask.
class InspectIT {
    private RunningControlPlane controlPlane;
    private ManagedChannel channel;
    private InspectGrpc.InspectBlockingStub inspect;

    @BeforeEach
    void start() throws Exception {
        controlPlane = RunningControlPlane.warm();
        channel = StreamClient.channel(controlPlane.port());
        inspect = InspectGrpc.newBlockingStub(channel);
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        controlPlane.close();
    }

    @Test
    void endpointsAreListedWithTheirSource() throws Exception {
        try (StreamClient web = connect("web-1")) {
            web.register(WEB, "127.0.0.1", 4143).subscribe(1, WEB).awaitSnapshot(1);

            EndpointsResponse response = inspect.endpoints(request(WEB));

            assertThat(response.getEndpointsList())
                    .singleElement()
                    .satisfies(endpoint -> {
                        assertThat(endpoint.getInstanceName()).isEqualTo("web-1");
                        assertThat(endpoint.getSource()).isEqualTo("registered");
                    });
        }
    }

    @Test
    void unknownAndMalformedDestinationsAreToldApart() {
        assertThat(statusOf(channel, WEB).getCode()).isEqualTo(Status.Code.NOT_FOUND);
        assertThat(statusOf(channel, WEB).getDescription())
                .isEqualTo("destination: \"web.demo:80\" is not known to any source");
        assertThat(statusOf(channel, "web").getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    }

    @Test
    void departureIsReportedFromItsBeginningToItsLedger() throws Exception {
        try (StreamClient leaving = connect("web-1");
                StreamClient staying = connect("web-2");
                StreamClient client = connect("client")) {
            leaving.register(WEB, "127.0.0.1", 4143);
            staying.register(WEB, "127.0.0.1", 4144);
            await().atMost(Duration.ofSeconds(10))
                    .ignoreException(StatusRuntimeException.class)
                    .until(() -> inspect.endpoints(request(WEB)).getEndpointsCount() == 2);
            client.subscribe(1, WEB).applied(1, client.awaitSnapshot(1).getGeneration());
            leaving.announce();
            leaving.awaitDeparture(DepartureState.State.WAITING);

            DepartureReport waiting = departures("web-1").getDepartures(0);
            client.applied(1, client.next().getDelta().getGeneration());
            leaving.awaitDeparture(DepartureState.State.RELEASED);
            leaving.send(
                    ProxyMessage.newBuilder()
                            .setLedger(Ledger.newBuilder().setCause("TERM").setAnswered(7))
                            .build());
            assertThat(leaving.next().hasRecorded()).isTrue();
            DepartureReport ended = departures("").getDepartures(0);

            assertThat(waiting.getCause()).isEqualTo("TERM");
            assertThat(waiting.getState().getState()).isEqualTo(DepartureState.State.WAITING);
            assertThat(waiting.getVotes(0).hasApplied()).isFalse();
            assertThat(waiting.hasReleased()).isFalse();
            assertThat(waiting.hasLedger()).isFalse();
            assertThat(ended.getState().getState()).isEqualTo(DepartureState.State.RELEASED);
            assertThat(ended.getLedger().getAnswered()).isEqualTo(7);
            assertThat(ended.getVotesList())
                    .singleElement()
                    .satisfies(vote -> {
                        assertThat(vote.getSubscriber().getUid()).isEqualTo("client");
                        assertThat(nanos(vote.getApplied()))
                                .isLessThanOrEqualTo(nanos(ended.getReleased()))
                                .isGreaterThan(
                                        nanos(ended.getReleased())
                                                - Duration.ofMillis(300).toNanos());
                    });
        }
    }

    @Test
    void departuresOfAnotherInstanceAreNotReported() {
        assertThat(departures("nobody").getDeparturesList()).isEmpty();
    }

    @Test
    void healthSaysServingOnceTheSourcesAreSynced() {
        HealthGrpc.HealthBlockingStub health = HealthGrpc.newBlockingStub(channel);

        await().atMost(Duration.ofSeconds(10))
                .until(() ->
                        health.check(HealthCheckRequest.getDefaultInstance()).getStatus()
                                == ServingStatus.SERVING);
    }

    @Test
    void reflectionListsTheServices() throws Exception {
        CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
        StreamObserver<ServerReflectionRequest> requests =
                ServerReflectionGrpc.newStub(channel)
                        .serverReflectionInfo(
                                new StreamObserver<>() {
                                    @Override
                                    public void onNext(ServerReflectionResponse response) {
                                        answer.complete(response);
                                    }

                                    @Override
                                    public void onError(Throwable failure) {
                                        answer.completeExceptionally(failure);
                                    }

                                    @Override
                                    public void onCompleted() {}
                                });

        requests.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
        List<String> services =
                answer.get(10, TimeUnit.SECONDS).getListServicesResponse().getServiceList().stream()
                        .map(service -> service.getName())
                        .toList();
        requests.onCompleted();

        assertThat(services)
                .contains(
                        "ebb.destination.v1.Destination",
                        "ebb.destination.v1.Inspect",
                        "grpc.health.v1.Health");
    }

    @Test
    void adminServerAnswers() throws Exception {
        assertThat(controlPlane.get("/live")).startsWith("live");
        await().atMost(Duration.ofSeconds(10)).until(() -> controlPlane.status("/ready") == 200);
        assertThat(controlPlane.status("/departure")).isEqualTo(404);
        assertThat(controlPlane.get("/metrics"))
                .contains("ebb_control_streams 0.0")
                .contains("ebb_control_hold_seconds_count 0")
                .contains("ebb_build_info{version=\"test\"} 1");
    }

    static Status statusOf(ManagedChannel channel, String destination) {
        try {
            var unexpected =
                    InspectGrpc.newBlockingStub(channel)
                            .withDeadlineAfter(10, TimeUnit.SECONDS)
                            .endpoints(request(destination));
            throw new AssertionError("answered: " + unexpected);
        } catch (StatusRuntimeException e) {
            return e.getStatus();
        }
    }

    private DeparturesResponse departures(String instance) {
        return inspect.departures(DeparturesRequest.newBuilder().setInstance(instance).build());
    }

    private StreamClient connect(String uid) throws InterruptedException {
        return StreamClient.connect(controlPlane.port(), uid);
    }

    private static EndpointsRequest request(String destination) {
        return EndpointsRequest.newBuilder().setDestination(destination).build();
    }

    private static long nanos(com.google.protobuf.Duration duration) {
        return Duration.ofSeconds(duration.getSeconds(), duration.getNanos()).toNanos();
    }
}
