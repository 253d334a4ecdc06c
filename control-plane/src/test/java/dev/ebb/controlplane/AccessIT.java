package dev.ebb.controlplane;

import static dev.ebb.controlplane.StreamClient.WEB;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Who may do what, and how much of it.
class AccessIT {
    private static final String TOKEN = "correct-horse";

    @Test
    void controlStreamWithoutTheTokenIsRefused() throws Exception {
        try (RunningControlPlane controlPlane = withToken();
                StreamClient none = StreamClient.open(controlPlane.port());
                StreamClient wrong = authorized(controlPlane, "Bearer wrong-horse");
                StreamClient bare = authorized(controlPlane, TOKEN)) {
            none.hello("none");
            wrong.hello("wrong");
            bare.hello("bare");

            assertThat(none.end().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
            assertThat(none.end().getDescription()).contains("\"Bearer \"");
            assertThat(wrong.end().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
            assertThat(wrong.end().getDescription()).doesNotContain(TOKEN);
            assertThat(bare.end().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        }
    }

    @Test
    void peerWithTheTokenMayRegisterAnyAddress() throws Exception {
        try (RunningControlPlane controlPlane = withToken();
                StreamClient web = authorized(controlPlane, "Bearer " + TOKEN)) {
            web.hello("web-1");
            assertThat(web.next().hasWelcome()).isTrue();

            web.register(WEB, "192.0.2.1", 4143).subscribe(1, WEB);

            assertThat(web.next().getSnapshot().getEndpoints(0).getKey().getAddress().getIp())
                    .isEqualTo("192.0.2.1");
        }
    }

    @Test
    void tokenIsNotShownInTheConfiguration() throws Exception {
        try (RunningControlPlane controlPlane = withToken()) {
            assertThat(controlPlane.get("/config"))
                    .contains("\"token\":\"required\"")
                    .doesNotContain(TOKEN);
        }
    }

    @Test
    void callsOfOnePeerAreLimitedAndGivenBack() throws Exception {
        try (RunningControlPlane controlPlane = RunningControlPlane.withCallsPerPeer(2);
                StreamClient first = StreamClient.connect(controlPlane.port(), "first")) {
            try (StreamClient second = StreamClient.connect(controlPlane.port(), "second");
                    StreamClient third = StreamClient.open(controlPlane.port())) {
                third.hello("third");

                assertThat(third.end().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
                assertThat(third.end().getDescription())
                        .isEqualTo("calls of 127.0.0.1 (expected: at most 2 at once)");
                second.finish();
                assertThat(second.end().isOk()).isTrue();
            }

            try (StreamClient fourth = StreamClient.connect(controlPlane.port(), "fourth")) {
                fourth.subscribe(1, WEB);
                assertThat(fourth.next().hasSnapshot()).isTrue();
            }
            first.subscribe(1, WEB);
            assertThat(first.next().hasSnapshot()).isTrue();
        }
    }

    @Test
    void inspectionNeedsNoToken() throws Exception {
        try (RunningControlPlane controlPlane = withToken()) {
            ManagedChannel channel = StreamClient.channel(controlPlane.port());
            try {
                Status status = InspectIT.statusOf(channel, WEB);

                assertThat(status.getCode()).isEqualTo(Status.Code.NOT_FOUND);
            } finally {
                channel.shutdownNow();
            }
        }
    }

    private static RunningControlPlane withToken() throws Exception {
        return RunningControlPlane.start(Duration.ZERO, Optional.empty(), Optional.of(TOKEN));
    }

    private static StreamClient authorized(RunningControlPlane controlPlane, String authorization) {
        Metadata headers = new Metadata();
        headers.put(StreamClient.AUTHORIZATION, authorization);
        return StreamClient.open(controlPlane.port(), StreamClient.Reading.AT_ONCE, headers);
    }
}
