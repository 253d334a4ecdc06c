package dev.ebb.e2e.cluster;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LifecycleBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Changes what a test changes of a manifest, in place, before it is applied; everything else stays
/// as it is written there.
public final class PodEdit {
    public static final String APP = "app";
    public static final String PROXY = "ebb-proxy";

    /// The container that makes a proxy slow.
    public static final String RELAY = "relay";

    /// Where a JVM of our images takes options from.
    public static final String JVM_OPTIONS = "JDK_JAVA_OPTIONS";

    /// It never optimizes what it compiles (no C2): it ends before that pays, and the suite is as
    /// fast as its machine's processors.
    public static final String SHORT_LIVED = "-XX:TieredStopAtLevel=1";

    private static final String CONTROL_PLANE = "EBB_PROXY_CONTROL_PLANE";
    private static final int RELAY_PORT = 8087;

    private final PodSpec spec;

    private PodEdit(PodSpec spec) {
        this.spec = spec;
    }

    /// Of the pod, or of the pods that the object makes.
    public static PodEdit of(HasMetadata object) {
        return find(object)
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                object.getKind() + " (expected: something with pods)"));
    }

    /// The same, if it is something with pods.
    static Optional<PodEdit> find(HasMetadata object) {
        PodSpec spec =
                switch (object) {
                    case Pod pod -> pod.getSpec();
                    case Deployment deployment -> deployment.getSpec().getTemplate().getSpec();
                    case Job job -> job.getSpec().getTemplate().getSpec();
                    case CronJob cronJob ->
                            cronJob.getSpec().getJobTemplate().getSpec().getTemplate().getSpec();
                    default -> null;
                };
        return Optional.ofNullable(spec).map(PodEdit::new);
    }

    /// Tells all JVMs that they are short-lived, but for those that are told something else.
    void shortLived() {
        EnvVar setting = variable(JVM_OPTIONS, SHORT_LIVED);
        containers()
                .map(Container::getEnv)
                .filter(env -> env.stream().noneMatch(each -> each.getName().equals(JVM_OPTIONS)))
                .forEach(env -> env.add(setting));
    }

    /// The proxy's JVM optimizes all the same.
    public PodEdit asShipped() {
        return proxy(JVM_OPTIONS, "");
    }

    static EnvVar variable(String name, String value) {
        return new EnvVarBuilder().withName(name).withValue(value).build();
    }

    /// The one number that the kubelet and the proxy both go by.
    public PodEdit grace(Duration grace) {
        spec.setTerminationGracePeriodSeconds(grace.toSeconds());
        return proxy("EBB_PROXY_GRACE", grace.toSeconds() + "s");
    }

    /// A setting of the proxy.
    public PodEdit proxy(String name, String value) {
        List<EnvVar> env = container(PROXY).getEnv();
        env.removeIf(each -> each.getName().equals(name));
        env.add(variable(name, value));
        return this;
    }

    /// The control plane that the proxy is at.
    PodEdit controlPlane(ControlPlane controlPlane) {
        return proxy(CONTROL_PLANE, controlPlane.address());
    }

    /// The proxy never re-sends, so that the hold is seen alone.
    public PodEdit withoutReSending() {
        return proxy("EBB_PROXY_RESEND", "disabled");
    }

    /// The kubelet tells the application to stop at once.
    public PodEdit withoutHold() {
        container(APP).setLifecycle(null);
        return this;
    }

    /// The classic recipe in place of the hold.
    public PodEdit sleepingHook(Duration sleep) {
        container(APP)
                .setLifecycle(
                        new LifecycleBuilder()
                                .withNewPreStop()
                                .withNewSleep(sleep.toSeconds())
                                .endPreStop()
                                .build());
        return this;
    }

    /// A program of the application's own image in place of the hold.
    public PodEdit commandHook(String... command) {
        container(APP)
                .setLifecycle(
                        new LifecycleBuilder()
                                .withNewPreStop()
                                .withNewExec()
                                .withCommand(command)
                                .endExec()
                                .endPreStop()
                                .build());
        return this;
    }

    /// Another image for the application.
    ///
    /// @param pullPolicy `Never` or `IfNotPresent`
    public PodEdit image(String image, String pullPolicy) {
        container(APP).setImage(image);
        container(APP).setImagePullPolicy(pullPolicy);
        return this;
    }

    /// Other arguments for the application.
    public PodEdit arguments(String... arguments) {
        container(APP).setArgs(List.of(arguments));
        return this;
    }

    /// The application's arguments with one of them exchanged.
    public PodEdit argument(String before, String after) {
        container(APP).getArgs().replaceAll(each -> each.equals(before) ? after : each);
        return this;
    }

    /// A relay beside the proxy, as the proxy's user, that hands on late what the control plane
    /// tells of changes.
    public PodEdit slow(Duration delay) {
        String controlPlane =
                container(PROXY).getEnv().stream()
                        .filter(each -> each.getName().equals(CONTROL_PLANE))
                        .map(EnvVar::getValue)
                        .findFirst()
                        .orElseThrow();
        return slow(delay, controlPlane);
    }

    /// The same, where the relay knows one address of the control plane, `host:port`, only.
    public PodEdit slow(Duration delay, String controlPlane) {
        Container proxy = container(PROXY);
        Container relay =
                new ContainerBuilder()
                        .withName(RELAY)
                        .withImage(container(APP).getImage())
                        .withImagePullPolicy("IfNotPresent")
                        .withRestartPolicy(proxy.getRestartPolicy())
                        .withArgs(
                                "relay",
                                "--listen=" + RELAY_PORT,
                                "--to=" + controlPlane,
                                "--delay-ms=" + delay.toMillis())
                        .withSecurityContext(proxy.getSecurityContext())
                        .withResources(container(APP).getResources())
                        .build();
        holding(proxy).add(holding(proxy).indexOf(proxy), relay);
        return proxy(CONTROL_PLANE, "127.0.0.1:" + RELAY_PORT);
    }

    /// Whether there is such a relay.
    boolean isSlow() {
        return containers().anyMatch(each -> each.getName().equals(RELAY));
    }

    /// Without the init container, which alone needs more than the restricted profile allows.
    public PodEdit withoutRedirection() {
        spec.getInitContainers().removeIf(each -> each.getName().equals("ebb-init"));
        return this;
    }

    /// What has come of it.
    PodSpec spec() {
        return spec;
    }

    private List<Container> holding(Container container) {
        return spec.getInitContainers().contains(container)
                ? spec.getInitContainers()
                : spec.getContainers();
    }

    private Container container(String name) {
        return containers()
                .filter(each -> each.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no container " + name));
    }

    private Stream<Container> containers() {
        return Stream.concat(spec.getInitContainers().stream(), spec.getContainers().stream());
    }
}
