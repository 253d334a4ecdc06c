package dev.ebb.bench.candidate;

import dev.ebb.bench.process.Command;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Ebb's proxy with its production flags and everything on: a control plane, discovery,
/// registration, protocol detection, metrics.
public record EbbProxy(Side side, JavaProgram program, int controlPlanePort) implements Candidate {

    /// Which of its two ways is measured.
    public enum Side {
        /// From the mesh to the application that it stands before.
        INBOUND("ebb"),
        /// To a destination that is looked up, balanced over its endpoints.
        OUTBOUND("ebb-out");

        private final String label;

        Side(String label) {
            this.label = label;
        }
    }

    @Override
    public String name() {
        return side.label;
    }

    @Override
    public String destination() {
        return switch (side) {
            case INBOUND -> ControlPlane.SERVED_BY_EBB;
            case OUTBOUND -> ControlPlane.SERVED_BY_ORIGIN;
        };
    }

    @Override
    public String version() {
        return "JDK " + Runtime.version();
    }

    /// Until the compiler has seen the way of a request.
    @Override
    public Duration warmUp() {
        return Duration.ofSeconds(6);
    }

    @Override
    public Command at(Site site) {
        return command(name(), site, Map.of());
    }

    /// As it is measured, but with another name and some settings changed.
    Command command(String as, Site site, Map<String, String> changes) {
        String measured = "127.0.0.1:" + site.listenPort();
        String unused = "127.0.0.1:0";
        Map<String, String> environment = new HashMap<>();
        environment.put("EBB_PROXY_CONTROL_PLANE", "127.0.0.1:" + controlPlanePort);
        environment.put("EBB_PROXY_INBOUND_LISTEN", side == Side.INBOUND ? measured : unused);
        environment.put("EBB_PROXY_OUTBOUND_LISTEN", side == Side.OUTBOUND ? measured : unused);
        environment.put("EBB_PROXY_ADMIN_LISTEN", unused);
        environment.put("EBB_PROXY_APPLICATION", "127.0.0.1:" + site.originPort());
        environment.put("EBB_PROXY_NATIVE_SIDECAR", "true");
        environment.put("MALLOC_ARENA_MAX", "1");
        if (side == Side.INBOUND) {
            environment.put("EBB_PROXY_SERVES", ControlPlane.SERVED_BY_EBB);
        }
        environment.putAll(changes);
        return program.command(as, List.of(), environment);
    }
}
