package dev.ebb.e2e.app;

import dev.ebb.cli.demo.relay.Delay;
import dev.ebb.cli.demo.relay.SlowRelay;
import dev.ebb.e2e.app.Options.Target;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// `relay --listen=8087 --to=host:port --delay-ms=3000`: stands between the proxy of its own pod
/// and the control plane, and makes this proxy late with everything that the control plane says
/// after its first words. Writes a line for every message that passes.
final class RelayApp {
    private RelayApp() {}

    /// Does not return: what the relay runs on does not keep a process.
    static void run(Options options) throws InterruptedException {
        Target target = options.requiredTarget("to");
        int port = options.number("listen", 8087);
        Duration delay = options.millis("delay-ms", Duration.ZERO);
        options.finish();

        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        ManagedChannel channel =
                NettyChannelBuilder.forAddress(target.host(), target.port())
                        .usePlaintext()
                        .keepAliveTime(10, TimeUnit.SECONDS)
                        .build();
        SlowRelay relay =
                SlowRelay.start(
                        channel,
                        Delay.of(delay, timer),
                        port,
                        note -> Journal.write("relayed", note.way(), note.what()));
        Journal.write("relaying");
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    relay.close();
                                    Runtime.getRuntime().halt(0);
                                },
                                "term"));
        new CountDownLatch(1).await();
    }
}
