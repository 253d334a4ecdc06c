package dev.ebb.e2e.containers;

import dev.ebb.e2e.cluster.Departure;
import dev.ebb.e2e.cluster.Figures;
import dev.ebb.e2e.cluster.Home;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// Gives each test that asks for one a [ContainerMesh], and ends its containers afterwards. Docker
/// gets the images once a run. What is left of a failed test is written to
/// `e2e/target/e2e-failures/TEST`.
public final class Containers implements ParameterResolver, AfterTestExecutionCallback {
    private static final Namespace STORE = Namespace.create(Containers.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
        return parameter.getParameter().getType() == ContainerMesh.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
        test.getRoot()
                .getStore(STORE)
                .computeIfAbsent(Docker.class, _ -> Docker.ready(), Docker.class);
        return test.getStore(STORE)
                .computeIfAbsent(
                        ContainerMesh.class, _ -> ContainerMesh.start(), ContainerMesh.class);
    }

    @Override
    public void afterTestExecution(ExtensionContext test) {
        ContainerMesh mesh = test.getStore(STORE).get(ContainerMesh.class, ContainerMesh.class);
        if (mesh == null) {
            return;
        }
        if (test.getExecutionException().isPresent()) {
            Path folder =
                    Home.file("e2e/target/e2e-failures")
                            .resolve(
                                    test.getRequiredTestClass().getSimpleName()
                                            + "."
                                            + test.getRequiredTestMethod().getName());
            mesh.writeLogs(folder);
            Figures.print("what is left of it: " + folder);
        }
        for (Departure each : mesh.departures()) {
            test.publishReportEntry(
                    each.isNotHeld() ? Departure.NOT_HELD : Departure.HELD, each.line());
        }
    }
}
