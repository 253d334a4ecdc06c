package dev.ebb.bench.candidate;

import dev.ebb.bench.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.stream.Stream;

/// The proxy's ahead-of-time cache: loaded and linked classes and profiles from a training run,
/// which an image carries beside the jars. It is made where they were built, by the JDK that will
/// use it.
public record AotCache(Path file, JavaProgram program) {

    /// Beside the jars of the proxy.
    public static AotCache ofProxy(Path root) {
        return new AotCache(root.resolve("proxy/target/app/proxy.aot"), JavaProgram.proxy(root));
    }

    /// Whether a training run is needed: there is no cache, or a jar is newer.
    public boolean isStale() throws IOException {
        if (!Files.exists(file)) {
            return true;
        }
        FileTime made = Files.getLastModifiedTime(file);
        try (Stream<Path> jars = Files.list(program.libraries())) {
            for (Path jar : jars.toList()) {
                if (Files.getLastModifiedTime(jar).compareTo(made) > 0) {
                    return true;
                }
            }
        }
        return false;
    }

    /// The program as it runs with the cache. A JVM that cannot use it goes on without.
    public JavaProgram used() {
        return program.with("-XX:AOTCache=" + file);
    }

    /// The command of the training run; when it has ended by TERM the cache is written.
    public Command training(Site inbound, int outboundPort, int controlPlanePort) {
        EbbProxy proxy = new EbbProxy(EbbProxy.Side.INBOUND, training(), controlPlanePort);
        return proxy.command(
                "training",
                inbound,
                Map.of("EBB_PROXY_OUTBOUND_LISTEN", "127.0.0.1:" + outboundPort));
    }

    private JavaProgram training() {
        return program.with("-XX:AOTCacheOutput=" + file);
    }
}
