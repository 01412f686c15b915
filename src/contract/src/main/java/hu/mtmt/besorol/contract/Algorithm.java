package hu.mtmt.besorol.contract;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/**
 * A classifier family and its parameters: a discriminated union, {@code type} and the member of
 * that name.
 *
 * @param type which family
 * @param tfidfNearest the parameters if it is {@link AlgorithmType#TFIDF_NEAREST}
 * @param linear the parameters if it is {@link AlgorithmType#LINEAR}
 * @param bonsai the parameters if it is {@link AlgorithmType#BONSAI}
 * @param decisionTree the parameters if it is {@link AlgorithmType#DECISION_TREE}
 * @param labelMatch the parameters if it is {@link AlgorithmType#LABEL_MATCH}
 * @param ensemble the parameters if it is {@link AlgorithmType#ENSEMBLE}
 * @param answers how scores become answers
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value =
        "(self.type == 'TfidfNearest') == has(self.tfidfNearest)"
            + " && (self.type == 'Linear') == has(self.linear)"
            + " && (self.type == 'Bonsai') == has(self.bonsai)"
            + " && (self.type == 'DecisionTree') == has(self.decisionTree)"
            + " && (self.type == 'LabelMatch') == has(self.labelMatch)"
            + " && (self.type == 'Ensemble') == has(self.ensemble)",
    message = Algorithm.MEMBER)
public record Algorithm(
    @Required
        @JsonPropertyDescription(
            "Which classifier family learns; its parameters stand in the field of that name.")
        AlgorithmType type,
    @JsonPropertyDescription(
            "Parameters of type TfidfNearest: the subjects whose documents are most alike in words;"
                + " {} takes the defaults.")
        TfidfNearestParameters tfidfNearest,
    @JsonPropertyDescription(
            "Parameters of type Linear: one linear classifier per subject on tf-idf features; {}"
                + " takes the defaults.")
        LinearParameters linear,
    @JsonPropertyDescription(
            "Parameters of type Bonsai: trees of subjects with linear classifiers in their nodes,"
                + " for many subjects; {} takes the defaults.")
        BonsaiParameters bonsai,
    @JsonPropertyDescription(
            "Parameters of type DecisionTree: a decision tree or a forest; {} takes the defaults.")
        DecisionTreeParameters decisionTree,
    @JsonPropertyDescription(
            "Parameters of type LabelMatch: subjects whose labels occur in the text, also those"
                + " without training documents; {} takes the defaults.")
        LabelMatchParameters labelMatch,
    @JsonPropertyDescription(
            "Parameters of type Ensemble: several classifiers that answer together; {} takes the"
                + " defaults.")
        EnsembleParameters ensemble,
    @Default("{}") @JsonPropertyDescription("How scores become answers.") AnswerParameters answers)
    implements CrossChecked {

  static final String MEMBER =
      "write the parameters in the field named like the type, and no other: type: Linear needs"
          + " linear ({} takes the defaults)";

  @Override
  public List<String> brokenRules() {
    for (var t : AlgorithmType.values()) {
      if ((t == type) != (member(t) != null)) {
        return List.of(MEMBER);
      }
    }
    return List.of();
  }

  /** The family of {@code parameters} with them, answering as by default. */
  public static Algorithm of(AlgorithmParameters parameters) {
    var answers = ContractJson.defaults(AnswerParameters.class);
    return switch (parameters) {
      case TfidfNearestParameters p ->
          new Algorithm(AlgorithmType.TFIDF_NEAREST, p, null, null, null, null, null, answers);
      case LinearParameters p ->
          new Algorithm(AlgorithmType.LINEAR, null, p, null, null, null, null, answers);
      case BonsaiParameters p ->
          new Algorithm(AlgorithmType.BONSAI, null, null, p, null, null, null, answers);
      case DecisionTreeParameters p ->
          new Algorithm(AlgorithmType.DECISION_TREE, null, null, null, p, null, null, answers);
      case LabelMatchParameters p ->
          new Algorithm(AlgorithmType.LABEL_MATCH, null, null, null, null, p, null, answers);
      case EnsembleParameters p ->
          new Algorithm(AlgorithmType.ENSEMBLE, null, null, null, null, null, p, answers);
    };
  }

  private AlgorithmParameters member(AlgorithmType type) {
    return switch (type) {
      case TFIDF_NEAREST -> tfidfNearest;
      case LINEAR -> linear;
      case BONSAI -> bonsai;
      case DECISION_TREE -> decisionTree;
      case LABEL_MATCH -> labelMatch;
      case ENSEMBLE -> ensemble;
    };
  }

  /**
   * The parameters of the member that {@code type} names.
   *
   * @throws BesorolException if the member is missing
   */
  @JsonIgnore
  public AlgorithmParameters parameters() {
    var parameters = member(type);
    if (parameters == null) {
      throw BesorolException.plan(
          "algorithm.type is %s, but algorithm has no field %s for its parameters: add it ({} takes the defaults)."
              .formatted(type.written(), type.field()));
    }
    return parameters;
  }

  /**
   * Whether several processes can train it together: its family can, and its parameters let parts
   * be learnt apart from each other. The loss CrammerSinger learns all subjects at once.
   */
  public boolean trainsOnManyNodes() {
    return type.trainsOnManyNodes()
        && !(parameters() instanceof LinearParameters p
            && p.loss() == LinearParameters.Loss.CRAMMER_SINGER);
  }
}
