package hu.mtmt.besorol.classifiers;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.fabric8.generator.annotation.Required;
import java.util.stream.Stream;

/** What may use what. */
@AnalyzeClasses(packages = "hu.mtmt.besorol.classifiers", importOptions = DoNotIncludeTests.class)
class ArrowsTest {
  private static final String[] BELOW = {
    "hu.mtmt.besorol.contract..",
    "hu.mtmt.besorol.taxonomy..",
    "hu.mtmt.besorol.corpus..",
    "hu.mtmt.besorol.evaluation..",
    Required.class.getPackageName(),
    "com.carrotsearch.hppc..",
    "org.apache.lucene.analysis..",
  };

  @ArchTest
  static final ArchRule ofTheModule =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(with("java..", "hu.mtmt.besorol.classifiers.."));

  /** The service is compiled ahead of time. */
  @ArchTest
  static final ArchRule noReflection =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideOutsideOfPackages("java.lang.reflect..", "com.fasterxml.jackson..");

  @ArchTest
  static final ArchRule textKnowsNoFamily =
      classes()
          .that()
          .resideInAPackage("hu.mtmt.besorol.classifiers.text..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              with("java..", "hu.mtmt.besorol.classifiers", "hu.mtmt.besorol.classifiers.text.."));

  private static String[] with(String... packages) {
    return Stream.of(packages, BELOW).flatMap(Stream::of).toArray(String[]::new);
  }
}
