package hu.mtmt.besorol.operator;

import hu.mtmt.besorol.api.ClassifierModel;
import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.contract.Comparison;
import hu.mtmt.besorol.contract.ComparisonRequest;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.Grades;
import hu.mtmt.besorol.contract.Judgement;
import hu.mtmt.besorol.contract.Metric;
import hu.mtmt.besorol.contract.TrainingResult;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Models, runs and results for tests: complete, and changed where a test says so. */
public final class Samples {
  public static final String TAXONOMY = digest("taxonomy").value();
  public static final String HOLDOUT = digest("holdout").value();
  public static final String TRAINING = digest("training").value();

  private Samples() {}

  /** Some digest that belongs to {@code text}. */
  public static Digest digest(String text) {
    return Digest.of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A model with a gate on strict F1 and one against the serving version. */
  public static ClassifierModel model(String name) {
    return Serialization.unmarshal(
        """
        apiVersion: besorol.mtmt.hu/v1alpha1
        kind: ClassifierModel
        metadata:
          name: %s
        spec:
          taxonomy:
            persistentVolumeClaim: {claimName: data}
            path: taxonomy.jsonl
            digest: %s
            level: 3
          holdout:
            persistentVolumeClaim: {claimName: data}
            path: holdout.jsonl
            digest: %s
          store:
            persistentVolumeClaim: {claimName: store}
            path: models
          gates:
          - {name: floor, metric: StrictF1, minimum: "0.6"}
          - {name: no-regression, metric: LenientF1, versusServing: {maxLoss: "0.005", confidence: "0.95"}}
          grades: {green: "0.7", yellow: "0.4", minimumDocuments: 1}
          promotion: {mode: Automatic}
          serving: {replicas: {minimum: 2}}
          retainedVersions: 10
        """
            .formatted(name, TAXONOMY, HOLDOUT),
        ClassifierModel.class);
  }

  /** A run of that model. */
  public static TrainingRun run(String name, String model) {
    return Serialization.unmarshal(
        """
        apiVersion: besorol.mtmt.hu/v1alpha1
        kind: TrainingRun
        metadata:
          name: %s
        spec:
          modelRef: {name: %s}
          training:
            persistentVolumeClaim: {claimName: data}
            path: train.jsonl.zst
            digest: %s
          duplicates: Refuse
          algorithm: {type: Linear, linear: {}}
          seed: 42
          placement: {flavors: []}
          suspend: false
          backoffLimit: 3
        """
            .formatted(name, model, TRAINING),
        TrainingRun.class);
  }

  /** The same run with other words in its YAML, which must be there. */
  public static TrainingRun edited(TrainingRun run, String words, String others) {
    var yaml = Serialization.asYaml(run);
    if (!yaml.contains(words)) {
      throw new IllegalArgumentException("'%s' is not in %s".formatted(words, yaml));
    }
    return Serialization.unmarshal(yaml.replace(words, others), TrainingRun.class);
  }

  /** What a training tells that went well. */
  public static TrainingResult result(String version, double strictF1, Comparison... comparisons) {
    return new TrainingResult(digest(version), judgement(strictF1, comparisons), 17, 1000, null);
  }

  /** A judgement on the sample model's holdout. */
  public static Judgement judgement(double strictF1, Comparison... comparisons) {
    var figures = new TreeMap<Metric, Double>();
    for (var metric : Metric.values()) {
      figures.put(metric, metric.unit() == Metric.Unit.SHARE ? strictF1 : 12.0);
    }
    figures.put(Metric.LENIENT_F1, strictF1 + 0.05);
    return new Judgement(
        new Digest(HOLDOUT),
        new Digest(TAXONOMY),
        3,
        new Grades("0.7", "0.4", 1),
        Map.copyOf(figures),
        List.of(comparisons));
  }

  /** The answer to a request for a comparison. */
  public static Comparison comparison(ComparisonRequest request, double difference) {
    return new Comparison(
        request.metric(),
        request.baseline(),
        request.confidence(),
        difference,
        difference - 0.002,
        difference + 0.002,
        500,
        null);
  }
}
