package dev.ebb.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import org.junit.jupiter.api.Test;

/// Keeps the shape of the module.
class ArchitectureTest {
    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("dev.ebb.cli");

    /// A package and the packages below it are not one slice: they may form a cycle, too.
    private static final SliceAssignment EACH_PACKAGE =
            new SliceAssignment() {
                @Override
                public String getDescription() {
                    return "each package";
                }

                @Override
                public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
                    return SliceIdentifier.of(javaClass.getPackageName());
                }
            };

    @Test
    void packagesHaveNoCycles() {
        slices().assignedFrom(EACH_PACKAGE).should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void onlyCommandsKnowTheParserOfCommandLines() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.ebb.cli")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("picocli..")
                .check(CLASSES);
    }

    @Test
    void theJudgeAndTheServiceSpeakThroughTheirOwnSocketsOnly() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "dev.ebb.cli.demo.wire", "dev.ebb.cli.demo.load", "dev.ebb.cli.demo.web")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io..", "java.net.http..", "com.sun.net.httpserver..")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.net.HttpURLConnection")
                .check(CLASSES);
    }

    @Test
    void theWebServiceKnowsNothingOfAMesh() {
        classes()
                .that()
                .resideInAPackage("dev.ebb.cli.demo.web")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "org.jspecify.annotations",
                        "dev.ebb.cli.demo.web",
                        "dev.ebb.cli.demo.wire")
                .check(CLASSES);
    }

    @Test
    void everyPackageIsDescribed() {
        assertThat(CLASSES.getPackage("dev.ebb.cli").getSubpackagesInTree())
                .filteredOn(each -> !each.getClasses().isEmpty())
                .isNotEmpty()
                .allMatch(ArchitectureTest::hasPackageInfo);
    }

    private static boolean hasPackageInfo(JavaPackage javaPackage) {
        return javaPackage.tryGetPackageInfo().isPresent();
    }
}
