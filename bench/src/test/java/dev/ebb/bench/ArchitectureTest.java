package dev.ebb.bench;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/// Keeps the shape of the module: who may use whom, and that each package says what it is.
class ArchitectureTest {

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("dev.ebb.bench");

    @Test
    void packagesDependDownwardsOnly() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("run")
                .definedBy("dev.ebb.bench")
                .layer("candidate")
                .definedBy("dev.ebb.bench.candidate")
                .layer("report")
                .definedBy("dev.ebb.bench.report")
                .layer("load")
                .definedBy("dev.ebb.bench.load")
                .layer("process")
                .definedBy("dev.ebb.bench.process")
                .whereLayer("run")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("candidate")
                .mayOnlyBeAccessedByLayers("run")
                .whereLayer("report")
                .mayOnlyBeAccessedByLayers("run")
                .whereLayer("load")
                .mayOnlyBeAccessedByLayers("run", "report")
                .check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.ebb.bench.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void measuredProgramsAreChildProcessesAndNotLinked() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.ebb.proxy..", "dev.ebb.controlplane..", "io.netty..")
                .check(CLASSES);
    }

    @Test
    void everyPackageIsNullMarkedAndSaysWhereToStart() {
        for (JavaPackage each : CLASSES.getPackage("dev.ebb.bench").getSubpackagesInTree()) {
            assertThat(each.tryGetPackageInfo()).as(each.getName()).isPresent();
            assertThat(each.isAnnotatedWith(NullMarked.class)).as(each.getName()).isTrue();
        }
    }
}
