package dev.ebb.await;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/// Keeps the program small and quick to start.
class ArchitectureTest {

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("dev.ebb.await");

    @Test
    void onlyTheJdkIsUsed() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.ebb.await", "java..", "sun.misc", "org.jspecify.annotations")
                .check(CLASSES);
    }

    /// Lambdas and concatenation by invokedynamic among them.
    @Test
    void nothingOnTheWayToTheCommandIsSlowToLoad() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.util.function",
                        "java.util.stream",
                        "java.util.regex",
                        "java.net.http")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.invoke.LambdaMetafactory")
                .check(CLASSES);
    }

    @Test
    void thePackageIsDescribed() {
        assertThat(CLASSES.getPackage("dev.ebb.await").tryGetPackageInfo()).isPresent();
    }
}
