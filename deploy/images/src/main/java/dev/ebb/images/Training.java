package dev.ebb.images;

import dev.ebb.cli.demo.Probe;
import dev.ebb.cli.demo.load.Caller;
import dev.ebb.cli.demo.load.Load;
import dev.ebb.cli.demo.load.RawClient;
import dev.ebb.cli.demo.load.Route;
import dev.ebb.cli.demo.process.Child;
import dev.ebb.cli.demo.process.Children;
import dev.ebb.cli.demo.process.FreePorts;
import dev.ebb.cli.demo.process.Program;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/// The smallest whole mesh: one instance, which is its own only client. It comes, serves, is
/// deleted and departs as it would in a pod, so that each of its programs does once all that it
/// does in its life. One of them is the trainee, the others run as they were built.
final class Training {
    private static final String AUTHORITY = TrainingCluster.NAME + "." + TrainingCluster.NAMESPACE;
    private static final int REQUESTS_PER_SECOND = 500;
    private static final Duration LOAD = Duration.ofSeconds(4);
    private static final Duration START = Duration.ofMinutes(1);

    /// The JVM writes the cache at the program's end, which takes many times as long as the end.
    private static final Duration END = Duration.ofMinutes(3);

    private final Path home;
    private final Trainee trainee;
    private final Children children;
    private final int controlPlanePort;
    private final int applicationPort;
    private final int outboundPort;
    private final int inboundPort;
    private final int adminPort;
    private final int controlPlaneAdminPort;

    Training(Path home, Trainee trainee, Children children, FreePorts ports) {
        this.home = home;
        this.trainee = trainee;
        this.children = children;
        this.controlPlanePort = ports.next();
        this.applicationPort = ports.next();
        this.outboundPort = ports.next();
        this.inboundPort = ports.next();
        this.adminPort = ports.next();
        this.controlPlaneAdminPort = ports.next();
    }

    /// Returns when the trainee has written its cache. The cluster lives as long as this process.
    ///
    /// @param records where the application keeps its own, and the cluster its files
    void run(Path records) throws IOException, InterruptedException {
        Files.createDirectories(records);
        TrainingCluster cluster = new TrainingCluster(records, inboundPort);
        Child controlPlane = startControlPlane(cluster);
        Child proxy = startProxy(Files.writeString(records.resolve("token"), "training"));
        Child application = startApplication(records);
        Probe.await(
                "an answer through the mesh",
                START,
                proxy,
                () -> Probe.get(outboundPort, "/", AUTHORITY).isPresent());
        send();
        cluster.deletePod();
        application.terminate();
        awaitEnd(application);
        awaitEnd(proxy);
        controlPlane.terminate();
        awaitEnd(controlPlane);
        if (!Files.exists(trainee.cache())) {
            throw new IOException(trainee.cache() + ": not written (expected: by the JVM)");
        }
    }

    private Child startControlPlane(TrainingCluster cluster) {
        return start(
                "ebb-control-plane",
                Program.CONTROL_PLANE,
                List.of(
                        "kubernetes",
                        "--kubeconfig",
                        cluster.kubeconfig().toString(),
                        "--listen",
                        loopback(controlPlanePort),
                        "--admin-listen",
                        loopback(controlPlaneAdminPort),
                        "--warm-up",
                        "1s"),
                Map.of());
    }

    private Child startProxy(Path token) {
        return start(
                "ebb-proxy",
                Program.PROXY,
                List.of(),
                Map.of(
                        "MALLOC_ARENA_MAX", "1",
                        "EBB_PROXY_CONTROL_PLANE", loopback(controlPlanePort),
                        "EBB_PROXY_INBOUND_LISTEN", loopback(inboundPort),
                        "EBB_PROXY_OUTBOUND_LISTEN", loopback(outboundPort),
                        "EBB_PROXY_ADMIN_LISTEN", loopback(adminPort),
                        "EBB_PROXY_APPLICATION", loopback(applicationPort),
                        "EBB_PROXY_INSTANCE_UID", TrainingCluster.POD_UID,
                        "EBB_PROXY_CONTROL_TOKEN_FILE", token.toString()));
    }

    private Child startApplication(Path records) {
        List<String> arguments = new ArrayList<>();
        arguments.addAll(List.of("--hold", "-S", "-p", String.valueOf(adminPort), "--"));
        arguments.addAll(
                trainee.program().equals("ebb-testapp")
                        ? trainee.command(List.of("web", "--port=" + applicationPort))
                        : web(records));
        return start("ebb-await", Program.AWAIT, arguments, Map.of());
    }

    private List<String> web(Path records) {
        return Program.WEB.command(
                home, List.of("web", String.valueOf(applicationPort), records.toString()));
    }

    private Child start(
            String name, Program program, List<String> arguments, Map<String, String> environment) {
        List<String> command =
                name.equals(trainee.program())
                        ? trainee.command(arguments)
                        : program.command(home, arguments);
        return children.start(name, command, environment);
    }

    private void send() throws IOException, InterruptedException {
        InetSocketAddress outbound =
                new InetSocketAddress(InetAddress.getLoopbackAddress(), outboundPort);
        Caller caller = new Caller("training", Route.through(outbound));
        Load.Settings settings =
                new Load.Settings("training", REQUESTS_PER_SECOND, List.of(caller));
        try (RawClient client = new RawClient(AUTHORITY, START)) {
            Load load = Load.start(settings, client, _ -> {});
            Thread.sleep(LOAD);
            load.stop(START);
        } catch (TimeoutException e) {
            throw new IOException("requests without an answer after " + START, e);
        }
    }

    private static void awaitEnd(Child child) throws InterruptedException {
        if (child.awaitExit(END).orElse(-1) != 0) {
            throw Probe.failure(child, "it did not end in order", "exit code 0");
        }
    }

    private static String loopback(int port) {
        return "127.0.0.1:" + port;
    }
}
