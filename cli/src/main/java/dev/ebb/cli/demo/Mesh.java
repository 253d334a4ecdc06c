package dev.ebb.cli.demo;

import dev.ebb.cli.demo.process.Child;
import dev.ebb.cli.demo.process.Children;
import dev.ebb.cli.demo.process.FreePorts;
import dev.ebb.cli.demo.process.Program;
import dev.ebb.cli.demo.report.Evidence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Starts the parts of the mesh around one service, each with its own ports and settings; knows
/// nothing of their order. Used by one thread.
final class Mesh {
    static final String AUTHORITY = "web.demo";
    static final String DESTINATION = AUTHORITY + ":80";

    private final DemoSettings settings;
    private final Children children;
    private final FreePorts ports;
    private final Evidence evidence;
    private final String authority;
    private final Map<String, String> proxySettings;
    private int replicas;

    /// A client proxy.
    record Client(String name, Child proxy, int outbound, int admin) {}

    /// A replica's proxy, whose application is not there yet.
    record Alone(String name, Child proxy, int application, int outbound, int admin) {}

    /// Nothing yet.
    ///
    /// @param authority of the service; its first label begins the names of the replicas
    /// @param proxySettings the environment of every proxy, over what it needs
    Mesh(
            DemoSettings settings,
            Children children,
            FreePorts ports,
            Evidence evidence,
            String authority,
            Map<String, String> proxySettings) {
        this.settings = settings;
        this.children = children;
        this.ports = ports;
        this.evidence = evidence;
        this.authority = authority;
        this.proxySettings = Map.copyOf(proxySettings);
    }

    /// Starts a client proxy.
    ///
    /// @param controlPlane the port on which it reaches its control plane
    Client client(String name, int controlPlane) {
        int outbound = ports.next();
        int admin = ports.next();
        Map<String, String> environment = environment(name, controlPlane, admin);
        environment.put("EBB_PROXY_OUTBOUND_LISTEN", loopback(outbound));
        return new Client(name, proxy(name, environment), outbound, admin);
    }

    MeshReplica replica(int controlPlane) {
        return application(alone(controlPlane));
    }

    /// Starts a replica's proxy alone: it is a replacement that is coming.
    Alone alone(int controlPlane) {
        String name = authority.substring(0, authority.indexOf('.')) + "-" + ++replicas;
        int application = ports.next();
        int outbound = ports.next();
        int admin = ports.next();
        Map<String, String> environment = environment(name, controlPlane, admin);
        environment.put("EBB_PROXY_OUTBOUND_LISTEN", loopback(outbound));
        environment.put("EBB_PROXY_APPLICATION", loopback(application));
        environment.put("EBB_PROXY_SERVES", authority + ":80");
        environment.put("EBB_PROXY_GRACE", settings.grace().toMillis() + "ms");
        Child proxy = proxy(name + "-proxy", environment);
        return new Alone(name, proxy, application, outbound, admin);
    }

    /// Starts the application beside its proxy.
    MeshReplica application(Alone at) {
        Child await = await(at.name(), at.application(), at.admin());
        return new MeshReplica(at.name(), at.proxy(), await, at.outbound(), at.admin());
    }

    private Child proxy(String childName, Map<String, String> environment) {
        environment.putAll(proxySettings);
        List<String> command = Program.PROXY.command(settings.home(), List.of());
        return children.start(evidence.scenario() + "/" + childName, command, environment);
    }

    private Child await(String name, int application, int admin) {
        List<String> web =
                Program.WEB.command(
                        settings.home(),
                        List.of(name, String.valueOf(application), evidence.origins().toString()));
        List<String> arguments = new ArrayList<>();
        arguments.addAll(List.of("--hold", "-S", "-p", String.valueOf(admin), "--"));
        arguments.addAll(web);
        return children.start(
                evidence.scenario() + "/" + name,
                Program.AWAIT.command(settings.home(), arguments),
                Map.of());
    }

    private Map<String, String> environment(String name, int controlPlane, int admin) {
        Map<String, String> environment = new HashMap<>();
        environment.put("MALLOC_ARENA_MAX", "1");
        environment.put("EBB_PROXY_INSTANCE", name);
        environment.put("EBB_PROXY_CONTROL_PLANE", loopback(controlPlane));
        environment.put("EBB_PROXY_INBOUND_LISTEN", loopback(ports.next()));
        environment.put("EBB_PROXY_ADMIN_LISTEN", loopback(admin));
        return environment;
    }

    private static String loopback(int port) {
        return "127.0.0.1:" + port;
    }
}
