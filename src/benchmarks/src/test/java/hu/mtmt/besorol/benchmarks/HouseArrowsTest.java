package hu.mtmt.besorol.benchmarks;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import hu.mtmt.besorol.testkit.KubernetesBinaries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which module may use which other, and which of the large libraries. */
class HouseArrowsTest {
  private static final Path ROOT = KubernetesBinaries.repository();

  /** What each module may use of the house, itself apart. */
  private static final Map<String, Set<String>> ARROWS =
      Map.ofEntries(
          Map.entry("src/contract", Set.of()),
          Map.entry("src/taxonomy", Set.of("src/contract")),
          Map.entry("src/evaluation", Set.of("src/contract", "src/taxonomy")),
          Map.entry("src/classifiers", Set.of("src/contract", "src/taxonomy", "src/evaluation")),
          Map.entry("src/store", Set.of("src/contract", "src/classifiers")),
          Map.entry("src/report", Set.of("src/contract", "src/taxonomy", "src/evaluation")),
          Map.entry(
              "src/trainer",
              Set.of(
                  "src/contract",
                  "src/taxonomy",
                  "src/evaluation",
                  "src/classifiers",
                  "src/store",
                  "src/report")),
          Map.entry(
              "src/inference",
              Set.of(
                  "src/contract",
                  "src/taxonomy",
                  "src/evaluation",
                  "src/classifiers",
                  "src/store")),
          Map.entry("src/api", Set.of("src/contract")),
          Map.entry("operator", Set.of("src/contract", "src/evaluation", "src/api")),
          Map.entry("src/local/apiserver", Set.of()),
          Map.entry(
              "src/local",
              Set.of("src/contract", "src/taxonomy", "src/api", "src/local/apiserver")),
          Map.entry("src/testkit", Set.of()),
          Map.entry(
              "src/benchmarks",
              Set.of(
                  "src/contract",
                  "src/taxonomy",
                  "src/evaluation",
                  "src/classifiers",
                  "src/api",
                  "src/testkit")));

  /** Which modules may use a library: what is not here is a matter of the module alone. */
  private static final Map<String, Set<String>> LIBRARIES =
      Map.of(
          "io.fabric8.kubernetes",
          Set.of("src/api", "operator", "src/local", "src/testkit", "src/benchmarks"),
          "io.javaoperatorsdk",
          Set.of("operator"),
          "io.quarkus",
          Set.of("operator", "src/inference"),
          "jakarta",
          Set.of("operator", "src/inference"),
          "org.apache.lucene",
          Set.of("src/classifiers"),
          "dev.cel",
          Set.of("src/local/apiserver"),
          "de.bwaldvogel.liblinear",
          Set.of("src/benchmarks"),
          "software.amazon.awssdk",
          Set.of("src/store"),
          "ai.djl",
          Set.of());

  private static final Map<String, JavaClasses> CLASSES = new HashMap<>();

  /** The module of every package of the house. */
  private static final Map<String, String> OWNERS = new HashMap<>();

  /** Those with code: images and tests on clusters have none. */
  static List<String> modules() throws IOException {
    return Pattern.compile("<module>(.+?)</module>")
        .matcher(Files.readString(ROOT.resolve("pom.xml")))
        .results()
        .map(r -> r.group(1))
        .filter(m -> Files.isDirectory(ROOT.resolve(m).resolve("src/main/java")))
        .toList();
  }

  @BeforeAll
  static void readClasses() throws IOException {
    for (var module : modules()) {
      var directory = ROOT.resolve(module).resolve("target/classes");
      assertThat(directory).as("the compiled module %s", module).isDirectory();
      var classes = new ClassFileImporter().importPath(directory);
      CLASSES.put(module, classes);
      for (var type : classes) {
        var other = OWNERS.put(type.getPackageName(), module);
        assertThat(other).as("module of package %s", type.getPackageName()).isIn(null, module);
      }
    }
  }

  @Test
  void everyModuleHasItsArrows() throws IOException {
    assertThat(ARROWS.keySet()).containsExactlyInAnyOrderElementsOf(modules());
  }

  @ParameterizedTest
  @MethodSource("modules")
  void usesOnlyWhatLiesBelow(String module) {
    var allowed = ARROWS.get(module);
    noClasses()
        .should()
        .dependOnClassesThat(
            describe(
                "belong to other modules than " + allowed,
                type -> {
                  var owner = OWNERS.get(type.getPackageName());
                  return owner != null && !owner.equals(module) && !allowed.contains(owner);
                }))
        .check(CLASSES.get(module));
  }

  @ParameterizedTest
  @MethodSource("modules")
  void usesOnlyItsLibraries(String module) {
    var forbidden =
        LIBRARIES.entrySet().stream()
            .filter(e -> !e.getValue().contains(module))
            .map(e -> e.getKey() + "..")
            .toArray(String[]::new);
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(forbidden)
        .check(CLASSES.get(module));
  }

  /** It decides by figures: it needs neither answers nor subjects, so it has neither. */
  @Test
  void operatorSeesGatesAlone() {
    noClasses()
        .should()
        .dependOnClassesThat(
            describe(
                "belong to src/evaluation and are not gates",
                (JavaClass type) ->
                    "src/evaluation".equals(OWNERS.get(type.getPackageName()))
                        && !type.getPackageName().endsWith(".gates")))
        .check(CLASSES.get("operator"));
  }
}
