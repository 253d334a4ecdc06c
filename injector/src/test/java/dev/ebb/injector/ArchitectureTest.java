package dev.ebb.injector;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/// Keeps the shape of the module.
class ArchitectureTest {

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("dev.ebb.injector");

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.ebb.injector.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void theRendererOfRulesIsPure() {
        classes()
                .that()
                .resideInAPackage("dev.ebb.injector.redirect")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java.lang..",
                        "java.math",
                        "java.net",
                        "java.util..",
                        "org.jspecify.annotations",
                        "dev.ebb.injector.redirect")
                .check(CLASSES);
    }

    @Test
    void everyPackageIsDescribed() {
        assertThat(CLASSES.getPackage("dev.ebb.injector").getSubpackagesInTree())
                .filteredOn(each -> !each.getClasses().isEmpty())
                .isNotEmpty()
                .allMatch(each -> each.tryGetPackageInfo().isPresent());
    }
}
