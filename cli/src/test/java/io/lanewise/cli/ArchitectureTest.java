package io.lanewise.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.lanewise.kernel.Fma;
import org.junit.jupiter.api.Test;

/** What may depend on what. */
final class ArchitectureTest {
    private static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.lanewise");

    @Test
    void allModulesAreLookedAt() {
        for (final String name : new String[] {"kernel", "mlp", "simd", "formats", "cli"}) {
            assertFalse(ALL.that(resideInAPackage("io.lanewise." + name + "..")).isEmpty(), name);
        }
    }

    @Test
    void onlySimdSeesTheVectorApi() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.lanewise.simd..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jdk.incubator..")
                .check(ALL);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.lanewise.(*)..").should().beFreeOfCycles().check(ALL);
    }

    @Test
    void kernelsKnowNothingOfNetworks() {
        classes()
                .that()
                .resideInAPackage("io.lanewise.kernel..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("io.lanewise.kernel..", "java..", "com.sun.management..", "org.jspecify..")
                .check(ALL);
    }

    @Test
    void modelsDependOnKernelsOnly() {
        noClasses()
                .that()
                .resideInAPackage("io.lanewise.mlp..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.lanewise.inference..",
                        "io.lanewise.training..",
                        "io.lanewise.reference..",
                        "io.lanewise.simd..")
                .check(ALL);
    }

    @Test
    void coreNeedsNothingButTheJdk() {
        classes()
                .that()
                .resideInAnyPackage(
                        "io.lanewise.kernel..",
                        "io.lanewise.reference..",
                        "io.lanewise.random..",
                        "io.lanewise.mlp..",
                        "io.lanewise.inference..",
                        "io.lanewise.training..",
                        "io.lanewise.warmup..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.lanewise.kernel..",
                        "io.lanewise.reference..",
                        "io.lanewise.random..",
                        "io.lanewise.mlp..",
                        "io.lanewise.inference..",
                        "io.lanewise.training..",
                        "io.lanewise.warmup..",
                        "java..",
                        "com.sun.management..",
                        "org.jspecify..")
                .check(ALL);
    }

    /** Without the instruction, it takes thousands of times as long; simd is not used there. */
    @Test
    void fusedMultiplyAddIsFastOnEveryCpu() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.lanewise.simd..")
                .and()
                .doNotBelongToAnyOf(Fma.class)
                .should()
                .callMethod(Math.class, "fma", float.class, float.class, float.class)
                .orShould()
                .callMethod(Math.class, "fma", double.class, double.class, double.class)
                .check(ALL);
    }

    @Test
    void onlySimdIsHiddenBehindServiceLoader() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.lanewise.simd..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.lanewise.simd..")
                .check(ALL);
    }
}
