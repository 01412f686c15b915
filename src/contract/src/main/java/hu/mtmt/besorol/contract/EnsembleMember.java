package hu.mtmt.besorol.contract;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/**
 * A classifier of an ensemble: an algorithm that is trained with it, or a version that was trained
 * before. No ensemble is a member of another.
 *
 * @param version the version of an earlier run in the same store; null if it is trained
 * @param type which family is trained; null if a version is named
 * @param tfidfNearest the parameters if it is {@link AlgorithmType#TFIDF_NEAREST}
 * @param linear the parameters if it is {@link AlgorithmType#LINEAR}
 * @param bonsai the parameters if it is {@link AlgorithmType#BONSAI}
 * @param decisionTree the parameters if it is {@link AlgorithmType#DECISION_TREE}
 * @param labelMatch the parameters if it is {@link AlgorithmType#LABEL_MATCH}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value =
        "has(self.version) != has(self.type) && (!has(self.type) || self.type != 'Ensemble')"
            + " && (has(self.type) && self.type == 'TfidfNearest') == has(self.tfidfNearest)"
            + " && (has(self.type) && self.type == 'Linear') == has(self.linear)"
            + " && (has(self.type) && self.type == 'Bonsai') == has(self.bonsai)"
            + " && (has(self.type) && self.type == 'DecisionTree') == has(self.decisionTree)"
            + " && (has(self.type) && self.type == 'LabelMatch') == has(self.labelMatch)",
    message = EnsembleMember.ONE)
public record EnsembleMember(
    @Size(max = Rules.DIGEST_LENGTH)
        @ValidationRule(value = Rules.DIGEST, message = Rules.DIGEST_MESSAGE)
        @JsonPropertyDescription(
            "Version of an earlier run of the same model, sha256:…; instead of type.")
        String version,
    @JsonPropertyDescription(
            "Which classifier family is trained; its parameters stand in the field of that name."
                + " Not Ensemble.")
        AlgorithmType type,
    @JsonPropertyDescription("Parameters of type TfidfNearest; {} takes the defaults.")
        TfidfNearestParameters tfidfNearest,
    @JsonPropertyDescription("Parameters of type Linear; {} takes the defaults.")
        LinearParameters linear,
    @JsonPropertyDescription("Parameters of type Bonsai; {} takes the defaults.")
        BonsaiParameters bonsai,
    @JsonPropertyDescription("Parameters of type DecisionTree; {} takes the defaults.")
        DecisionTreeParameters decisionTree,
    @JsonPropertyDescription("Parameters of type LabelMatch; {} takes the defaults.")
        LabelMatchParameters labelMatch)
    implements CrossChecked {

  static final String ONE =
      "give either version or type with the field of that name ({} takes the defaults); an ensemble"
          + " cannot be a member of an ensemble";

  @Override
  public List<String> brokenRules() {
    if ((version == null) == (type == null) || type == AlgorithmType.ENSEMBLE) {
      return List.of(ONE);
    }
    for (var t : AlgorithmType.values()) {
      if ((t == type) != (member(t) != null)) {
        return List.of(ONE);
      }
    }
    return List.of();
  }

  private AlgorithmParameters member(AlgorithmType type) {
    return switch (type) {
      case TFIDF_NEAREST -> tfidfNearest;
      case LINEAR -> linear;
      case BONSAI -> bonsai;
      case DECISION_TREE -> decisionTree;
      case LABEL_MATCH -> labelMatch;
      case ENSEMBLE -> null;
    };
  }

  /** The version of an earlier run, or null if it is trained. */
  public Digest versionDigest() {
    return version == null ? null : new Digest(version);
  }

  /** The parameters of a member that is trained, or null if it is a version. */
  @JsonIgnore
  public AlgorithmParameters parameters() {
    return type == null ? null : member(type);
  }
}
