package dev.ebb;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import org.junit.jupiter.api.Test;

/// Keeps the shape of the module.
class ArchitectureTest {

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("dev.ebb");

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.ebb.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void layersAreKept() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("ground")
                .definedBy("dev.ebb.drain", "dev.ebb.lifecycle", "dev.ebb.env", "dev.ebb.json")
                .layer("logging")
                .definedBy("dev.ebb.logging")
                .layer("admin")
                .definedBy("dev.ebb.admin")
                .whereLayer("admin")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("logging")
                .mayOnlyBeAccessedByLayers("admin")
                .check(CLASSES);
    }

    @Test
    void onlyTheJdkAndTheLoggingApiAreUsed() {
        ArchRuleDefinition.classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.ebb..",
                        "java..",
                        "com.sun.net.httpserver..",
                        "sun.misc",
                        "org.slf4j..",
                        "org.jspecify.annotations")
                .check(CLASSES);
    }

    @Test
    void everyPackageIsDescribed() {
        assertThat(CLASSES.getPackage("dev.ebb").getSubpackagesInTree())
                .filteredOn(p -> !p.getClasses().isEmpty())
                .isNotEmpty()
                .allMatch(ArchitectureTest::hasPackageInfo);
    }

    private static boolean hasPackageInfo(JavaPackage javaPackage) {
        return javaPackage.tryGetPackageInfo().isPresent();
    }
}
