package dev.ebb.e2e.containers;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import dev.ebb.e2e.cluster.LogLine;
import dev.ebb.e2e.cluster.PodEdit;
import dev.ebb.e2e.cluster.Poll;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;

/// A proxy and its application, two containers with one network. The application runs under
/// `ebb-await`, as it would in an image of a user's.
public final class Member implements AutoCloseable {
    /// What `docker stop` allows, and what the proxy is told about it.
    private static final Duration GRACE = Duration.ofSeconds(30);

    private static final int RELAY_PORT = 8087;
    private static final String JAVA = "/ebb/jre/bin/java";

    private final String name;
    private final GenericContainer<?> proxy;
    private final List<GenericContainer<?>> relays;
    private final GenericContainer<?> application;

    private Member(
            String name,
            GenericContainer<?> proxy,
            List<GenericContainer<?>> relays,
            GenericContainer<?> application) {
        this.name = name;
        this.proxy = proxy;
        this.relays = relays;
        this.application = application;
    }

    /// Starts both, and does not wait.
    ///
    /// @param proxy settings beside those that every proxy has
    /// @param await arguments of `ebb-await`
    /// @param program what it runs of the test application's image
    static Member start(
            Network network,
            String name,
            Map<String, String> proxy,
            List<String> await,
            List<String> program) {
        Map<String, String> settings = new HashMap<>(proxy);
        settings.put("EBB_PROXY_CONTROL_PLANE", ContainerMesh.CONTROL_PLANE);
        GenericContainer<?> owner = proxy(network, name, settings);
        return new Member(name, owner, List.of(), application(owner, name, await, program));
    }

    /// The same, with a relay between the proxy and the control plane.
    static Member startBehindRelay(
            Network network,
            String name,
            Duration delay,
            List<String> await,
            List<String> program) {
        GenericContainer<?> owner =
                proxy(network, name, Map.of("EBB_PROXY_CONTROL_PLANE", "127.0.0.1:" + RELAY_PORT));
        GenericContainer<?> relay =
                beside(owner)
                        .withCommand(
                                "relay",
                                "--listen=" + RELAY_PORT,
                                "--to=" + ContainerMesh.CONTROL_PLANE,
                                "--delay-ms=" + delay.toMillis());
        relay.start();
        return new Member(name, owner, List.of(relay), application(owner, name, await, program));
    }

    public String name() {
        return name;
    }

    /// `docker stop` of the application alone; returns when both containers have ended.
    public void stopApplication() {
        stop(application);
        awaitEnd();
    }

    /// `docker stop` of both containers at once; returns when they have ended.
    public void stopBoth() {
        CompletableFuture<Void> first = CompletableFuture.runAsync(() -> stop(proxy));
        stop(application);
        first.join();
        awaitEnd();
    }

    /// How the containers ended, by their names here.
    public Map<String, Long> exitCodes() {
        return Map.of(
                PodEdit.PROXY,
                state(proxy).getExitCodeLong(),
                PodEdit.APP,
                state(application).getExitCodeLong());
    }

    /// All that both have written.
    Stream<LogLine> lines() {
        return Stream.concat(
                lines(PodEdit.PROXY, proxy.getLogs()), lines(PodEdit.APP, application.getLogs()));
    }

    void awaitLine(String what, Duration limit) {
        Poll.until(
                "\"%s\" in the log of %s".formatted(what, name),
                limit,
                () ->
                        lines(PodEdit.APP, application.getLogs())
                                .anyMatch(line -> line.isAbout(what)));
    }

    @Override
    public void close() {
        application.stop();
        relays.forEach(GenericContainer::stop);
        proxy.stop();
    }

    /// One of our images, which no registry has. Its JVM is short-lived, as in the pods.
    static GenericContainer<?> container(String image) {
        return new GenericContainer<>("ebb.dev/" + image + ":dev")
                .withImagePullPolicy(_ -> false)
                .withEnv(PodEdit.JVM_OPTIONS, PodEdit.SHORT_LIVED);
    }

    private static GenericContainer<?> proxy(
            Network network, String name, Map<String, String> settings) {
        GenericContainer<?> proxy =
                container("ebb-proxy")
                        .withNetwork(network)
                        .withEnv(settings)
                        .withEnv("EBB_PROXY_INSTANCE", name)
                        .withEnv("EBB_PROXY_GRACE", GRACE.toSeconds() + "s")
                        .withEnv("EBB_PROXY_RESEND", "disabled")
                        .withEnv("EBB_PROXY_WORKERS", "1");
        proxy.start();
        return proxy;
    }

    private static GenericContainer<?> application(
            GenericContainer<?> proxy, String name, List<String> await, List<String> program) {
        List<String> command = new ArrayList<>();
        command.add("@/ebb/ebb-await.args");
        command.addAll(await);
        command.addAll(List.of("--", JAVA, "@/ebb/ebb-testapp.args"));
        command.addAll(program);
        GenericContainer<?> application =
                beside(proxy)
                        .withEnv("HOSTNAME", name)
                        .withCreateContainerCmdModifier(create -> create.withEntrypoint(JAVA))
                        .withCommand(command.toArray(String[]::new));
        application.start();
        return application;
    }

    private static GenericContainer<?> beside(GenericContainer<?> proxy) {
        return container("ebb-testapp").withNetworkMode("container:" + proxy.getContainerId());
    }

    private void awaitEnd() {
        Poll.until(
                "the end of " + name,
                GRACE,
                () ->
                        Set.of(proxy, application).stream()
                                .noneMatch(each -> Boolean.TRUE.equals(state(each).getRunning())));
    }

    private Stream<LogLine> lines(String container, String log) {
        return log.lines().map(text -> new LogLine(name, container, text));
    }

    private static void stop(GenericContainer<?> container) {
        docker().stopContainerCmd(container.getContainerId())
                .withTimeout((int) GRACE.toSeconds())
                .exec();
    }

    private static ContainerState state(GenericContainer<?> container) {
        return docker().inspectContainerCmd(container.getContainerId()).exec().getState();
    }

    private static DockerClient docker() {
        return DockerClientFactory.lazyClient();
    }
}
