package hu.mtmt.besorol.evaluation;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What may use what. */
@AnalyzeClasses(packages = "hu.mtmt.besorol.evaluation", importOptions = DoNotIncludeTests.class)
class ArrowsTest {
  @ArchTest
  static final ArchRule ofTheModule =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "hu.mtmt.besorol.contract..",
              "hu.mtmt.besorol.taxonomy..",
              "hu.mtmt.besorol.evaluation..");

  /** The operator judges by figures: it needs neither answers nor subjects. */
  @ArchTest
  static final ArchRule gatesSeeFiguresAlone =
      classes()
          .that()
          .resideInAPackage("hu.mtmt.besorol.evaluation.gates..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..", "hu.mtmt.besorol.contract..", "hu.mtmt.besorol.evaluation.gates..");
}
