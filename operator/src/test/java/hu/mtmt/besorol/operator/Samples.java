package hu.mtmt.besorol.operator;

import hu.mtmt.besorol.api.ClassifierModel;
import hu.mtmt.besorol.api.ClassifierModelSpec;
import hu.mtmt.besorol.api.ClassifierModelSpec.Promotion;
import hu.mtmt.besorol.api.ClassifierModelSpec.Serving;
import hu.mtmt.besorol.api.ClassifierModelStatus.ModelVersion;
import hu.mtmt.besorol.api.ClassifierModelStatus.Verdict;
import hu.mtmt.besorol.api.DataSource;
import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.contract.Comparison;
import hu.mtmt.besorol.contract.ComparisonRequest;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.Grades;
import hu.mtmt.besorol.contract.Judgement;
import hu.mtmt.besorol.contract.Metric;
import hu.mtmt.besorol.contract.TrainingResult;
import hu.mtmt.besorol.operator.status.Judgements;
import io.fabric8.knative.serving.v1.Route;
import io.fabric8.kubernetes.api.model.HasMetadata;
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
          serving: {platform: Deployment, replicas: {minimum: 2}}
          retainedVersions: 10
        """
            .formatted(name, TAXONOMY, HOLDOUT),
        ClassifierModel.class);
  }

  /**
   * The same model with data and packages in buckets.
   *
   * @param cache a line of YAML for the store, or nothing
   */
  public static ClassifierModel inBuckets(ClassifierModel model, String cache) {
    var yaml =
        Serialization.asYaml(model)
            .replace(
                "    persistentVolumeClaim:\n      claimName: \"store\"\n",
                """
                    s3: {endpoint: "http://minio.storage:9000", region: us-east-1, bucket: models, credentials: {secretName: store-keys}}
                %s\
                """
                    .formatted(cache))
            .replace(
                "    persistentVolumeClaim:\n      claimName: \"data\"\n",
                """
                    s3: {endpoint: "https://s3.example.org", region: eu-central-1, bucket: data, credentials: {secretName: data-keys}}
                """);
    if (yaml.contains("persistentVolumeClaim:\n")) {
      throw new IllegalArgumentException("claims are left in " + yaml);
    }
    return Serialization.unmarshal(yaml, ClassifierModel.class);
  }

  /** The same model with a route for clients from outside. */
  public static ClassifierModel routed(ClassifierModel model) {
    var yaml = Serialization.asYaml(model);
    var route =
        "    route: {gateway: {name: public, namespace: gateways}, hostnames:"
            + " [classify.example.org]}\n";
    return Serialization.unmarshal(
        yaml.replace("    replicas:", route + "    replicas:"), ClassifierModel.class);
  }

  /** The Route of model frascati on Knative, which has done as it says. */
  public static Route readyRoute() {
    return Serialization.unmarshal(
        """
        metadata: {name: frascati-kn, generation: 1}
        status: {observedGeneration: 1, conditions: [{type: Ready, status: "True"}]}
        """,
        Route.class);
  }

  /** The same model, served another way: the lines of that in YAML, without indentation. */
  public static ClassifierModel served(ClassifierModel model, String serving) {
    var before = "    platform: \"Deployment\"\n    replicas:\n      minimum: 2\n";
    return Serialization.unmarshal(
        replaced(model, before, serving.indent(4)), ClassifierModel.class);
  }

  /** The same with another holdout. */
  public static ClassifierModelSpec with(ClassifierModelSpec spec, DataSource holdout) {
    return with(spec, holdout, spec.promotion(), spec.serving());
  }

  /** The same with another promotion. */
  public static ClassifierModelSpec with(ClassifierModelSpec spec, Promotion promotion) {
    return with(spec, spec.holdout(), promotion, spec.serving());
  }

  /** The same, served another way. */
  public static ClassifierModelSpec with(ClassifierModelSpec spec, Serving serving) {
    return with(spec, spec.holdout(), spec.promotion(), serving);
  }

  private static ClassifierModelSpec with(
      ClassifierModelSpec spec, DataSource holdout, Promotion promotion, Serving serving) {
    return new ClassifierModelSpec(
        spec.taxonomy(),
        holdout,
        spec.store(),
        spec.gates(),
        spec.grades(),
        promotion,
        serving,
        spec.retainedVersions());
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

  /** The same of the model frascati, on that many nodes. */
  public static TrainingRun gang(String name, int minimum, int maximum, int gangSeconds) {
    var nodes = "nodes:\n      minimum: %d\n      maximum: %d";
    return edited(
        edited(run(name, "frascati"), nodes.formatted(1, 1), nodes.formatted(minimum, maximum)),
        "gangSeconds: 600",
        "gangSeconds: " + gangSeconds);
  }

  /** The same run with other words in its YAML, which must be there. */
  public static TrainingRun edited(TrainingRun run, String words, String others) {
    return Serialization.unmarshal(replaced(run, words, others), TrainingRun.class);
  }

  private static String replaced(HasMetadata object, String words, String others) {
    var yaml = Serialization.asYaml(object);
    if (!yaml.contains(words)) {
      throw new IllegalArgumentException("'%s' is not in %s".formatted(words, yaml));
    }
    return yaml.replace(words, others);
  }

  /** A version that nobody has judged yet; a higher number is newer. */
  public static ModelVersion version(int number, double strictF1, Comparison... comparisons) {
    return new ModelVersion(
        digest("v" + number).value(),
        "run-" + number,
        "2026-01-01T00:00:%02dZ".formatted(number),
        Verdict.JUDGING,
        List.of(),
        Judgements.toStatus(judgement(strictF1, comparisons)),
        null,
        null,
        null);
  }

  /** What a training tells that went well. */
  public static TrainingResult result(String version, double strictF1, Comparison... comparisons) {
    return new TrainingResult(
        digest(version), judgement(strictF1, comparisons), 17, 1000, null, null);
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
