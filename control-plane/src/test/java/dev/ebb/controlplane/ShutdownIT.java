package dev.ebb.controlplane;

import static dev.ebb.controlplane.StreamClient.WEB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// How the control plane itself ends.
class ShutdownIT {

    @Test
    void streamsEndSoThatProxiesConnectElsewhereAfterTheyGotWhatWasPending() throws Exception {
        RunningControlPlane controlPlane = RunningControlPlane.warm();
        try (StreamClient client = StreamClient.connect(controlPlane.port(), "client")) {
            client.subscribe(1, WEB);

            long since = System.nanoTime();
            controlPlane.close();
            Duration took = Duration.ofNanos(System.nanoTime() - since);

            assertThat(client.end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(client.end().getDescription()).contains("shutting down");
            assertThat(took).isLessThan(Duration.ofSeconds(3));
        }
    }

    @Test
    void frozenPeerDoesNotHoldTheShutdown() throws Exception {
        RunningControlPlane controlPlane = RunningControlPlane.warm();
        try (FreezingRelay relay = new FreezingRelay(controlPlane.port());
                StreamClient frozen = StreamClient.connect(relay.port(), "frozen")) {
            frozen.subscribe(1, WEB).awaitSnapshot(1);
            relay.freeze();

            long since = System.nanoTime();
            controlPlane.close();
            Duration took = Duration.ofNanos(System.nanoTime() - since);

            assertThat(took).isLessThan(Duration.ofSeconds(4));
        }
    }

    @Test
    void healthWatchersHearThatNobodyShouldComeAnyMore() throws Exception {
        RunningControlPlane controlPlane = RunningControlPlane.warm();
        ManagedChannel channel = StreamClient.channel(controlPlane.port());
        BlockingQueue<ServingStatus> seen = new LinkedBlockingQueue<>();
        HealthGrpc.newStub(channel)
                .watch(
                        HealthCheckRequest.getDefaultInstance(),
                        new StreamObserver<HealthCheckResponse>() {
                            @Override
                            public void onNext(HealthCheckResponse response) {
                                seen.add(response.getStatus());
                            }

                            @Override
                            public void onError(Throwable failure) {}

                            @Override
                            public void onCompleted() {}
                        });
        await().atMost(Duration.ofSeconds(10)).until(() -> seen.poll() == ServingStatus.SERVING);

        controlPlane.close();

        assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo(ServingStatus.NOT_SERVING);
        channel.shutdownNow();
    }

    @Test
    void secondShutdownDoesNothing() throws Exception {
        RunningControlPlane controlPlane = RunningControlPlane.warm();

        controlPlane.close();
        controlPlane.close();

        assertThat(controlPlane.controlPlane.isEnding()).isTrue();
    }
}
