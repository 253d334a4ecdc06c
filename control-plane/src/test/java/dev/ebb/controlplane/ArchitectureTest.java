package dev.ebb.controlplane;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures;
import dev.ebb.env.AddressText;
import io.netty.channel.ChannelPipeline;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Keeps the shape: pure parts pure, edges apart, no cycles, every package introduced.
class ArchitectureTest {
    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("dev.ebb.controlplane");

    /// Beside the JDK only how an address is written, which is pure too and the same everywhere.
    @Test
    void pureParts_useWhatIsPureOnly() {
        classes()
                .that()
                .resideInAnyPackage(
                        "..controlplane.model..",
                        "..controlplane.cluster..",
                        "..controlplane.index..",
                        "..controlplane.kubernetes.view..")
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage(
                                        "java..",
                                        "org.jspecify..",
                                        "dev.ebb.controlplane.model..",
                                        "dev.ebb.controlplane.cluster..",
                                        "dev.ebb.controlplane.index..",
                                        "dev.ebb.controlplane.kubernetes.view..")
                                .or(type(AddressText.class)))
                .check(CLASSES);
    }

    @Test
    void layersAreKept() {
        Architectures.layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("composition")
                .definedBy("dev.ebb.controlplane")
                .layer("grpc")
                .definedBy("..controlplane.grpc..")
                .layer("registry")
                .definedBy("..controlplane.registry..")
                .layer("kubernetes")
                .definedBy("..controlplane.kubernetes..")
                .layer("index")
                .definedBy("..controlplane.index..")
                .layer("model")
                .definedBy("..controlplane.model..")
                .whereLayer("composition")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("grpc")
                .mayOnlyBeAccessedByLayers("composition")
                .whereLayer("registry")
                .mayOnlyBeAccessedByLayers("composition")
                .whereLayer("kubernetes")
                .mayOnlyBeAccessedByLayers("composition")
                .whereLayer("index")
                .mayOnlyBeAccessedByLayers("composition", "grpc", "kubernetes")
                .check(CLASSES);
    }

    @Test
    void onlyTheEdgesKnowTheirLibraries() {
        noClasses()
                .that()
                .resideOutsideOfPackage("..controlplane.grpc..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.grpc..", "com.google.protobuf..", "dev.ebb.proto..", "io.netty..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackage("..controlplane.registry..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("tools.jackson..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackage("..controlplane.kubernetes..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.fabric8..")
                .check(CLASSES);
    }

    @Test
    void oneClassOnlyAddsAHandlerToAPipeline() {
        noClasses()
                .that()
                .doNotHaveSimpleName("PingedServerChannel")
                .should()
                .dependOnClassesThat()
                .areAssignableTo(ChannelPipeline.class)
                .check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.ebb.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void everyPackageIsIntroducedAndNullMarked() {
        var packages = new TreeSet<String>();
        var introduced = new TreeSet<String>();
        for (JavaClass each : CLASSES) {
            packages.add(each.getPackageName());
            if (each.getSimpleName().equals("package-info")
                    && each.isAnnotatedWith("org.jspecify.annotations.NullMarked")) {
                introduced.add(each.getPackageName());
            }
        }

        assertThat(introduced).isEqualTo(packages);
    }

    @Test
    void classesAreFinalUnlessTheyAreMeantToBeExtended() {
        classes()
                .that()
                .areNotInterfaces()
                .and()
                .doNotHaveModifier(JavaModifier.ABSTRACT)
                .and()
                .areTopLevelClasses()
                .and()
                .doNotHaveSimpleName("package-info")
                .should()
                .haveModifier(JavaModifier.FINAL)
                .check(CLASSES);
    }
}
