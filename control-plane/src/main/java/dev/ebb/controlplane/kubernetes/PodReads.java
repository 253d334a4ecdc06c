package dev.ebb.controlplane.kubernetes;

import dev.ebb.controlplane.cluster.Life;
import dev.ebb.controlplane.kubernetes.view.ObjectName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/// Answers "does this pod leave?" by reading the Pod itself, because news of its deletion may come
/// later than the question.
///
/// A read is shared by those questions only that came before it began: one that began earlier may
/// have seen the pod alive. So there is at most one read of a pod at a time, and whoever asks
/// meanwhile gets the next. Belongs to the index's writer.
final class PodReads {
    /// More than a pod's proxy has reasons to ask while one read lasts.
    private static final int MAX_WAITING = 16;

    private final PodReader reader;
    private final Executor writer;
    private final Map<String, List<Consumer<Life>>> waiting = new HashMap<>();

    PodReads(PodReader reader, Executor writer) {
        this.reader = reader;
        this.writer = writer;
    }

    /// Calls `answer` once, on the writer.
    void read(ObjectName pod, String uid, Consumer<Life> answer) {
        List<Consumer<Life>> next = waiting.get(uid);
        if (next == null) {
            waiting.put(uid, new ArrayList<>());
            start(pod, uid, List.of(answer));
        } else if (next.size() < MAX_WAITING) {
            next.add(answer);
        } else {
            answer.accept(new Life.CannotTell("the pod is asked about too often"));
        }
    }

    private void start(ObjectName pod, String uid, List<Consumer<Life>> answers) {
        reader.read(pod, uid, life -> writer.execute(() -> finished(pod, uid, answers, life)));
    }

    private void finished(ObjectName pod, String uid, List<Consumer<Life>> answers, Life life) {
        List<Consumer<Life>> next = waiting.remove(uid);
        if (next != null && !next.isEmpty()) {
            waiting.put(uid, new ArrayList<>());
            start(pod, uid, next);
        }
        answers.forEach(answer -> answer.accept(life));
    }

    /// Reads one Pod. Never blocks; calls back once, on any thread.
    interface PodReader {
        void read(ObjectName pod, String uid, Consumer<Life> result);
    }
}
