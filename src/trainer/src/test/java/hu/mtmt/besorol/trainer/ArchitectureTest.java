package hu.mtmt.besorol.trainer;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("hu.mtmt.besorol.trainer");

  @Test
  void knowsNothingOfKubernetes() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.fabric8..", "io.javaoperatorsdk..", "hu.mtmt.besorol.api..")
        .check(CLASSES);
  }

  @Test
  void jobsKnowNothingOfTheCommandLine() {
    noClasses()
        .that()
        .resideInAnyPackage("..trainer.job..", "..trainer.data..", "..trainer.progress..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("..trainer.commands..", "picocli..")
        .check(CLASSES);
  }

  @Test
  void packagesFormNoCycle() {
    slices().matching("(hu.mtmt.besorol.trainer..)").should().beFreeOfCycles().check(CLASSES);
  }
}
