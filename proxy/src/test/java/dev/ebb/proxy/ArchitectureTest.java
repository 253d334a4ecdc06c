package dev.ebb.proxy;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.netty.channel.ChannelPipeline;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Keeps the layers of the data plane.
class ArchitectureTest {

    private static final String ROOT = "dev.ebb.proxy";

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages(ROOT);

    @Test
    void eachLayerKnowsOnlyTheOnesBelow() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage(ROOT + "..")
                .layer("composition")
                .definedBy(ROOT, ROOT + ".config")
                .layer("directions")
                .definedBy(ROOT + ".inbound", ROOT + ".outbound")
                .layer("behaviours")
                .definedBy(
                        ROOT + ".detect",
                        ROOT + ".http",
                        ROOT + ".http1",
                        ROOT + ".opaque",
                        ROOT + ".upstream")
                .layer("edges")
                .definedBy(ROOT + ".discovery", ROOT + ".departure", ROOT + ".application")
                .layer("ends")
                .definedBy(ROOT + ".drain")
                .layer("ground")
                .definedBy(
                        ROOT + ".balance", ROOT + ".stream", ROOT + ".transport", ROOT + ".metrics")
                .whereLayer("composition")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("directions")
                .mayOnlyBeAccessedByLayers("composition")
                .whereLayer("behaviours")
                .mayOnlyBeAccessedByLayers("composition", "directions")
                .whereLayer("edges")
                .mayOnlyBeAccessedByLayers("composition")
                .whereLayer("ends")
                .mayOnlyBeAccessedByLayers("composition", "directions", "behaviours")
                .check(CLASSES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"detect", "http", "http1", "opaque", "upstream"})
    void behavioursDoNotKnowEachOther(String behaviour) {
        List<String> others =
                List.of("detect", "http", "http1", "opaque", "upstream").stream()
                        .filter(other -> !other.equals(behaviour))
                        .map(other -> ROOT + "." + other)
                        .toList();

        noClasses()
                .that()
                .resideInAPackage(ROOT + "." + behaviour)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others.toArray(String[]::new))
                .check(CLASSES);
    }

    @Test
    void directionsDoNotKnowEachOther() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".inbound")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + ".outbound")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".outbound")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + ".inbound")
                .check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void onlyDiscoverySpeaksToTheControlPlane() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".discovery")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.grpc..", "dev.ebb.proto..")
                .check(CLASSES);
    }

    @Test
    void balancingIsPure() {
        classes()
                .that()
                .resideInAPackage(ROOT + ".balance")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(ROOT + ".balance", "java..", "org.jspecify..")
                .check(CLASSES);
    }

    @Test
    void theStreamInterfaceKnowsNoChannel() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".stream")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty.channel..")
                .check(CLASSES);
    }

    @Test
    void onlyMetricsKnowsTheMetricsLibrary() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".metrics")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.prometheus..")
                .check(CLASSES);
    }

    /// What follows what is to be read in one place. A drain of a listener adds only itself, and so
    /// does a limit of what listeners accept.
    @Test
    void onlyPipelinesComposePipelines() {
        noClasses()
                .that()
                .haveSimpleNameNotEndingWith("Pipeline")
                .and()
                .doNotHaveSimpleName("ListenerDrain")
                .and()
                .doNotHaveSimpleName("ConnectionLimit")
                .should()
                .callMethodWhere(
                        target(nameMatching("add(First|Last|Before|After)|replace"))
                                .and(
                                        target(
                                                owner(
                                                        JavaClass.Predicates.assignableTo(
                                                                ChannelPipeline.class)))))
                .check(CLASSES);
    }

    @Test
    void everyPackageIsDescribed() {
        List<String> undescribed =
                CLASSES.getPackage(ROOT).getSubpackagesInTree().stream()
                        .filter(each -> !each.getClasses().isEmpty())
                        .filter(each -> each.tryGetPackageInfo().isEmpty())
                        .map(JavaPackage::getName)
                        .toList();

        assertThat(undescribed).isEmpty();
    }
}
