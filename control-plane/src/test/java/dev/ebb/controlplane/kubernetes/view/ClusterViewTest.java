package dev.ebb.controlplane.kubernetes.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.controlplane.cluster.ClusterEndpoint;
import dev.ebb.controlplane.model.DepartureStatus.Application;
import dev.ebb.controlplane.model.DepartureStatus.Deletion;
import dev.ebb.controlplane.model.DestinationName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Names, addresses and states that Services, EndpointSlices and Pods give together.
class ClusterViewTest {
    private static final ObjectName WEB = new ObjectName("shop", "web");
    private static final Duration GRACE = Duration.ofSeconds(30);

    private final ClusterView view = new ClusterView("cluster.local");

    @BeforeEach
    void webHasTwoPods() {
        view.put(service(WEB, List.of("10.96.0.7"), Map.of(80, "http", 9090, "metrics")));
        view.put(pod("a", "10.1.0.1"));
        view.put(pod("b", "10.1.0.2"));
        view.put(
                slice(
                        "web-1",
                        Map.of("http", 8080, "metrics", 9000),
                        ready("a", "10.1.0.1"),
                        ready("b", "10.1.0.2")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "web.shop:80",
                "web.shop.svc:80",
                "web.shop.svc.cluster.local:80",
                "10.96.0.7:80"
            })
    void serviceIsFoundByNameAndByClusterIp(String destination) {
        assertThat(text(destination))
                .containsExactly("a 10.1.0.1:8080 READY", "b 10.1.0.2:8080 READY");
    }

    @ParameterizedTest
    @CsvSource({"web.shop:9090,9000", "10.96.0.7:9090,9000"})
    void portIsFoundByItsName(String destination, int target) {
        assertThat(view.find(DestinationName.parse(destination)).orElseThrow())
                .allSatisfy(each -> assertThat(each.address().port()).isEqualTo(target));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "web:80",
                "web.other:80",
                "web.shop:81",
                "10.96.0.7:81",
                "web.shop.svc.example.org:80",
                "10.96.0.8:80",
                "a.10.96.0.7:80"
            })
    void anythingElseIsNotKnown(String destination) {
        assertThat(view.find(DestinationName.parse(destination))).isEmpty();
    }

    @Test
    void podIsFoundByItsIpAtAnyPort() {
        assertThat(text("10.1.0.1:12345")).containsExactly("a 10.1.0.1:12345 READY");
    }

    @Test
    void headlessServiceIsFoundAtThePortThatIsDialed() {
        view.put(headless(WEB, Map.of(80, "http")));

        assertThat(text("web.shop:8080"))
                .containsExactly("a 10.1.0.1:8080 READY", "b 10.1.0.2:8080 READY");
        assertThat(view.find(DestinationName.parse("10.96.0.7:80"))).isEmpty();
    }

    @Test
    void podOfAHeadlessServiceIsFoundByItsHostname() {
        view.put(headless(WEB, Map.of(80, "http")));
        view.put(
                slice(
                        "web-1",
                        Map.of(),
                        new SliceState.Member(
                                "10.1.0.1",
                                Optional.of("a"),
                                Optional.of("web-0"),
                                SliceState.Condition.READY),
                        ready("b", "10.1.0.2")));

        assertThat(text("web-0.web.shop.svc.cluster.local:80"))
                .containsExactly("a 10.1.0.1:80 READY");
    }

    @Test
    void slicesOfAServiceAreTakenTogetherEachWithItsOwnPort() {
        view.put(pod("c", "10.1.0.3"));
        view.put(slice("web-2", Map.of("http", 8081), ready("c", "10.1.0.3")));

        assertThat(text("web.shop:80"))
                .containsExactly(
                        "a 10.1.0.1:8080 READY", "b 10.1.0.2:8080 READY", "c 10.1.0.3:8081 READY");

        view.removeSlice(new ObjectName("shop", "web-2"));

        assertThat(text("web.shop:80")).hasSize(2);
    }

    @Test
    void endpointThatMovesBetweenSlicesIsOneAndReady() {
        view.put(
                slice(
                        "web-2",
                        Map.of("http", 8080),
                        member("a", "10.1.0.1", SliceState.Condition.NOT_READY)));

        assertThat(text("web.shop:80"))
                .containsExactly("a 10.1.0.1:8080 READY", "b 10.1.0.2:8080 READY");
    }

    @ParameterizedTest
    @CsvSource({"READY,READY", "NOT_READY,NOT_READY", "TERMINATING,LEAVING", "TERMINATED,"})
    void conditionOfASliceDecides(SliceState.Condition condition, String expected) {
        view.put(slice("web-1", Map.of("http", 8080), member("a", "10.1.0.1", condition)));

        assertThat(text("web.shop:80"))
                .isEqualTo(expected == null ? List.of() : List.of("a 10.1.0.1:8080 " + expected));
    }

    @Test
    void deletionCountsAheadOfTheSlice() {
        Set<String> changed = view.put(deleted("a", "10.1.0.1"));

        assertThat(text("web.shop:80"))
                .containsExactly("a 10.1.0.1:8080 LEAVING", "b 10.1.0.2:8080 READY");
        assertThat(text("10.1.0.1:80")).containsExactly("a 10.1.0.1:80 LEAVING");
        assertThat(changed)
                .containsExactlyInAnyOrder(
                        "10.1.0.1",
                        "10.96.0.7",
                        "web.shop",
                        "web.shop.svc",
                        "web.shop.svc.cluster.local");
    }

    @Test
    void lateSliceBringsNothingBack() {
        view.put(deleted("a", "10.1.0.1"));
        view.removePod("a");

        view.put(
                slice(
                        "web-1",
                        Map.of("http", 8080),
                        ready("a", "10.1.0.1"),
                        ready("b", "10.1.0.2")));

        assertThat(text("web.shop:80")).containsExactly("b 10.1.0.2:8080 READY");
    }

    @Test
    void sliceAheadOfItsPodWaitsForIt() {
        view.put(slice("web-1", Map.of("http", 8080), ready("new", "10.1.0.9")));
        assertThat(text("web.shop:80")).isEmpty();

        Set<String> changed = view.put(pod("new", "10.1.0.9"));

        assertThat(text("web.shop:80")).containsExactly("new 10.1.0.9:8080 READY");
        assertThat(changed).contains("web.shop", "10.96.0.7", "10.1.0.9");
    }

    @Test
    void addressThatIsUsedAgainIsAnotherEndpoint() {
        view.put(deleted("a", "10.1.0.1"));

        view.put(pod("next", "10.1.0.1"));

        assertThat(text("10.1.0.1:80"))
                .containsExactly("a 10.1.0.1:80 LEAVING", "next 10.1.0.1:80 READY");
        view.removePod("a");
        assertThat(text("10.1.0.1:80")).containsExactly("next 10.1.0.1:80 READY");
    }

    @Test
    void podThatHasEndedHasNoAddress() {
        view.put(pod("a"));

        assertThat(view.find(DestinationName.parse("10.1.0.1:80"))).isEmpty();
        assertThat(text("web.shop:80")).containsExactly("b 10.1.0.2:8080 READY");
    }

    @Test
    void endpointWithoutAPodIsUnmeshed() {
        view.put(
                slice(
                        "web-1",
                        Map.of("http", 8080),
                        new SliceState.Member(
                                "192.0.2.1",
                                Optional.empty(),
                                Optional.empty(),
                                SliceState.Condition.READY)));

        assertThat(view.find(DestinationName.parse("web.shop:80")).orElseThrow())
                .singleElement()
                .satisfies(endpoint -> {
                    assertThat(endpoint.meshed()).isFalse();
                    assertThat(endpoint.instance().uid()).isEqualTo("address:192.0.2.1");
                });
    }

    @Test
    void sameStateAgainChangesNothing() {
        assertThat(view.put(pod("a", "10.1.0.1"))).isEmpty();
        assertThat(
                        view.put(
                                service(
                                        WEB,
                                        List.of("10.96.0.7"),
                                        Map.of(80, "http", 9090, "metrics"))))
                .isEmpty();
        assertThat(
                        view.put(
                                slice(
                                        "web-1",
                                        Map.of("http", 8080, "metrics", 9000),
                                        ready("a", "10.1.0.1"),
                                        ready("b", "10.1.0.2"))))
                .isEmpty();
    }

    @Test
    void clusterIpThatAnotherServiceHasGotStaysWithThatOne() {
        ObjectName other = new ObjectName("shop", "other");
        view.put(service(other, List.of("10.96.0.7"), Map.of(80, "http")));

        view.removeService(WEB);

        assertThat(view.find(DestinationName.parse("10.96.0.7:80"))).contains(List.of());
        assertThat(view.find(DestinationName.parse("web.shop:80"))).isEmpty();
    }

    @Test
    void serviceWithoutEndpointsIsAKnownEmptiness() {
        view.removeSlice(new ObjectName("shop", "web-1"));

        assertThat(view.find(DestinationName.parse("web.shop:80"))).contains(List.of());
    }

    @Test
    void eachFamilyHasItsOwnSlices() {
        view.put(service(WEB, List.of("10.96.0.7", "fd00::7"), Map.of(80, "http")));
        view.put(pod("a", "10.1.0.1", "fd00::1:1"));
        view.put(
                new SliceState(
                        new ObjectName("shop", "web-v6"),
                        WEB,
                        IpFamily.IPV6,
                        Map.of("http", 8080),
                        List.of(ready("a", "fd00::1:1"))));

        assertThat(text("[fd00::7]:80")).containsExactly("a [fd00::1:1]:8080 READY");
        assertThat(text("web.shop:80")).hasSize(2);
        assertThat(text("[fd00::1:1]:80")).containsExactly("a [fd00::1:1]:80 READY");
    }

    private List<String> text(String destination) {
        return view.find(DestinationName.parse(destination)).orElseThrow().stream()
                .map(ClusterViewTest::text)
                .toList();
    }

    private static String text(ClusterEndpoint endpoint) {
        return endpoint.instance().uid() + " " + endpoint.address() + " " + endpoint.condition();
    }

    private static ServiceState service(
            ObjectName name, List<String> ips, Map<Integer, String> ports) {
        return new ServiceState(name, ServiceState.Reach.CLUSTER_IP, ips, IpFamily.IPV4, ports);
    }

    private static ServiceState headless(ObjectName name, Map<Integer, String> ports) {
        return new ServiceState(name, ServiceState.Reach.HEADLESS, List.of(), IpFamily.IPV4, ports);
    }

    private static SliceState slice(
            String name, Map<String, Integer> ports, SliceState.Member... members) {
        return new SliceState(
                new ObjectName("shop", name), WEB, IpFamily.IPV4, ports, List.of(members));
    }

    private static SliceState.Member ready(String uid, String ip) {
        return member(uid, ip, SliceState.Condition.READY);
    }

    private static SliceState.Member member(String uid, String ip, SliceState.Condition condition) {
        return new SliceState.Member(ip, Optional.of(uid), Optional.empty(), condition);
    }

    private static PodState pod(String uid, String... ips) {
        return pod(uid, Optional.empty(), ips);
    }

    private static PodState deleted(String uid, String... ips) {
        return pod(uid, Optional.of(Deletion.within(GRACE)), ips);
    }

    private static PodState pod(String uid, Optional<Deletion> leaving, String... ips) {
        return new PodState(
                new ObjectName("shop", "pod-" + uid),
                uid,
                List.of(ips),
                PodState.Mesh.MESHED,
                leaving,
                Application.RUNNING);
    }
}
