package dev.ebb.bench.candidate;

import dev.ebb.bench.process.Command;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Ebb's proxy with its production flags: it is connected to a control plane, registers what it
/// serves, detects the protocol, counts and times each request.
public record EbbProxy(JavaProgram program, int controlPlanePort) implements Candidate {

    @Override
    public String name() {
        return "ebb";
    }

    @Override
    public String version() {
        return "JDK " + Runtime.version();
    }

    /// Until the compiler has seen the way of a request.
    @Override
    public Duration warmUp() {
        return Duration.ofSeconds(8);
    }

    @Override
    public Command at(Site site) {
        return program.command(
                name(),
                List.of(),
                Map.of(
                        "EBB_PROXY_CONTROL_PLANE",
                        "127.0.0.1:" + controlPlanePort,
                        "EBB_PROXY_INBOUND_LISTEN",
                        "127.0.0.1:" + site.listenPort(),
                        "EBB_PROXY_OUTBOUND_LISTEN",
                        "127.0.0.1:0",
                        "EBB_PROXY_ADMIN_LISTEN",
                        "127.0.0.1:0",
                        "EBB_PROXY_APPLICATION",
                        "127.0.0.1:" + site.originPort(),
                        "EBB_PROXY_SERVES",
                        DESTINATION,
                        "EBB_PROXY_NATIVE_SIDECAR",
                        "true",
                        "MALLOC_ARENA_MAX",
                        "1"));
    }
}
