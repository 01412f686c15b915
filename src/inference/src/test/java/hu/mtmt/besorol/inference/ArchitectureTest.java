package hu.mtmt.besorol.inference;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What the service may know of the rest of the house. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("hu.mtmt.besorol.inference");

  @Test
  void knowsNothingOfKubernetes() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.fabric8.kubernetes..", "io.javaoperatorsdk..", "hu.mtmt.besorol.api..")
        .check(CLASSES);
  }

  @Test
  void keepsHttpInItsOwnPackage() {
    noClasses()
        .that()
        .resideInAPackage("hu.mtmt.besorol.inference")
        .and()
        .doNotHaveSimpleName("NativeImage")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("hu.mtmt.besorol.inference.rest..")
        .check(CLASSES);
  }
}
