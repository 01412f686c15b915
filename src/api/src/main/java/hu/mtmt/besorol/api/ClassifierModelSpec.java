package hu.mtmt.besorol.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import hu.mtmt.besorol.contract.Gate;
import hu.mtmt.besorol.contract.Grades;
import hu.mtmt.besorol.contract.Rules;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** What must be true of the classifier that is served. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ClassifierModelSpec(
    @Required
        @JsonPropertyDescription(
            "The subjects: JSON lines, CSV or SKOS (RDF/XML or Turtle), told apart by the file's"
                + " name.")
        TaxonomySource taxonomy,
    @Required
        @JsonPropertyDescription(
            "Frozen documents that every version is judged on. They are never learnt.")
        DataSource holdout,
    @Required @JsonPropertyDescription("Where the packages of all versions are kept.") Store store,
    @Size(max = 32)
        @Default("[]")
        @JsonPropertyDescription(
            "What a version must reach before it may serve. All gates must be passed. None: every"
                + " version may serve.")
        List<Gate> gates,
    @Default(Grades.DEFAULT)
        @JsonPropertyDescription(
            "From which F1 on a subject counts as learnt; GreenSubjects and RedSubjects count by"
                + " it.")
        Grades grades,
    @Default("{}") @JsonPropertyDescription("Who decides which version serves.")
        Promotion promotion,
    @Default("{}") @JsonPropertyDescription("How the version is served.") Serving serving,
    @Default("10")
        @Min(1)
        @Max(100)
        @JsonPropertyDescription(
            "How many versions are kept, the serving one among them. The packages of older ones are"
                + " removed from the store.")
        Integer retainedVersions) {

  public ClassifierModelSpec {
    gates = gates == null ? List.of() : List.copyOf(gates);
  }

  /** Where packages are kept. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Store(
      @Required
          @JsonPropertyDescription(
              "Volume of the store. It is mounted for writing by training pods and for reading by"
                  + " inference pods, so on a cluster of several nodes it must be ReadWriteMany.")
          PersistentVolumeClaimReference persistentVolumeClaim,
      @Size(min = 1, max = 512)
          @ValidationRule(value = FileRules.PATH, message = FileRules.PATH_MESSAGE)
          @JsonPropertyDescription(
              "Directory on the volume, relative to its root. Absent: the root. Every model has a"
                  + " directory of its own name in it.")
          String path) {}

  /** Who decides which version serves. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @ValidationRule(
      value = "!has(self.version) || self.mode == 'Manual'",
      message = "promotion.version is for mode Manual: write mode: Manual, or leave version out")
  public record Promotion(
      @Default("Automatic")
          @JsonPropertyDescription(
              "Automatic: the newest version that passes every gate serves. Manual: the version"
                  + " named here serves, once it has passed every gate.")
          PromotionMode mode,
      @Size(min = Rules.DIGEST_LENGTH, max = Rules.DIGEST_LENGTH)
          @ValidationRule(value = Rules.DIGEST, message = Rules.DIGEST_MESSAGE)
          @JsonPropertyDescription(
              "The version that is to serve, in mode Manual. status.versions lists those that can"
                  + " be named. Absent: none is promoted.")
          String version) {}

  /** Who decides which version serves. */
  public enum PromotionMode {
    @JsonProperty("Automatic")
    AUTOMATIC,
    @JsonProperty("Manual")
    MANUAL
  }

  /** How the version is served. */
  public record Serving(
      @Default("{}") @JsonPropertyDescription("How many pods answer.") Replicas replicas) {}

  /** How many pods answer. */
  public record Replicas(
      @Default("2")
          @Min(1)
          @Max(100)
          @JsonPropertyDescription(
              "Fewest pods that answer, also while a new version replaces the old one.")
          Integer minimum) {}
}
