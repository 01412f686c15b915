package hu.mtmt.besorol.taxonomy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What may use what. */
@AnalyzeClasses(
    packages = {"hu.mtmt.besorol.taxonomy", "hu.mtmt.besorol.corpus", "hu.mtmt.besorol.files"},
    importOptions = DoNotIncludeTests.class)
class ArrowsTest {
  @ArchTest
  static final ArchRule ofTheModule =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "com.fasterxml.jackson..",
              "com.github.luben.zstd..",
              "org.eclipse.rdf4j..",
              "hu.mtmt.besorol.contract..",
              "hu.mtmt.besorol.taxonomy..",
              "hu.mtmt.besorol.corpus..",
              "hu.mtmt.besorol.datacheck..",
              "hu.mtmt.besorol.files..");

  @ArchTest
  static final ArchRule filesKnowNothingOfWhatIsInThem =
      noClasses()
          .that()
          .resideInAPackage("hu.mtmt.besorol.files..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("hu.mtmt.besorol.taxonomy..", "hu.mtmt.besorol.corpus..");

  @ArchTest
  static final ArchRule documentsKnowNothingOfTheTree =
      noClasses()
          .that()
          .resideInAPackage("hu.mtmt.besorol.corpus..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("hu.mtmt.besorol.taxonomy..");

  /** So that RDF is neither loaded nor needed where no SKOS is read. */
  @ArchTest
  static final ArchRule rdfIsUsedForSkosAlone =
      noClasses()
          .that()
          .haveNameNotMatching(".*[.]SkosTaxonomy([$].*)?")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.eclipse.rdf4j..");
}
