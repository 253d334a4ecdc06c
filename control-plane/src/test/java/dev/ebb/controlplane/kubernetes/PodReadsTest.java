package dev.ebb.controlplane.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.controlplane.cluster.Life;
import dev.ebb.controlplane.kubernetes.view.ObjectName;
import dev.ebb.controlplane.model.DepartureStatus.Deletion;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// A question is answered by a read that began after it.
class PodReadsTest {
    private static final ObjectName POD = new ObjectName("shop", "web-1");

    private final List<Consumer<Life>> underway = new ArrayList<>();
    private final List<String> answers = new ArrayList<>();
    private final PodReads reads =
            new PodReads((_, _, result) -> underway.add(result), Runnable::run);

    @Test
    void readThatBeganBeforeTheQuestionIsNotShared() {
        ask("first");
        ask("second");
        ask("third");

        assertThat(underway).hasSize(1);

        underway.getFirst().accept(new Life.Alive());

        assertThat(answers).containsExactly("first Alive");
        assertThat(underway).as("one read for those who came meanwhile").hasSize(2);

        underway.getLast().accept(new Life.Leaves(Deletion.DONE));

        assertThat(answers).containsExactly("first Alive", "second Leaves", "third Leaves");
        assertThat(underway).hasSize(2);
    }

    @Test
    void nextQuestionBeginsAReadOfItsOwn() {
        ask("first");
        underway.getFirst().accept(new Life.Alive());

        ask("second");

        assertThat(underway).hasSize(2);
    }

    @Test
    void whoAsksTooOftenIsToldSo() {
        for (int i = 0; i < 20; i++) {
            ask("q" + i);
        }

        assertThat(answers).hasSize(3).allMatch(answer -> answer.endsWith("CannotTell"));
    }

    @Test
    void podIsJudgedByUidAndDeletion() {
        Pod alive = pod("u1").build();
        Pod deleted =
                pod("u1")
                        .editMetadata()
                        .withDeletionTimestamp("2026-11-23T22:00:00Z")
                        .withDeletionGracePeriodSeconds(30L)
                        .endMetadata()
                        .build();

        assertThat(ApiPodReader.life(alive, "u1")).isEqualTo(new Life.Alive());
        assertThat(ApiPodReader.life(alive, "u2")).isEqualTo(new Life.Leaves(Deletion.DONE));
        assertThat(ApiPodReader.life(null, "u1")).isEqualTo(new Life.Leaves(Deletion.DONE));
        assertThat(ApiPodReader.life(deleted, "u1"))
                .isEqualTo(new Life.Leaves(Deletion.within(Duration.ofSeconds(30))));
    }

    private void ask(String name) {
        reads.read(POD, "u1", life -> answers.add(name + " " + life.getClass().getSimpleName()));
    }

    private static PodBuilder pod(String uid) {
        return new PodBuilder()
                .withNewMetadata()
                .withNamespace("shop")
                .withName("web-1")
                .withUid(uid)
                .endMetadata();
    }
}
