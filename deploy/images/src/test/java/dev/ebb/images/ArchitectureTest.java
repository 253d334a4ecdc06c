package dev.ebb.images;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("dev.ebb.images");

    /// Programs are trained from outside, as processes.
    @Test
    void onlyTheJdkAndTheDemoAreUsed() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.ebb.images",
                        "dev.ebb.cli..",
                        "java..",
                        "javax.net.ssl",
                        "com.sun.net.httpserver",
                        "org.jspecify.annotations")
                .check(CLASSES);
    }

    @Test
    void thePackageIsDescribed() {
        assertThat(CLASSES.getPackage("dev.ebb.images").tryGetPackageInfo()).isPresent();
    }
}
