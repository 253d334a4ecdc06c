package dev.ebb.e2e.cluster;

import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.opentest4j.TestAbortedException;

/// Gives each test a [Scene] in the cluster for each parameter of that type. Their proxies are at
/// the cluster's control plane, unless the test has a [ControlPlane] for a parameter: that is one
/// of its own, which it has to apply, and all of its scenes use it. The cluster itself is made
/// ready once a run: images loaded, control plane installed. All departures of a test must keep
/// their promise, whatever it looks at. What is left of a failed test is written to
/// `e2e/target/e2e-failures/TEST` before its namespaces are deleted.
public final class Cluster implements ParameterResolver, AfterTestExecutionCallback {
    private static final Namespace STORE = Namespace.create(Cluster.class);
    private static final AtomicInteger SCENES = new AtomicInteger();
    private static final int NAME_LIMIT = 40;

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
        Class<?> type = parameter.getParameter().getType();
        return type == Scene.class || type == ControlPlane.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
        return parameter.getParameter().getType() == ControlPlane.class
                ? ownControlPlane(test)
                : scene(parameter.getIndex(), test);
    }

    private static Scene scene(int parameter, ExtensionContext test) {
        return test.getStore(STORE)
                .computeIfAbsent(
                        key(parameter),
                        _ -> Scene.open(cluster(test).client(), name(test), controlPlane(test)),
                        Scene.class);
    }

    private static ControlPlane controlPlane(ExtensionContext test) {
        return List.of(test.getRequiredTestMethod().getParameterTypes())
                        .contains(ControlPlane.class)
                ? ownControlPlane(test)
                : cluster(test).controlPlane();
    }

    private static ControlPlane ownControlPlane(ExtensionContext test) {
        ClusterAccess cluster = cluster(test);
        return ControlPlane.in(
                test.getStore(STORE)
                        .computeIfAbsent(
                                ControlPlane.class,
                                _ ->
                                        Scene.open(
                                                cluster.client(),
                                                name(test),
                                                cluster.controlPlane()),
                                Scene.class));
    }

    private static ClusterAccess cluster(ExtensionContext test) {
        return test.getRoot()
                .getStore(STORE)
                .computeIfAbsent(Attempt.class, _ -> Attempt.make(), Attempt.class)
                .cluster();
    }

    /// Every departure of the test is told to the run's summary, and judged.
    @Override
    public void afterTestExecution(ExtensionContext test) {
        List<Scene> scenes =
                IntStream.range(0, test.getRequiredTestMethod().getParameterCount())
                        .mapToObj(i -> test.getStore(STORE).get(key(i), Scene.class))
                        .filter(Objects::nonNull)
                        .toList();
        Optional<AssertionError> early =
                scenes.stream().flatMap(scene -> judge(scene, test).stream()).findFirst();
        test.getExecutionException()
                .or(() -> early)
                .filter(failure -> !(failure instanceof TestAbortedException))
                .ifPresent(failure -> {
                    scenes.forEach(scene -> keep(scene, test, failure));
                    ofControlPlane(test).ifPresent(scene -> keep(scene, test, failure));
                });
        // A test that has failed already says more.
        if (test.getExecutionException().isEmpty() && early.isPresent()) {
            throw early.get();
        }
    }

    private static Optional<AssertionError> judge(Scene scene, ExtensionContext test) {
        try {
            List<Departure> departures = SceneDepartures.of(scene);
            for (Departure each : departures) {
                boolean held = SceneDepartures.isHeld(scene, each.pod());
                test.publishReportEntry(held ? Departure.HELD : Departure.NOT_HELD, each.line());
            }
            return SceneDepartures.toldTooEarly(scene, departures);
        } catch (RuntimeException e) {
            return Optional.of(
                    new AssertionError(
                            "the departures of %s are unknown".formatted(scene.namespace()), e));
        }
    }

    private static Optional<Scene> ofControlPlane(ExtensionContext test) {
        return Optional.ofNullable(test.getStore(STORE).get(ControlPlane.class, Scene.class));
    }

    private static void keep(Scene scene, ExtensionContext test, Throwable failure) {
        Path folder =
                Home.file("e2e/target/e2e-failures")
                        .resolve(
                                test.getRequiredTestClass().getSimpleName()
                                        + "."
                                        + test.getRequiredTestMethod().getName()
                                        + "."
                                        + scene.namespace());
        FailureFolder.write(scene, failure, folder);
        Figures.print("what is left of it: " + folder);
    }

    /// Of the scene that a test's parameter stands for.
    private static String key(int parameter) {
        return "scene " + parameter;
    }

    /// `rolling-update-3`, unlike any namespace of an earlier run that may still be going.
    private static String name(ExtensionContext test) {
        Method method = test.getRequiredTestMethod();
        String words =
                method.getDeclaringClass()
                        .getSimpleName()
                        .replace("E2E", "")
                        .replaceAll("(?<=[a-z])(?=[A-Z])", "-")
                        .toLowerCase(Locale.ROOT);
        String run = Long.toString(System.currentTimeMillis() / 1000 % 100_000, 36);
        return "%s-%s-%d"
                .formatted(
                        words.substring(0, Math.min(NAME_LIMIT, words.length())),
                        run,
                        SCENES.incrementAndGet());
    }

    /// The one attempt to make the cluster ready. One that failed is not made again by each test,
    /// which would wait for the same deadline once more.
    private record Attempt(@Nullable ClusterAccess ready, @Nullable RuntimeException failure)
            implements AutoCloseable {
        static Attempt make() {
            try {
                return new Attempt(ClusterAccess.open(), null);
            } catch (RuntimeException e) {
                return new Attempt(null, e);
            }
        }

        ClusterAccess cluster() {
            if (ready == null) {
                throw new IllegalStateException(
                        Objects.requireNonNull(failure).getMessage(), failure);
            }
            return ready;
        }

        @Override
        public void close() {
            if (ready != null) {
                ready.close();
            }
        }
    }
}
