package dev.ebb.proxy.balance;

import static dev.ebb.proxy.balance.EndpointState.LEAVING;
import static dev.ebb.proxy.balance.EndpointState.READY;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.proxy.balance.EndpointObserver.Applied;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BalancerTest {

    private static final long NOW = -7;
    private static final long LATER = NOW + Duration.ofSeconds(30).toNanos();

    private final RecordingPools pools = new RecordingPools();
    private final Balancer<Pool> balancer = new Balancer<>(new SplittableRandom(1), pools);

    @Test
    void picksNothingBeforeTheFirstState() {
        assertThat(balancer.isEmpty()).isTrue();
        assertThat(pick()).isNull();
    }

    @Test
    void picksOnlyReadyEndpointsWhileThereIsOne() {
        Applied applied = apply(endpoint("a", LEAVING), endpoint("b", READY));

        Set<String> picked = pickMany(100);

        assertThat(applied).isEqualTo(Applied.NORMAL);
        assertThat(picked).containsExactly("b");
    }

    @Test
    void picksLeavingEndpointsAsALastResortAndSaysSo() {
        Applied applied = apply(endpoint("a", LEAVING), endpoint("b", LEAVING));

        Set<String> picked = pickMany(100);

        assertThat(applied).isEqualTo(Applied.LAST_RESORT);
        assertThat(picked).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void endpointThatStopsBeingReadyIsVacatedBeforeApplyReturns() {
        apply(endpoint("a", READY), endpoint("b", READY));

        apply(endpoint("a", LEAVING), endpoint("b", READY));

        assertThat(pools.vacated).containsExactly("a");
        assertThat(pools.closed).isEmpty();
    }

    @Test
    void endpointThatIsGoneIsVacatedThenClosed() {
        apply(endpoint("a", READY), endpoint("b", READY));

        apply(endpoint("b", READY));

        assertThat(pools.log).endsWith("vacate a", "close a");
    }

    @Test
    void lastResortIsVacatedWhenAReadyEndpointComes() {
        apply(endpoint("a", LEAVING));

        Applied applied = apply(endpoint("a", LEAVING), endpoint("b", READY));

        assertThat(applied).isEqualTo(Applied.NORMAL);
        assertThat(pools.vacated).containsExactly("a");
    }

    @Test
    void whatVacatingGivesUpCanPickAnewAtOnce() {
        apply(endpoint("a", READY), endpoint("b", READY));
        List<String> picked = new ArrayList<>();
        pools.onVacate = () -> picked.add(uid(pick()));

        apply(endpoint("a", LEAVING), endpoint("b", READY));

        assertThat(picked).containsExactly("b");
    }

    @Test
    void reusedAddressIsAnotherEndpoint() {
        apply(endpointAt("old", 1, READY));

        apply(endpointAt("new", 1, READY));

        assertThat(pools.log).containsExactly("open old", "open new", "vacate old", "close old");
    }

    @Test
    void unchangedEndpointKeepsItsPoolAndItsHistory() {
        apply(endpoint("a", READY));
        Member<Pool> before = pick();

        apply(endpoint("a", READY), endpoint("b", READY));

        assertThat(pools.opened).containsExactly("a", "b");
        assertThat(balancer.pick(List.of(memberOf("b")), NOW)).isSameAs(before);
    }

    @Test
    void endpointListedTwiceIsOneEndpoint() {
        apply(endpoint("a", READY), endpoint("a", READY));

        assertThat(pools.opened).containsExactly("a");
    }

    @Test
    void markedInstanceIsAvoidedAtEveryAddress() {
        apply(endpointAt("a", 1, READY), endpointAt("a", 2, READY), endpoint("b", READY));

        balancer.markLeaving(memberOf("a"), LATER);

        assertThat(pickMany(100)).containsExactly("b");
        assertThat(pools.vacated).containsExactly("a", "a");
    }

    @Test
    void markedEndpointIsPickedWhenNothingElseIsReady() {
        apply(endpoint("a", READY), endpoint("b", LEAVING));

        balancer.markLeaving(memberOf("a"), LATER);

        assertThat(pickMany(100)).containsExactly("a");
    }

    @Test
    void markSurvivesAStateThatStillCallsTheEndpointReady() {
        apply(endpoint("a", READY), endpoint("b", READY));
        balancer.markLeaving(memberOf("a"), LATER);

        Applied applied = apply(endpoint("a", READY), endpoint("b", READY));

        assertThat(applied).isEqualTo(Applied.NORMAL);
        assertThat(pickMany(100)).containsExactly("b");
    }

    @Test
    void markEndsWhenTheInstanceIsOutOfTheSet() {
        apply(endpoint("a", READY), endpoint("b", READY));
        balancer.markLeaving(memberOf("a"), LATER);
        apply(endpoint("b", READY));

        apply(endpoint("a", READY), endpoint("b", READY));

        assertThat(pickMany(100)).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void markEndsAtItsTime() {
        apply(endpoint("a", READY), endpoint("b", READY));
        balancer.markLeaving(memberOf("a"), LATER);

        long next = balancer.expireMarks(LATER - 1);
        Set<String> before = pickMany(100);
        long none = balancer.expireMarks(LATER);

        assertThat(next).isEqualTo(LATER);
        assertThat(before).containsExactly("b");
        assertThat(none).isEqualTo(Long.MAX_VALUE);
        assertThat(pickMany(100)).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void triedEndpointIsPickedAgainOnlyWithoutAnother() {
        apply(endpoint("a", READY), endpoint("b", READY));
        List<Member<Pool>> tried = List.of(memberOf("a"));

        Member<Pool> second = balancer.pick(tried, NOW);
        Member<Pool> third = balancer.pick(List.of(memberOf("a"), memberOf("b")), NOW);

        assertThat(uid(second)).isEqualTo("b");
        assertThat(third).isNotNull();
    }

    @Test
    void closeVacatesAndClosesAll() {
        apply(endpoint("a", READY), endpoint("b", LEAVING));

        balancer.close();

        assertThat(pools.vacated).containsExactly("a");
        assertThat(pools.closed).containsExactlyInAnyOrder("a", "b");
        assertThat(balancer.isEmpty()).isTrue();
    }

    /// Property: whatever states follow each other, a pick is ready in the last one, or nothing in
    /// it is ready; and the pools that are not vacated are exactly the pickable ones.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void neverPicksWhatTheLastStateForbids(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int step = 0; step < 300; step++) {
            Endpoint[] state = randomState(random);
            Set<String> ready = uids(state, READY);
            Set<String> allowed = ready.isEmpty() ? uids(state, LEAVING) : ready;

            Applied applied = apply(state);

            assertThat(applied == Applied.LAST_RESORT)
                    .isEqualTo(ready.isEmpty() && !allowed.isEmpty());
            assertThat(allowed).containsAll(pickMany(20));
            assertThat(balancer.isEmpty()).isEqualTo(allowed.isEmpty());
            if (random.nextInt(4) == 0 && !balancer.isEmpty()) {
                balancer.markLeaving(pickFrom(balancer, NOW), LATER);
                assertThat(allowed).containsAll(pickMany(20));
            }
        }
    }

    /// Property: a port that refuses at once gets no traffic while another endpoint answers,
    /// however slowly.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void refusedPortNeverLooksFast(long seed) {
        Balancer<Pool> seeded = new Balancer<>(new SplittableRandom(seed), pools);
        seeded.apply(
                new EndpointSet(
                        true,
                        List.of(
                                endpoint("slow", READY),
                                endpoint("slower", READY),
                                endpoint("refused", READY))),
                NOW);
        long now = NOW;
        int refused = 0;
        for (int i = 0; i < 1000; i++) {
            now += Duration.ofMillis(20).toNanos();
            Member<Pool> member = pickFrom(seeded, now);
            if (uid(member).equals("refused")) {
                refused++;
                member.load().failed(now);
            } else {
                member.load().responded(Duration.ofSeconds(2).toNanos(), now);
            }
        }

        // In 20 s: once, then after 1, 2, 4 and 8 s, each time as a probe.
        assertThat(refused).isLessThanOrEqualTo(6);
    }

    /// Property: of two endpoints the faster gets most of the requests, the slower is not starved
    /// for ever.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void fasterEndpointGetsMore(long seed) {
        Balancer<Pool> seeded = new Balancer<>(new SplittableRandom(seed), pools);
        seeded.apply(
                new EndpointSet(true, List.of(endpoint("fast", READY), endpoint("slow", READY))),
                NOW);
        long now = NOW;
        int fast = 0;
        int slow = 0;
        for (int i = 0; i < 10_000; i++) {
            now += Duration.ofMillis(10).toNanos();
            Member<Pool> member = pickFrom(seeded, now);
            boolean isFast = uid(member).equals("fast");
            member.load().responded(Duration.ofMillis(isFast ? 5 : 50).toNanos(), now);
            if (isFast) {
                fast++;
            } else {
                slow++;
            }
        }

        assertThat(fast).isGreaterThan(5 * slow);
        assertThat(slow).isPositive();
    }

    @Test
    void equalEndpointsShareTheRequests() {
        int count = 8;
        Endpoint[] all = new Endpoint[count];
        Arrays.setAll(all, i -> endpoint("e" + i, READY));
        apply(all);
        int[] pending = new int[count];

        for (int i = 0; i < 800; i++) {
            Member<Pool> member = pickFrom(balancer, NOW);
            member.load().started();
            pending[Integer.parseInt(uid(member).substring(1))]++;
        }

        assertThat(Arrays.stream(pending).max().getAsInt()).isLessThanOrEqualTo(110);
        assertThat(Arrays.stream(pending).min().getAsInt()).isGreaterThanOrEqualTo(90);
    }

    private Applied apply(Endpoint... endpoints) {
        return balancer.apply(new EndpointSet(true, List.of(endpoints)), NOW);
    }

    private @Nullable Member<Pool> pick() {
        return balancer.pick(List.of(), NOW);
    }

    private static Member<Pool> pickFrom(Balancer<Pool> balancer, long now) {
        return requireNonNull(balancer.pick(List.of(), now));
    }

    private Set<String> pickMany(int times) {
        Set<String> picked = new HashSet<>();
        for (int i = 0; i < times; i++) {
            Member<Pool> member = pick();
            if (member != null) {
                picked.add(uid(member));
            }
        }
        return picked;
    }

    private Member<Pool> memberOf(String uid) {
        for (int i = 0; i < 1000; i++) {
            Member<Pool> member = pick();
            if (member != null && uid(member).equals(uid)) {
                return member;
            }
        }
        throw new AssertionError(uid + " is never picked");
    }

    private static Endpoint[] randomState(SplittableRandom random) {
        List<Endpoint> state = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            switch (random.nextInt(3)) {
                case 0 -> state.add(endpoint("e" + i, READY));
                case 1 -> state.add(endpoint("e" + i, LEAVING));
                default -> {}
            }
        }
        return state.toArray(Endpoint[]::new);
    }

    private static Set<String> uids(Endpoint[] state, EndpointState wanted) {
        Set<String> uids = new HashSet<>();
        for (Endpoint endpoint : state) {
            if (endpoint.state() == wanted) {
                uids.add(endpoint.uid());
            }
        }
        return uids;
    }

    private static String uid(@Nullable Member<Pool> member) {
        return member == null ? "none" : member.endpoint().uid();
    }

    private static Endpoint endpoint(String uid, EndpointState state) {
        return endpointAt(uid, 80, state);
    }

    private static Endpoint endpointAt(String uid, int port, EndpointState state) {
        return new Endpoint(uid, InetSocketAddress.createUnresolved("10.0.0.1", port), state, true);
    }

    private record Pool(String uid) {}

    private static final class RecordingPools implements Balancer.Pools<Pool> {

        final List<String> log = new ArrayList<>();
        final List<String> opened = new ArrayList<>();
        final List<String> vacated = new ArrayList<>();
        final List<String> closed = new ArrayList<>();
        Runnable onVacate = () -> {};

        @Override
        public Pool open(Endpoint endpoint) {
            log.add("open " + endpoint.uid());
            opened.add(endpoint.uid());
            return new Pool(endpoint.uid());
        }

        @Override
        public void vacate(Pool pool) {
            log.add("vacate " + pool.uid());
            vacated.add(pool.uid());
            onVacate.run();
        }

        @Override
        public void close(Pool pool) {
            log.add("close " + pool.uid());
            closed.add(pool.uid());
        }
    }
}
