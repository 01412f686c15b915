package hu.mtmt.besorol.inference;

import hu.mtmt.besorol.contract.Algorithm;
import hu.mtmt.besorol.contract.AlgorithmType;
import hu.mtmt.besorol.contract.AnswerParameters;
import hu.mtmt.besorol.contract.BonsaiParameters;
import hu.mtmt.besorol.contract.Classification;
import hu.mtmt.besorol.contract.DecisionTreeParameters;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.EnsembleMember;
import hu.mtmt.besorol.contract.EnsembleParameters;
import hu.mtmt.besorol.contract.EvaluationReport;
import hu.mtmt.besorol.contract.Grades;
import hu.mtmt.besorol.contract.LabelMatchParameters;
import hu.mtmt.besorol.contract.LinearParameters;
import hu.mtmt.besorol.contract.Metric;
import hu.mtmt.besorol.contract.ModelManifest;
import hu.mtmt.besorol.contract.Reason;
import hu.mtmt.besorol.contract.ServiceReport;
import hu.mtmt.besorol.contract.Suggestion;
import hu.mtmt.besorol.contract.TextFeatures;
import hu.mtmt.besorol.contract.TfidfNearestParameters;
import hu.mtmt.besorol.corpus.Document;
import hu.mtmt.besorol.inference.rest.Mistake;
import hu.mtmt.besorol.inference.rest.ModelDescription;
import hu.mtmt.besorol.inference.rest.SubjectPage;
import hu.mtmt.besorol.taxonomy.Subject;
import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * The records that Jackson reads and writes in this process; a native executable has to be told of
 * them. Nested records and enums come with the one that holds them.
 */
@RegisterForReflection(
    targets = {
      Algorithm.class,
      AlgorithmType.class,
      AnswerParameters.class,
      BonsaiParameters.class,
      Classification.class,
      DecisionTreeParameters.class,
      Digest.class,
      Document.class,
      EnsembleMember.class,
      EnsembleParameters.class,
      EvaluationReport.class,
      Grades.class,
      LabelMatchParameters.class,
      LinearParameters.class,
      Metric.class,
      Mistake.class,
      ModelDescription.class,
      ModelManifest.class,
      Reason.class,
      ServiceReport.class,
      Subject.class,
      SubjectPage.class,
      Suggestion.class,
      TextFeatures.class,
      TfidfNearestParameters.class
    })
final class NativeImage {
  private NativeImage() {}
}
