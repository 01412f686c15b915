package hu.mtmt.besorol.contract;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/**
 * A document that crosses a process boundary. It names its schema and that schema's version in the
 * field {@code schema}; an incompatible change gets a new number, and a reader says so when it
 * meets one that it does not know.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "schema")
@JsonSubTypes({
  @JsonSubTypes.Type(value = TrainingPlan.class, name = "besorol/training-plan/1"),
  @JsonSubTypes.Type(value = EvaluationPlan.class, name = "besorol/evaluation-plan/1"),
  @JsonSubTypes.Type(value = PrunePlan.class, name = "besorol/prune-plan/1"),
  @JsonSubTypes.Type(value = Progress.class, name = "besorol/progress/1"),
  @JsonSubTypes.Type(value = ServiceReport.class, name = "besorol/service-report/1"),
  @JsonSubTypes.Type(value = TrainingResult.class, name = "besorol/training-result/1"),
  @JsonSubTypes.Type(value = EvaluationResult.class, name = "besorol/evaluation-result/1"),
  @JsonSubTypes.Type(value = PruneResult.class, name = "besorol/prune-result/1"),
  @JsonSubTypes.Type(value = ModelManifest.class, name = "besorol/model/1"),
  @JsonSubTypes.Type(value = EvaluationReport.class, name = "besorol/evaluation/1"),
  @JsonSubTypes.Type(value = ComparisonReport.class, name = "besorol/comparison/1"),
  @JsonSubTypes.Type(value = LearningCurveReport.class, name = "besorol/learning-curve/1")
})
public sealed interface ContractDocument
    permits JobPlan,
        JobResult,
        Progress,
        ServiceReport,
        ModelManifest,
        EvaluationReport,
        ComparisonReport,
        LearningCurveReport {}
