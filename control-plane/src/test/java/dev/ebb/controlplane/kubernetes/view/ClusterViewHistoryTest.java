package dev.ebb.controlplane.kubernetes.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.controlplane.cluster.ClusterEndpoint;
import dev.ebb.controlplane.cluster.ClusterEndpoint.Condition;
import dev.ebb.controlplane.model.DestinationName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random histories of a cluster, told by three watches that know nothing of each other: however
/// their news are interleaved, the view ends at what the last state says; it names every host of
/// which it says something else than before; and a pod that was deleted is never ready again.
class ClusterViewHistoryTest {
    private static final int HISTORIES = 40;
    private static final int STEPS = 120;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void viewEndsAtTheLastStateHoweverTheNewsAreInterleaved(long seed) {
        for (int i = 0; i < HISTORIES; i++) {
            new History(seed * 1_000 + i).run();
        }
    }

    /// One history.
    private static final class History {
        private final Random random;
        private final RandomCluster cluster;
        private final ClusterView view = new ClusterView("cluster.local");
        private final String name;
        private Map<DestinationName, Set<String>> said = new HashMap<>();

        History(long seed) {
            this.random = new Random(seed);
            this.cluster = new RandomCluster(random);
            this.name = "history " + seed;
        }

        void run() {
            for (int step = 0; step < STEPS; step++) {
                cluster.change();
                while (random.nextInt(3) > 0) {
                    cluster.news().ifPresent(this::take);
                }
            }
            for (Optional<RandomCluster.News> last = cluster.news();
                    last.isPresent();
                    last = cluster.news()) {
                take(last.get());
            }

            for (DestinationName each : RandomCluster.DESTINATIONS) {
                assertThat(found(each)).as("%s: %s", name, each).isEqualTo(cluster.expected(each));
            }
        }

        private void take(RandomCluster.News news) {
            Set<String> touched = news.tell(view);
            Map<DestinationName, Set<String>> before = said;
            said = new HashMap<>();
            for (DestinationName each : RandomCluster.DESTINATIONS) {
                Set<String> now = found(each);
                said.put(each, now);
                if (!now.equals(before.getOrDefault(each, Set.of("unknown")))) {
                    assertThat(touched)
                            .as("%s: hosts touched by %s", name, news)
                            .contains(each.host());
                }
            }
        }

        private Set<String> found(DestinationName destination) {
            Optional<List<ClusterEndpoint>> found = view.find(destination);
            if (found.isEmpty()) {
                return Set.of("unknown");
            }
            Set<String> words = new TreeSet<>();
            for (ClusterEndpoint endpoint : found.get()) {
                String uid = endpoint.instance().uid();
                if (endpoint.condition() == Condition.READY) {
                    assertThat(view.pod(uid).filter(PodState::isLeaving))
                            .as("%s: deleted, and ready at %s", name, destination)
                            .isEmpty();
                    assertThat(cluster.wasToldGone(uid)).as("%s: %s is gone", name, uid).isFalse();
                }
                words.add(uid + " " + endpoint.address() + " " + endpoint.condition());
            }
            return words;
        }
    }
}
