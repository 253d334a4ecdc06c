package dev.ebb.bench;

import dev.ebb.bench.candidate.AotCache;
import dev.ebb.bench.candidate.EbbProxy;
import dev.ebb.bench.candidate.EbbProxy.Side;
import dev.ebb.bench.candidate.Site;
import dev.ebb.bench.load.Probe;
import dev.ebb.bench.load.Target;
import dev.ebb.bench.load.Wrk;
import dev.ebb.bench.process.Child;
import dev.ebb.bench.process.Children;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/// The training run that makes the proxy's AOT cache: real traffic through both sides, and a real
/// end.
final class Training {

    private static final int CONNECTIONS = 16;
    private static final int SECONDS = 2;
    private static final Duration STARTS_WITHIN = Duration.ofSeconds(20);

    private final AotCache cache;
    private final Children children;
    private final Wrk wrk;

    Training(AotCache cache, Children children, Wrk wrk) {
        this.cache = cache;
        this.children = children;
        this.wrk = wrk;
    }

    void run(Path directory, int originPort, int controlPlanePort)
            throws IOException, InterruptedException {
        Site inbound = new Site(directory, Ports.free(), originPort);
        int outbound = Ports.free();
        Child proxy = children.start(cache.training(inbound, outbound, controlPlanePort));
        send(new Target(inbound.listenPort(), destination(Side.INBOUND), "/"), proxy);
        send(new Target(outbound, destination(Side.OUTBOUND), "/"), proxy);
        // The JVM writes the cache before it ends.
        var _ = proxy.terminate();
    }

    private void send(Target target, Child proxy) throws IOException, InterruptedException {
        Probe.awaitOk(target, proxy, STARTS_WITHIN);
        var _ = wrk.run(target, CONNECTIONS, SECONDS);
    }

    private String destination(Side side) {
        return new EbbProxy(side, cache.program(), 0).destination();
    }
}
