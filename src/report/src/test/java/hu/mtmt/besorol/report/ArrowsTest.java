package hu.mtmt.besorol.report;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What may use what. */
@AnalyzeClasses(packages = "hu.mtmt.besorol.report", importOptions = DoNotIncludeTests.class)
class ArrowsTest {
  @ArchTest
  static final ArchRule ofTheModule =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "javax.imageio..",
              "com.fasterxml.jackson..",
              "hu.mtmt.besorol.contract..",
              "hu.mtmt.besorol.taxonomy..",
              "hu.mtmt.besorol.evaluation..",
              "hu.mtmt.besorol.report..");

  /** So that neither HTML nor SVG needs fonts, or Java's desktop module at all. */
  @ArchTest
  static final ArchRule pixelsAloneNeedJava2d =
      noClasses()
          .that()
          .haveSimpleNameNotContaining("PixelCanvas")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.awt..", "javax.imageio..");
}
