package hu.mtmt.besorol.benchmarks;

import hu.mtmt.besorol.api.ClassifierModel;
import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.contract.Digest;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The models, runs and flavors of {@link ScaleBenchmark}. */
final class ScaleResources {
  static final Digest TAXONOMY = digest("taxonomy");
  static final Digest HOLDOUT = digest("holdout");
  static final int LEVEL = 3;
  static final String FLAVORS = "flavors";

  private ScaleResources() {}

  private static Digest digest(String text) {
    return Digest.of(text.getBytes(StandardCharsets.UTF_8));
  }

  static ClassifierModel model(String name) {
    return Serialization.unmarshal(
        """
        apiVersion: besorol.mtmt.hu/v1alpha1
        kind: ClassifierModel
        metadata: {name: %s}
        spec:
          taxonomy:
            persistentVolumeClaim: {claimName: data}
            path: taxonomy.jsonl
            digest: %s
            level: %d
          holdout:
            persistentVolumeClaim: {claimName: data}
            path: holdout.jsonl
            digest: %s
          store:
            persistentVolumeClaim: {claimName: store}
          gates:
          - {name: floor, metric: StrictF1, minimum: "0.6"}
          - {name: breadth, metric: GreenSubjects, minimum: "12"}
          grades: {green: "0.7", yellow: "0.4", minimumDocuments: 1}
          promotion: {mode: Automatic}
          serving: {replicas: {minimum: 2}}
          retainedVersions: 5
        """
            .formatted(name, TAXONOMY, LEVEL, HOLDOUT),
        ClassifierModel.class);
  }

  /** A run on one of a hundred data sets. */
  static TrainingRun run(String name, String model, int seed) {
    return Serialization.unmarshal(
        """
        apiVersion: besorol.mtmt.hu/v1alpha1
        kind: TrainingRun
        metadata: {name: %s}
        spec:
          modelRef: {name: %s}
          training:
            persistentVolumeClaim: {claimName: data}
            path: train.jsonl.zst
            digest: %s
          validationFraction: "0.1"
          algorithm:
            type: Linear
            linear: {features: {minimumDocuments: 2}}
          seed: %d
          activeDeadlineSeconds: 86400
        """
            .formatted(name, model, digest("data" + seed % 100).value(), seed),
        TrainingRun.class);
  }

  /** One flavor, of which runs may take so many at one time. */
  static ConfigMap flavors(int nodes) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName(FLAVORS)
        .endMetadata()
        .withData(Map.of("flavors.yaml", flavor(nodes)))
        .build();
  }

  private static String flavor(int nodes) {
    return """
    - name: m2.4xlarge
      cpu: "31"
      memory: 56Gi
      nodeLabels: {node.kubernetes.io/instance-type: m2.4xlarge}
      nodes: %d
      costPerHour: "2"
    """
        .formatted(nodes);
  }

  /** A Job as people write them, of one pod, which waits. */
  static Job plainJob(String name) {
    return Serialization.unmarshal(
        """
        apiVersion: batch/v1
        kind: Job
        metadata: {name: %s}
        spec:
          backoffLimit: 3
          template:
            spec:
              restartPolicy: Never
              containers:
              - {name: main, image: localhost/none, resources: {limits: {cpu: "31", memory: 56Gi}}}
        """
            .formatted(name),
        Job.class);
  }
}
