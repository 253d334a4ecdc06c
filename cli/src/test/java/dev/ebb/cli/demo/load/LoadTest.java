package dev.ebb.cli.demo.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class LoadTest {
    @Test
    void everyRequestThatWasSentHasOneOutcomeWhenTheLoadHasStopped() throws Exception {
        Queue<RequestRecord> log = new ConcurrentLinkedQueue<>();
        CountDownLatch some = new CountDownLatch(40);
        Route nowhere = Optional::empty;
        Load load =
                Load.start(
                        new Load.Settings(
                                "run",
                                1000,
                                List.of(new Caller("a", nowhere), new Caller("b", nowhere))),
                        new RawClient("web.demo", Duration.ofSeconds(1)),
                        done -> {
                            log.add(done);
                            some.countDown();
                        });
        some.await();

        load.stop(Duration.ofSeconds(10));

        assertThat(log).hasSize((int) load.sent()).hasSize((int) load.lost());
        assertThat(log).extracting(RequestRecord::id).doesNotHaveDuplicates();
        assertThat(log).extracting(RequestRecord::caller).contains("a", "b");
        assertThat(log).extracting(RequestRecord::method).contains("GET", "POST");
    }
}
