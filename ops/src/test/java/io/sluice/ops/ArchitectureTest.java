package io.sluice.ops;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

/** Who may use whom. A new dependency starts as a change of this table. */
final class ArchitectureTest {

    private static final JavaClasses SLUICE =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("io.sluice");

    private static final String CORE = "io.sluice.core..";
    private static final String SCHEMAS = "io.sluice.schemas..";
    private static final String STATE_FLINK = "io.sluice.state.flink..";
    private static final String JOBS = "io.sluice.flink..";
    private static final String BRIDGE = "io.sluice.bridge..";
    private static final String DJL = "io.sluice.djl..";
    private static final String SCORER = "io.sluice.scorer..";
    private static final String OPS = "io.sluice.ops..";

    @Test
    void theCoreUsesNothingButJava() {
        check(
                noClasses()
                        .that()
                        .resideInAPackage(CORE)
                        .should()
                        .dependOnClassesThat()
                        .resideOutsideOfPackages(CORE, "java.."));
    }

    @Test
    void theCoreHasNoClockRandomnessFilesOrThreads() {
        check(
                noClasses()
                        .that()
                        .resideInAPackage(CORE)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(
                                "java.io..",
                                "java.net..",
                                "java.nio.file..",
                                "java.time..",
                                "java.util.concurrent..")
                        .orShould()
                        .dependOnClassesThat()
                        .haveFullyQualifiedName("java.util.Random")
                        .orShould()
                        .callMethod(System.class, "nanoTime")
                        .orShould()
                        .callMethod(System.class, "currentTimeMillis")
                        .orShould()
                        .callMethod(Math.class, "random"));
    }

    /** Their results may differ between machines; StrictMath's do not. */
    @Test
    void theCoreTakesExponentialsAndLogarithmsFromStrictMath() {
        check(
                noClasses()
                        .that()
                        .resideInAPackage(CORE)
                        .should()
                        .callMethod(Math.class, "exp", double.class)
                        .orShould()
                        .callMethod(Math.class, "log", double.class)
                        .orShould()
                        .callMethod(Math.class, "pow", double.class, double.class));
    }

    @Test
    void theContractKnowsNothingOfSluice() {
        check(
                noClasses()
                        .that()
                        .resideInAPackage(SCHEMAS)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(CORE, STATE_FLINK, JOBS, BRIDGE, DJL, SCORER, OPS));
    }

    @Test
    void jobsAndBridgeShareAContractAndNoClasses() {
        check(
                noClasses()
                        .that()
                        .resideInAnyPackage(JOBS, STATE_FLINK)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(BRIDGE, DJL, OPS));
        check(
                noClasses()
                        .that()
                        .resideInAnyPackage(BRIDGE, DJL)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(JOBS, STATE_FLINK, OPS));
    }

    @Test
    void theBridgeIsFreeOfFlinkAndOfLibtorch() {
        check(
                noClasses()
                        .that()
                        .resideInAPackage(BRIDGE)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage("org.apache.flink..", "ai.djl.."));
    }

    @Test
    void onlyTheTrainerAndTheScorerKnowDjl() {
        check(
                noClasses()
                        .that()
                        .resideOutsideOfPackages(DJL, SCORER)
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("ai.djl.."));
    }

    /** It is found on the class path, so that a job without a model carries no model's runtime. */
    @Test
    void theScorerKnowsTheCoreAloneAndNobodyKnowsTheScorer() {
        check(
                noClasses()
                        .that()
                        .resideInAPackage(SCORER)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(SCHEMAS, STATE_FLINK, JOBS, BRIDGE, DJL, OPS));
        check(
                noClasses()
                        .that()
                        .resideOutsideOfPackage(SCORER)
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage(SCORER));
    }

    @Test
    void onlyOneClassKnowsThePrometheusClient() {
        check(
                noClasses()
                        .that()
                        .doNotHaveSimpleName("BridgeMetrics")
                        .and()
                        .areNotMemberClasses()
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("io.prometheus.client.."));
    }

    @Test
    void onlyTheReaderOfRunFilesKnowsYaml() {
        check(
                noClasses()
                        .that()
                        .resideOutsideOfPackage("io.sluice.ops.run..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("org.snakeyaml.."));
    }

    @Test
    void stagesDoNotImportEachOther() {
        check(slices().matching("io.sluice.flink.mixture.(*)..").should().notDependOnEachOther());
        check(slices().matching("io.sluice.flink.candidate.(*)..").should().notDependOnEachOther());
    }

    @Test
    void packagesFormNoCircles() {
        check(slices().matching("io.sluice.core.(*)..").should().beFreeOfCycles());
        check(slices().matching("io.sluice.ops.(*)..").should().beFreeOfCycles());
        check(slices().matching("io.sluice.(*)..").should().beFreeOfCycles());
    }

    private static void check(ArchRule rule) {
        rule.check(SLUICE);
    }
}
