package dev.tidesync.examples;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rules of the house that javac does not know. It lives here, where every module is in sight. */
class ArchitectureTest {
    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.tidesync");

    private static final List<String> NAMES_THAT_SAY_NOTHING =
            List.of("util", "utils", "common", "impl", "model", "misc");

    @Test
    void theApiDependsOnTheJdkAlone() {
        classes()
                .that()
                .resideInAnyPackage("dev.tidesync.api..", "dev.tidesync.spi..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "dev.tidesync.api..", "dev.tidesync.spi..", "org.jspecify..")
                .check(HOUSE);
    }

    @Test
    void transportsDoNotKnowTheEngine() {
        noClasses()
                .that()
                .resideInAPackage("dev.tidesync.transport..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.tidesync.engine..", "dev.tidesync.cli..")
                .check(HOUSE);
    }

    @Test
    void theEngineAndTheCommandKnowNoTransport() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.tidesync.engine..", "dev.tidesync.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.tidesync.transport..")
                .check(HOUSE);
    }

    @Test
    void theLogKnowsNothingAboveIt() {
        noClasses()
                .that()
                .resideInAPackage("dev.tidesync.engine.wal..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.tidesync.engine",
                        "dev.tidesync.engine.disk..",
                        "dev.tidesync.engine.inbox..",
                        "dev.tidesync.engine.outbox..",
                        "dev.tidesync.engine.plugin..",
                        "dev.tidesync.engine.store..",
                        "dev.tidesync.engine.control..")
                .check(HOUSE);
    }

    @Test
    void packagesOfTheEngineHaveNoCycles() {
        slices().matching("dev.tidesync.engine.(*)..").should().beFreeOfCycles().check(HOUSE);
    }

    @Test
    void packagesAreNamedForThingsOfTheDomain() {
        for (String name : NAMES_THAT_SAY_NOTHING) {
            noClasses().should().resideInAPackage(".." + name + "..").check(HOUSE);
        }
    }

    @Test
    void classNamesSayWhatAThingIs() {
        noClasses()
                .should()
                .haveSimpleNameEndingWith("Impl")
                .orShould()
                .haveSimpleNameEndingWith("Manager")
                .orShould()
                .haveSimpleNameEndingWith("Helper")
                .orShould()
                .haveSimpleNameStartingWith("Abstract")
                .because("such a name hides what the class does")
                .check(HOUSE);
    }
}
