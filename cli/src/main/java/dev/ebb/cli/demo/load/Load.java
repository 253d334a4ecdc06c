package dev.ebb.cli.demo.load;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// Sends numbered requests at a steady rate, callers in turn. The rate does not depend on the
/// answers: each request has a virtual thread, and their number is bounded by the rate and the
/// client's time limit.
public final class Load {
    private final Settings settings;
    private final RawClient client;
    private final Consumer<RequestRecord> log;
    private final LongAdder sent = new LongAdder();
    private final LongAdder lost = new LongAdder();

    /// One party for each request in flight and one for the clock.
    private final Phaser inFlight = new Phaser(1);

    private volatile boolean stopping;

    /// What is sent, by whom, and how often.
    ///
    /// @param run the first part of every request id
    /// @param rate requests per second, all callers together
    public record Settings(String run, int rate, List<Caller> callers) {
        public Settings {
            callers = List.copyOf(callers);
        }
    }

    private Load(Settings settings, RawClient client, Consumer<RequestRecord> log) {
        this.settings = settings;
        this.client = client;
        this.log = log;
    }

    /// Sends from now on.
    ///
    /// @param log told of every request once its outcome is known, by many threads
    public static Load start(Settings settings, RawClient client, Consumer<RequestRecord> log) {
        Load load = new Load(settings, client, log);
        Thread.ofPlatform().name("load").daemon().start(load::run);
        return load;
    }

    public long sent() {
        return sent.sum();
    }

    public long lost() {
        return lost.sum();
    }

    /// Sends nothing more and waits for the outcomes of all that was sent.
    public void stop(Duration limit) throws InterruptedException, TimeoutException {
        stopping = true;
        inFlight.awaitAdvanceInterruptibly(0, limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void run() {
        long interval = TimeUnit.SECONDS.toNanos(1) / settings.rate();
        long start = System.nanoTime();
        for (long number = 0; !stopping; number++) {
            long due = start + number * interval;
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            send(number);
        }
        inFlight.arriveAndDeregister();
    }

    private void send(long number) {
        Caller caller = settings.callers().get((int) (number % settings.callers().size()));
        Request request = Request.numbered(settings.run(), number);
        inFlight.register();
        sent.increment();
        Thread.startVirtualThread(() -> {
            try {
                exchange(caller, request);
            } finally {
                inFlight.arriveAndDeregister();
            }
        });
    }

    private void exchange(Caller caller, Request request) {
        long sentMillis = System.currentTimeMillis();
        long start = System.nanoTime();
        Outcome outcome = client.send(caller.route(), request);
        RequestRecord done =
                new RequestRecord(
                        request.id(),
                        caller.name(),
                        request.method().name(),
                        request.bytes(),
                        sentMillis,
                        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start),
                        outcome);
        if (done.isLost()) {
            lost.increment();
        }
        log.accept(done);
    }
}
