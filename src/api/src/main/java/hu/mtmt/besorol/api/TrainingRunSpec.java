package hu.mtmt.besorol.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import hu.mtmt.besorol.contract.Algorithm;
import hu.mtmt.besorol.contract.DuplicatePolicy;
import hu.mtmt.besorol.contract.ProcessGroup;
import hu.mtmt.besorol.contract.Rules;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/**
 * One attempt to train a version. Only {@code suspend} can be changed: another attempt is another
 * run.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "!has(self.validation) || !has(self.validationFraction)",
    message =
        "write validation or validationFraction, not both: either the validation documents are"
            + " given, or they are split off the training documents")
@ValidationRule(value = TrainingRunSpec.MANY_NODES, message = TrainingRunSpec.MANY_NODES_MESSAGE)
@ValidationRule(
    value = TrainingRunSpec.IMMUTABLE,
    message =
        "a run cannot be changed except for suspend: create another TrainingRun with another name")
public record TrainingRunSpec(
    @Required @JsonPropertyDescription("The model that this run trains a version of.")
        ModelReference modelRef,
    @Required @JsonPropertyDescription("Documents to learn from.") DataSource training,
    @JsonPropertyDescription(
            "Documents to choose thresholds and calibrate scores on. Absent: validationFraction of"
                + " the training documents.")
        DataSource validation,
    @Size(max = Rules.DECIMAL_LENGTH)
        @ValidationRule(
            value = Rules.VALIDATION_FRACTION,
            message = Rules.VALIDATION_FRACTION_MESSAGE)
        @JsonPropertyDescription(
            "Share of the training documents that is split off for validation, drawn by the seed."
                + " Absent, without validation: \"0.1\". A decimal number above 0 and below 0.5, in"
                + " quotes.")
        String validationFraction,
    @Default("Refuse")
        @JsonPropertyDescription(
            "What happens to a training or validation document whose text is in the holdout too."
                + " Refuse: the run fails and names them. Drop: they are left out.")
        DuplicatePolicy duplicates,
    @Required @JsonPropertyDescription("What learns, and its parameters.") Algorithm algorithm,
    @Default("42")
        @Min(0)
        @Max(Integer.MAX_VALUE)
        @JsonPropertyDescription(
            "Seed of everything random. Two runs with the same seed, data and parameters give the"
                + " same version.")
        Integer seed,
    @Default("{}") @JsonPropertyDescription("On which machines the run may be placed.")
        Placement placement,
    @Default("false")
        @JsonPropertyDescription(
            "true ends the pods of the run after they have written a checkpoint; false continues"
                + " from there. The only field that can be changed.")
        Boolean suspend,
    @Default("3")
        @Min(0)
        @Max(100)
        @JsonPropertyDescription(
            "How often a failed pod is replaced, as in batch/v1. Failures that a retry cannot mend,"
                + " such as wrong data, are not retried; pods lost with their node do not count.")
        Integer backoffLimit,
    @Min(1)
        @Max(31_536_000)
        @JsonPropertyDescription(
            "The run fails if it is not complete after this many seconds, as in batch/v1. Absent:"
                + " no limit.")
        Long activeDeadlineSeconds,
    @Min(0)
        @Max(31_536_000)
        @JsonPropertyDescription(
            "The run is deleted this many seconds after it ended, once its model has recorded the"
                + " version. Absent: it is kept.")
        Integer ttlSecondsAfterFinished) {

  static final String MANY_NODES =
      """
      self.placement.nodes.minimum == 1
        || self.algorithm.type == 'Bonsai'
        || self.algorithm.type == 'Linear'
          && !(has(self.algorithm.linear) && self.algorithm.linear.loss == 'CrammerSinger')\
      """;
  static final String MANY_NODES_MESSAGE =
      "placement.nodes.minimum above 1 is for algorithms that several nodes train together: Bonsai,"
          + " and Linear but for the loss CrammerSinger";

  static final String IMMUTABLE =
      """
      self.modelRef == oldSelf.modelRef
        && self.training == oldSelf.training
        && has(self.validation) == has(oldSelf.validation)
        && (!has(self.validation) || self.validation == oldSelf.validation)
        && has(self.validationFraction) == has(oldSelf.validationFraction)
        && (!has(self.validationFraction) || self.validationFraction == oldSelf.validationFraction)
        && self.duplicates == oldSelf.duplicates
        && self.algorithm == oldSelf.algorithm
        && self.seed == oldSelf.seed
        && self.placement == oldSelf.placement
        && self.backoffLimit == oldSelf.backoffLimit
        && has(self.activeDeadlineSeconds) == has(oldSelf.activeDeadlineSeconds)
        && (!has(self.activeDeadlineSeconds) || self.activeDeadlineSeconds == oldSelf.activeDeadlineSeconds)
        && has(self.ttlSecondsAfterFinished) == has(oldSelf.ttlSecondsAfterFinished)
        && (!has(self.ttlSecondsAfterFinished) || self.ttlSecondsAfterFinished == oldSelf.ttlSecondsAfterFinished)\
      """;

  /** How many nodes may train it together: some algorithms and parameters allow one only. */
  public Nodes possibleNodes() {
    var asked = placement.nodes();
    return algorithm.trainsOnManyNodes() ? asked : new Nodes(asked.minimum(), asked.minimum());
  }

  /** A model in the same namespace. */
  public record ModelReference(
      @Required
          @Size(min = 1, max = 52)
          @JsonPropertyDescription("Name of a ClassifierModel in the same namespace.")
          String name) {}

  /** On which machines a run may be placed. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Placement(
      @Default("[]")
          @Size(max = 16)
          @JsonPropertyDescription(
              "Names of flavors that the run may be placed on, the preferred first. Empty: any"
                  + " flavor that fits, the cheapest first.")
          List<@Size(min = 1, max = 63) String> flavors,
      @Default("{}")
          @ValidationRule(
              value = "self.minimum <= self.maximum",
              message = "minimum must not be larger than maximum")
          @JsonPropertyDescription(
              "How many nodes train the run together. Between the bounds, as many as end it"
                  + " soonest; more than one only for algorithms that several nodes train"
                  + " together.")
          Nodes nodes,
      @Default("600")
          @Min(0)
          @Max(604_800)
          @JsonPropertyDescription(
              "After so many seconds without a node the run moves to the next flavor that fits. On"
                  + " the last one it waits without end.")
          Integer fallbackSeconds,
      @Default("600")
          @Min(1)
          // Not longer than those that have started wait for the others.
          @Max(900)
          @JsonPropertyDescription(
              "Of a run on several nodes: where one of its pods has not started after so many"
                  + " seconds, all are taken back, and the run waits for its turn again.")
          Integer gangSeconds,
      @Size(min = 1, max = 63)
          @ValidationRule(
              value = "self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')",
              message = "write the name of a LocalQueue: lower-case letters, digits and hyphens")
          @JsonPropertyDescription(
              "Name of a LocalQueue of Kueue in the same namespace, which then says when and where"
                  + " the run trains. Absent: the queue that is built in does.")
          String queueName,
      @Default("0")
          @Min(-100)
          @Max(100)
          @JsonPropertyDescription(
              "Whose turn is earlier where machines are scarce: the higher. A run makes room for"
                  + " one of a higher priority and goes on from its newest checkpoint later.")
          Integer priority) {

    static final int FALLBACK_SECONDS = 600;
    static final int GANG_SECONDS = 600;

    public Placement {
      flavors = flavors == null ? List.of() : List.copyOf(flavors);
      nodes = nodes == null ? Nodes.ONE : nodes;
      gangSeconds = gangSeconds == null ? GANG_SECONDS : gangSeconds;
      fallbackSeconds = fallbackSeconds == null ? FALLBACK_SECONDS : fallbackSeconds;
      priority = priority == null ? 0 : priority;
    }
  }

  /**
   * How many nodes train a run together.
   *
   * @param minimum the run waits until it can have so many
   * @param maximum it never takes more
   */
  public record Nodes(
      @Default("1")
          @Min(1)
          @Max(ProcessGroup.LIMIT)
          @JsonPropertyDescription("The run waits until it can have so many.")
          Integer minimum,
      @Default("1")
          @Min(1)
          @Max(ProcessGroup.LIMIT)
          @JsonPropertyDescription("It never takes more.")
          Integer maximum) {

    /** A run that trains alone. */
    public static final Nodes ONE = new Nodes(1, 1);

    public Nodes {
      minimum = minimum == null ? 1 : minimum;
      maximum = maximum == null ? 1 : maximum;
    }
  }
}
