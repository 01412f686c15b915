package hu.mtmt.besorol.local.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.JobPlan;
import hu.mtmt.besorol.local.BesorolInstallation;
import hu.mtmt.besorol.testkit.KubernetesBinaries;
import hu.mtmt.besorol.testkit.S3Server;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * From two resources to an answer over HTTP with data and packages in buckets of a real S3 server:
 * operator, trainer and inference service are processes that know of it what the resources say.
 */
class S3FlowIT {
  private static final String CLAIM = "package-cache";

  @TempDir Path directory;

  @Test
  void trainsFromABucketIntoABucketAndServesFromIt() throws Exception {
    try (var server = S3Server.start(directory.resolve("s3"), "data", "models");
        var besorol = TestBesorol.embedded(directory.resolve("cluster"))) {
      copyCorpus(server.bucket("data"));
      allow(server.endpoint().toString(), besorol);
      create(keys(), besorol);
      create(cache(), besorol);
      var sample = TestBesorol.sample();
      var model = TestBesorol.spec(sample.model());
      var run = TestBesorol.spec(sample.run());
      for (var source : List.of(model.get("taxonomy"), model.get("holdout"))) {
        inBucket(source, "data", server);
      }
      for (var source : List.of(run.get("training"), run.get("validation"))) {
        inBucket(source, "data", server);
      }
      inBucket(model.get("store"), "models", server);
      map(model.get("store"))
          .put("cache", Map.of("persistentVolumeClaim", Map.of("claimName", CLAIM)));
      create(sample.model(), besorol);
      create(sample.run(), besorol);

      var version = besorol.awaitEnd("quickstart-1").getStatus().result().version();
      var served = besorol.awaitServing(version);

      var answer = new SampleAnswer(served.getStatus().url()).of(sample.sample());
      assertThat(answer.version().value()).isEqualTo(version);
      assertThat(answer.suggestions()).isNotEmpty();
      var name = JobPlan.packageDirectory(new Digest(version));
      assertThat(server.bucket("models").resolve("quickstart").resolve(name).resolve("model.json"))
          .exists();
      assertThat(besorol.cluster.volumes().of(besorol.namespace, CLAIM).resolve(name))
          .isDirectory();
    }
  }

  private static void copyCorpus(Path bucket) throws IOException {
    var corpus = KubernetesBinaries.repository().resolve("kubernetes/samples/quickstart");
    try (var files = Files.newDirectoryStream(corpus, "*.jsonl")) {
      for (var file : files) {
        Files.copy(file, bucket.resolve(file.getFileName()));
      }
    }
  }

  private static void allow(String endpoint, TestBesorol besorol) {
    besorol
        .client()
        .apps()
        .deployments()
        .inNamespace(BesorolInstallation.NAMESPACE)
        .withName(BesorolInstallation.OPERATOR)
        .edit(
            d ->
                d.edit()
                    .editSpec()
                    .editTemplate()
                    .editSpec()
                    .editFirstContainer()
                    .addNewEnv()
                    .withName("BESOROL_ALLOWED_S3_ENDPOINTS")
                    .withValue(endpoint)
                    .endEnv()
                    .endContainer()
                    .endSpec()
                    .endTemplate()
                    .endSpec()
                    .build());
  }

  private static HasMetadata keys() {
    return new SecretBuilder()
        .withNewMetadata()
        .withName("s3-keys")
        .endMetadata()
        .addToStringData("AWS_ACCESS_KEY_ID", S3Server.ACCESS_KEY)
        .addToStringData("AWS_SECRET_ACCESS_KEY", S3Server.SECRET_KEY)
        .build();
  }

  private static HasMetadata cache() {
    return new PersistentVolumeClaimBuilder()
        .withNewMetadata()
        .withName(CLAIM)
        .endMetadata()
        .withNewSpec()
        .withAccessModes("ReadWriteMany")
        .withNewResources()
        .addToRequests("storage", new Quantity("1Gi"))
        .endResources()
        .endSpec()
        .build();
  }

  private static void create(HasMetadata object, TestBesorol besorol) {
    besorol.client().resource(object).inNamespace(besorol.namespace).create();
  }

  private static void inBucket(Object place, String bucket, S3Server server) {
    map(place).remove("persistentVolumeClaim");
    map(place)
        .put(
            "s3",
            Map.of(
                "endpoint",
                server.endpoint().toString(),
                "bucket",
                bucket,
                "credentials",
                Map.of("secretName", "s3-keys")));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Object place) {
    return (Map<String, Object>) place;
  }
}
