package dev.ebb.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ebb.controlplane.StreamClient.Reading;
import dev.ebb.proto.destination.v1.ControlMessage;
import dev.ebb.proto.destination.v1.DepartureQuestion;
import dev.ebb.proto.destination.v1.DepartureState;
import dev.ebb.proto.destination.v1.Endpoint;
import dev.ebb.proto.destination.v1.Ledger;
import dev.ebb.proto.destination.v1.ProxyMessage;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The control plane against a real API server, with no more rights than `deploy/ebb.yaml` gives.
class KubernetesIT {
    @RegisterExtension static final RealApi API = new RealApi();

    /// Long enough for a question to come before the news.
    private static final Duration LATE = Duration.ofSeconds(3);

    private static final AtomicInteger NAMESPACES = new AtomicInteger();

    private final Shop shop = new Shop(API.client(), "shop-" + NAMESPACES.incrementAndGet());
    private final Service service = shop.service("web");
    private final Pod first = shop.pod("web-1", "10.1.0.1");
    private final Pod second = shop.pod("web-2", "10.1.0.2");
    private final Pod client = shop.pod("client", "10.1.0.9");
    private Optional<RunningControlPlane> running = Optional.empty();

    @BeforeAll
    static void controlPlaneHasItsRole() throws Exception {
        ClusterRights.grant(API.client());
    }

    @BeforeEach
    void webIsServed() {
        shop.slice("web", first, second);
    }

    @AfterEach
    void end() {
        running.ifPresent(RunningControlPlane::close);
        API.client().pods().inNamespace(shop.namespace()).withGracePeriod(0).delete();
    }

    @Test
    void serviceIsFoundByClusterIpByNameAndItsPodsByTheirOwnIp() throws Exception {
        start(Duration.ZERO);
        StreamClient stream = connect(client);

        stream.subscribe(1, service.getSpec().getClusterIP() + ":80");
        stream.subscribe(2, "web." + shop.namespace() + ".svc.cluster.local:80");
        stream.subscribe(3, "10.1.0.1:1234");

        assertThat(uids(stream, 1)).containsExactlyInAnyOrder(uid(first), uid(second));
        assertThat(uids(stream, 2)).containsExactlyInAnyOrder(uid(first), uid(second));
        assertThat(uids(stream, 3)).containsExactly(uid(first));
    }

    @Test
    void deletionIsHeldUntilItHasBeenAppliedWhateverTheSliceSays() throws Exception {
        start(Duration.ZERO);
        StreamClient subscriber = connect(client);
        subscriber.subscribe(1, "web." + shop.namespace() + ":80");
        subscriber.applied(1, subscriber.awaitSnapshot(1).getGeneration());
        StreamClient leaving = connect(first);

        shop.delete(first);

        ControlMessage change = subscriber.next();
        assertThat(change.getDelta().getChangedList())
                .singleElement()
                .satisfies(endpoint -> {
                    assertThat(endpoint.getKey().getUid()).isEqualTo(uid(first));
                    assertThat(endpoint.getState()).isEqualTo(Endpoint.State.LEAVING);
                    assertThat(endpoint.getMeshed()).isTrue();
                });
        DepartureState waiting = leaving.awaitDeparture(DepartureState.State.WAITING);
        assertThat(waiting.getDeletion().getGrace().getSeconds()).isEqualTo(30);
        assertThat(waiting.getDeletion().getOwnHooksList()).isEmpty();
        assertThat(waiting.getApplication()).isEqualTo(DepartureState.Application.UNKNOWN);

        subscriber.applied(1, change.getDelta().getGeneration());

        leaving.awaitDeparture(DepartureState.State.RELEASED);
    }

    @Test
    void livingPodIsToldThatThereIsNoDeparture() throws Exception {
        start(Duration.ZERO);
        StreamClient alive = connect(first);

        ask(alive);

        alive.awaitDeparture(DepartureState.State.NONE);
    }

    @Test
    void questionBeforeTheNewsIsAnsweredByReadingThePod() throws Exception {
        start(LATE);
        StreamClient leaving = connect(first);
        shop.delete(first);

        ask(leaving);

        leaving.awaitDeparture(DepartureState.State.RELEASED);
    }

    @Test
    void podThatHasBeenReplacedLeaves() throws Exception {
        start(LATE);
        StreamClient old = connect(first);
        shop.remove(first);
        Pod next = shop.pod("web-1", "10.1.0.1");

        ask(old);

        assertThat(uid(next)).isNotEqualTo(uid(first));
        old.awaitDeparture(DepartureState.State.RELEASED);
    }

    @Test
    void shorterGraceOfASecondDeletionIsTold() throws Exception {
        start(Duration.ZERO);
        StreamClient subscriber = connect(client);
        subscriber.subscribe(1, "web." + shop.namespace() + ":80");
        subscriber.awaitSnapshot(1);
        StreamClient leaving = connect(first);
        shop.delete(first);
        leaving.awaitDeparture(DepartureState.State.WAITING);

        API.client()
                .pods()
                .inNamespace(shop.namespace())
                .withName("web-1")
                .withGracePeriod(5)
                .delete();

        DepartureState shorter = leaving.awaitDeparture(DepartureState.State.WAITING);
        assertThat(shorter.getDeletion().getGrace().getSeconds()).isEqualTo(5);
    }

    @Test
    void tokenProvesThePodAndNoOther() throws Exception {
        start(Duration.ZERO);

        StreamClient liar = open(shop.token(client, "ebb")).hello(uid(first));
        StreamClient stranger = open(shop.token(client, "other")).hello(uid(client));
        StreamClient forger = open("forged").hello(uid(client));
        StreamClient nobody = StreamClient.open(port()).hello(uid(client));

        assertThat(liar.end().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
        assertThat(stranger.end().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(forger.end().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(forger.end().getDescription()).contains("audience \"ebb\"");
        assertThat(nobody.end().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
    }

    @Test
    void registrationIsRefusedBecauseTheClusterTellsWhoServesWhat() throws Exception {
        start(Duration.ZERO);
        StreamClient stream = connect(client);

        stream.register("web." + shop.namespace() + ":80", "10.1.0.9", 80);

        assertThat(stream.awaitRefused().getReason()).contains("the cluster's Services");
    }

    @Test
    void applicationOfAJobThatHasEndedIsToldToItsProxy() throws Exception {
        start(Duration.ZERO);
        Pod job = shop.pod("job", "10.1.0.20", "Never");
        StreamClient proxy = connect(job);

        shop.applicationEnds(job, 3);

        assertThat(proxy.awaitDeparture(DepartureState.State.NONE).getApplication())
                .isEqualTo(DepartureState.Application.GONE);
    }

    @Test
    void ledgerBecomesAnEventOnThePod() throws Exception {
        start(Duration.ZERO);
        StreamClient leaving = connect(first);
        shop.delete(first);
        ask(leaving);
        leaving.awaitDeparture(DepartureState.State.RELEASED);

        leaving.send(
                ProxyMessage.newBuilder()
                        .setLedger(
                                Ledger.newBuilder()
                                        .setCause("HOOK")
                                        .setReleaseReason("released")
                                        .setInFlight(2)
                                        .setAccepted(5)
                                        .setAnswered(7))
                        .build());

        await().until(() -> !events().isEmpty());
        assertThat(events())
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.getReason()).isEqualTo("EbbDeparture");
                    assertThat(event.getInvolvedObject().getName()).isEqualTo("web-1");
                    assertThat(event.getInvolvedObject().getUid()).isEqualTo(uid(first));
                    assertThat(event.getType()).isEqualTo("Normal");
                    assertThat(event.getMessage()).contains("7 requests: 7 answered, 0 lost");
                });
    }

    /// Those on pods: the API server writes some of its own, on Services.
    private List<Event> events() {
        return API.client()
                .v1()
                .events()
                .inNamespace(shop.namespace())
                .withField("involvedObject.kind", "Pod")
                .list()
                .getItems();
    }

    private void start(Duration newsDelay) throws Exception {
        RunningControlPlane fresh =
                RunningControlPlane.kubernetes(
                        API.kubeconfig(ClusterRights.token(API.client()), API.port()),
                        Duration.ofSeconds(90),
                        newsDelay);
        running = Optional.of(fresh);
        await().atMost(Duration.ofSeconds(30)).until(() -> fresh.status("/ready") == 200);
    }

    private int port() {
        return running.orElseThrow().port();
    }

    private StreamClient open(String token) {
        Metadata headers = new Metadata();
        headers.put(StreamClient.AUTHORIZATION, "Bearer " + token);
        return StreamClient.open(port(), Reading.AT_ONCE, headers);
    }

    private StreamClient connect(Pod pod) throws InterruptedException {
        StreamClient stream = open(shop.token(pod, "ebb")).hello(uid(pod));
        assertThat(stream.next().hasWelcome()).isTrue();
        return stream;
    }

    private static void ask(StreamClient stream) {
        stream.send(
                ProxyMessage.newBuilder()
                        .setQuestion(DepartureQuestion.getDefaultInstance())
                        .build());
    }

    private static List<String> uids(StreamClient stream, long number) throws InterruptedException {
        return stream.awaitSnapshot(number).getEndpointsList().stream()
                .map(endpoint -> endpoint.getKey().getUid())
                .toList();
    }

    private static String uid(Pod pod) {
        return pod.getMetadata().getUid();
    }
}
