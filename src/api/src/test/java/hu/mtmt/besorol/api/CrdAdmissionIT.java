package hu.mtmt.besorol.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import hu.mtmt.besorol.testkit.KubernetesBinaries;
import hu.mtmt.besorol.testkit.RealApiServer;
import hu.mtmt.besorol.testkit.RealApiServerTest;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable.Validation;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a real API server says of good and bad manifests. */
@RealApiServerTest
class CrdAdmissionIT {
  private static final Path CRDS = KubernetesBinaries.repository().resolve("crds");
  private static final ObjectMapper YAML = new YAMLMapper();
  private static final KubernetesSerialization JSON = new KubernetesSerialization();
  private static final String LONG = "x";

  /** A line of rules.yaml. */
  record Rule(String kind, String field, String message, JsonNode rejected, JsonNode accepted) {
    @Override
    public String toString() {
      return "%s %s: %s: %s".formatted(kind, field, message, rejected);
    }
  }

  /** A manifest that breaks a bound of the schema. */
  record Broken(String kind, String field, String bound, JsonNode manifest, String message) {
    @Override
    public String toString() {
      return "%s %s: %s".formatted(kind, field, bound);
    }
  }

  static List<Rule> rules() {
    return YAML.convertValue(resource("rules.yaml"), new TypeReference<List<Rule>>() {});
  }

  @ParameterizedTest
  @MethodSource("rules")
  void ruleRefusesAndTellsWhatToWrite(Rule rule, RealApiServer server) {
    assertThatThrownBy(
            () -> dryRun(merged(complete(rule.kind(), rule.field()), rule.rejected()), server))
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining(rule.message());
    dryRun(merged(complete(rule.kind(), rule.field()), rule.accepted()), server);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ClassifierModel", "TrainingRun"})
  void everyRuleHasALine(String kind) {
    var untested = new TreeSet<String>();
    var tested = rules().stream().filter(r -> r.kind().equals(kind)).toList();
    walk(
        "",
        schema(kind),
        (field, schema) -> {
          if (field.startsWith("status") || schema.getXKubernetesValidations() == null) {
            return;
          }
          schema
              .getXKubernetesValidations()
              .forEach(
                  v -> {
                    if (!v.getRule().contains("oldSelf")
                        && tested.stream()
                            .noneMatch(
                                r ->
                                    r.field().equals(same(field))
                                        && v.getMessage().startsWith(r.message()))) {
                      untested.add(field + ": " + v.getMessage());
                    }
                  });
        });
    assertThat(untested).as("add a line to rules.yaml").isEmpty();
  }

  static List<Broken> bounds() {
    var all = new ArrayList<Broken>();
    for (var kind : List.of("ClassifierModel", "TrainingRun")) {
      walk("", schema(kind), (field, schema) -> all.addAll(broken(kind, field, schema)));
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("bounds")
  void boundHolds(Broken broken, RealApiServer server) {
    assertThatThrownBy(() -> dryRun(broken.manifest(), server))
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining(broken.message());
  }

  /** Manifests that break each bound of a field, where the complete manifest has that field. */
  private static List<Broken> broken(String kind, String field, JSONSchemaProps schema) {
    var all = new ArrayList<Broken>();
    var present = at(complete(kind, field), field) != null;
    if (!field.startsWith("spec") || !present) {
      return all;
    }
    if (schema.getMinimum() != null) {
      var below = LongNode.valueOf(schema.getMinimum().longValue() - 1);
      all.add(replaced(kind, field, "minimum", below, "should be greater than or equal to"));
    }
    if (schema.getMaximum() != null) {
      var above = LongNode.valueOf(schema.getMaximum().longValue() + 1);
      all.add(replaced(kind, field, "maximum", above, "should be less than or equal to"));
    }
    if (schema.getMaxLength() != null) {
      var tooLong = TextNode.valueOf(LONG.repeat(schema.getMaxLength().intValue() + 1));
      all.add(replaced(kind, field, "maxLength", tooLong, "Too long"));
    }
    if (schema.getMinLength() != null) {
      all.add(replaced(kind, field, "minLength", TextNode.valueOf(""), "at least"));
    }
    if (!schema.getEnum().isEmpty()) {
      var other = TextNode.valueOf("Nonsense");
      all.add(replaced(kind, field, "enum", other, "Unsupported value: \"Nonsense\""));
    }
    if (schema.getMaxItems() != null) {
      var many = YAML.createArrayNode();
      for (var i = 0; i <= schema.getMaxItems(); i++) {
        many.add(at(complete(kind, field), field).get(0));
      }
      all.add(replaced(kind, field, "maxItems", many, "must have at most"));
    }
    if (schema.getRequired() != null) {
      for (var name : schema.getRequired()) {
        var manifest = complete(kind, field);
        ((ObjectNode) at(manifest, field)).remove(name);
        all.add(new Broken(kind, field, "requires " + name, manifest, "Required value"));
      }
    }
    return all;
  }

  private static Broken replaced(
      String kind, String field, String bound, JsonNode value, String message) {
    var manifest = complete(kind, field);
    var dot = field.lastIndexOf('.');
    var parent = at(manifest, field.substring(0, dot));
    var name = field.substring(dot + 1);
    if (name.endsWith("[]")) {
      ((ArrayNode) parent.get(name.substring(0, name.length() - 2))).set(0, value);
    } else {
      ((ObjectNode) parent).set(name, value);
    }
    return new Broken(kind, field, bound, manifest, message);
  }

  /** The value of a field; of a list's element, that of the first that has it. */
  private static JsonNode at(JsonNode manifest, String field) {
    var candidates = List.of(manifest);
    for (var part : field.split("\\.")) {
      var list = part.endsWith("[]");
      var name = list ? part.substring(0, part.length() - 2) : part;
      candidates =
          candidates.stream()
              .filter(n -> n.has(name))
              .map(n -> n.get(name))
              .flatMap(n -> list ? n.valueStream() : Stream.of(n))
              .toList();
    }
    return candidates.isEmpty() ? null : candidates.getFirst();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ClassifierModel", "TrainingRun"})
  void completeManifestSaysEverything(String kind) {
    var silent = new TreeSet<String>();
    walk(
        "",
        schema(kind),
        (field, schema) -> {
          if (field.startsWith("spec") && at(complete(kind, same(field)), same(field)) == null) {
            silent.add(field);
          }
        });
    silent.removeIf(f -> f.matches("spec\\.validationFraction|spec\\.\\w+\\.uri"));
    silent.removeIf(f -> f.matches("spec\\.(holdout|validation)\\.(path|persistentVolumeClaim.*)"));
    assertThat(silent).as("not in the complete manifest, so its bounds are not tested").isEmpty();
  }

  @Test
  void completeManifestsAreAccepted(RealApiServer server) {
    dryRun(complete("ClassifierModel"), server);
    dryRun(complete("TrainingRun"), server);
  }

  @Test
  void defaultsAreFilledIn(RealApiServer server) throws IOException {
    var docs = YAML.readerFor(JsonNode.class).<JsonNode>readValues(text("minimal.yaml")).readAll();
    var model = JSON.convertValue(dryRun(docs.get(0), server), ClassifierModel.class).getSpec();
    assertThat(model.gates()).isEmpty();
    assertThat(model.retainedVersions()).isEqualTo(10);
    assertThat(model.promotion().mode()).isEqualTo(ClassifierModelSpec.PromotionMode.AUTOMATIC);
    assertThat(model.serving().replicas().minimum()).isEqualTo(2);
    assertThat(model.grades().green()).isEqualTo("0.7");
    var run = JSON.convertValue(dryRun(docs.get(1), server), TrainingRun.class).getSpec();
    assertThat(run.seed()).isEqualTo(42);
    assertThat(run.suspend()).isFalse();
    assertThat(run.backoffLimit()).isEqualTo(3);
    assertThat(run.placement().flavors()).isEmpty();
    assertThat(run.placement().fallbackSeconds()).isEqualTo(600);
    assertThat(run.placement().priority()).isZero();
    assertThat(run.algorithm().linear().maximumEpochs()).isEqualTo(200);
    assertThat(run.algorithm().linear().features().fields()).hasSize(4);
  }

  @ParameterizedTest
  @CsvSource({
    "ClassifierModel, '{spec: {replicas: 3}}', spec.replicas",
    "TrainingRun, '{spec: {algorithm: {mlp: {}}}}', spec.algorithm.mlp",
    "TrainingRun, '{spec: {training: {digset: x}}}', spec.training.digset"
  })
  void unknownFieldIsRefused(String kind, String patch, String field, RealApiServer server)
      throws IOException {
    var manifest = merged(complete(kind), YAML.readTree(patch));
    assertThatThrownBy(() -> dryRun(manifest, server))
        .hasMessageContaining("unknown field \"%s\"".formatted(field));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{modelRef: {name: other}}",
        "{training: {path: other.jsonl}}",
        "{validation: null}",
        "{duplicates: Refuse}",
        "{algorithm: {linear: {cost: \"2\"}}}",
        "{seed: 8}",
        "{placement: {flavors: []}}",
        "{placement: {nodes: {maximum: 3}}}",
        "{placement: {gangSeconds: 5}}",
        "{placement: {queueName: other}}",
        "{backoffLimit: 5}",
        "{activeDeadlineSeconds: null}",
        "{ttlSecondsAfterFinished: 5}"
      })
  void runCannotBeChanged(String change, RealApiServer server) throws IOException {
    var run = create(server.namespace("immutable"), server);
    assertThatThrownBy(() -> patch(run, change, server))
        .hasMessageContaining("a run cannot be changed except for suspend: create another");
  }

  @Test
  void runCanBeSuspended(RealApiServer server) throws IOException {
    var run = create(server.namespace("suspend"), server);
    patch(run, "{suspend: true}", server);
    assertThat(server.client().resource(run).get().get("spec", "suspend").toString())
        .isEqualTo("true");
  }

  private static GenericKubernetesResource create(String namespace, RealApiServer server) {
    return server
        .client()
        .resource(generic(complete("TrainingRun")))
        .inNamespace(namespace)
        .create();
  }

  private static void patch(GenericKubernetesResource run, String spec, RealApiServer server)
      throws IOException {
    var json = JSON.asJson(YAML.readTree(spec));
    server
        .client()
        .resource(run)
        .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":" + json + "}");
  }

  @ParameterizedTest
  @CsvSource({
    "classifiermodels, 'Name Version F1 Lenient URL Ready Reason Age'",
    "trainingruns, 'Name Model Algorithm Flavor Progress F1 Ready Reason Age Placement'"
  })
  void columnsAreShown(String plural, String columns, RealApiServer server) throws Exception {
    var client = server.client();
    var request =
        client
            .getHttpClient()
            .newHttpRequestBuilder()
            .uri("%sapis/besorol.mtmt.hu/v1alpha1/%s".formatted(client.getMasterUrl(), plural))
            .header("Accept", "application/json;as=Table;v=v1;g=meta.k8s.io")
            .build();
    var answer = client.getHttpClient().sendAsync(request, String.class).get();
    var table = YAML.readTree(answer.body());
    assertThat(table.get("columnDefinitions").valueStream().map(c -> c.get("name").asText()))
        .containsExactly(columns.split(" "));
  }

  @ParameterizedTest
  @ValueSource(strings = {"classifiermodels", "trainingruns"})
  void crdIsAcceptedWithoutWarnings(String plural, RealApiServer server) throws Exception {
    var client = server.client();
    var request =
        client
            .getHttpClient()
            .newHttpRequestBuilder()
            .uri(
                "%sapis/apiextensions.k8s.io/v1/customresourcedefinitions/%s.besorol.mtmt.hu?fieldManager=test&force=true&dryRun=All"
                    .formatted(client.getMasterUrl(), plural))
            .method(
                "PATCH",
                "application/apply-patch+yaml",
                Files.readString(CRDS.resolve(plural + ".besorol.mtmt.hu-v1.yml")))
            .build();
    var answer = client.getHttpClient().sendAsync(request, String.class).get();
    assertThat(answer.code()).as(answer.body()).isEqualTo(200);
    assertThat(answer.headers("Warning")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "classifiermodel.spec.gates.versusServing, Largest loss that is accepted",
    "trainingrun.spec.suspend, ends the pods of the run after they have written a checkpoint",
    "trun, One attempt to train a version of a ClassifierModel",
    "cmodel.status.serving, The version that serves"
  })
  void explainReadsLikeDocumentation(String field, String text, RealApiServer server) {
    assumeTrue(server.kubectl().isPresent(), "kubectl is not here");
    await() // the server publishes the descriptions of a new CRD after a while
        .untilAsserted(
            () -> assertThat(explain(field, server).replaceAll("\\s+", " ")).contains(text));
  }

  private static String explain(String field, RealApiServer server) throws IOException {
    var process =
        new ProcessBuilder(
                server.kubectl().orElseThrow().toString(),
                "--kubeconfig",
                server.kubeconfig().toString(),
                "explain",
                field)
            .redirectErrorStream(true)
            .start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private static GenericKubernetesResource dryRun(JsonNode manifest, RealApiServer server) {
    return server
        .client()
        .resource(generic(manifest))
        .inNamespace("default")
        .dryRun()
        .fieldValidation(Validation.STRICT)
        .create();
  }

  private static GenericKubernetesResource generic(JsonNode manifest) {
    return JSON.convertValue(manifest, GenericKubernetesResource.class);
  }

  /** RFC 7396. */
  private static JsonNode merged(JsonNode target, JsonNode patch) {
    if (!(patch instanceof ObjectNode changes)) {
      return patch;
    }
    var result = target instanceof ObjectNode o ? o.deepCopy() : YAML.createObjectNode();
    changes
        .properties()
        .forEach(
            e -> {
              if (e.getValue().isNull()) {
                result.remove(e.getKey());
              } else {
                result.set(e.getKey(), merged(result.get(e.getKey()), e.getValue()));
              }
            });
    return result;
  }

  /**
   * The complete manifest that has the field: an algorithm has the parameters of one type, so there
   * is one for each type, and files are in one place, so there is one for buckets.
   */
  private static JsonNode complete(String kind, String field) {
    var manifest = complete(kind);
    var type = field.split("[.]", 4);
    var algorithms = resource("algorithms.yaml");
    if (type.length > 2 && type[1].equals("algorithm") && algorithms.has(type[2])) {
      ((ObjectNode) manifest.get("spec")).set("algorithm", algorithms.get(type[2]));
    }
    if (type.length > 2 && List.of("s3", "cache").contains(type[2])) {
      var place = (ObjectNode) manifest.get("spec").get(type[1]);
      var buckets = resource("buckets.yaml");
      place.remove(List.of("uri", "persistentVolumeClaim"));
      place.put("path", "a/b").set("s3", buckets.get("s3"));
      if (type[1].equals("store")) {
        place.set("cache", buckets.get("cache"));
      }
    }
    return manifest;
  }

  /**
   * The field that stands for it: parameters of a member of an ensemble are those of the algorithm,
   * and all types have the features of Linear.
   */
  private static String same(String field) {
    return field
        .replace("spec.algorithm.ensemble.members[].", "spec.algorithm.")
        .replaceFirst("^spec[.]algorithm[.]\\w+[.]features", "spec.algorithm.linear.features")
        .replaceFirst(
            "^spec[.]algorithm[.](type|version)$", "spec.algorithm.ensemble.members[].$1");
  }

  private static JsonNode complete(String kind) {
    return resource(kind.toLowerCase(Locale.ROOT) + ".yaml");
  }

  private static JsonNode resource(String name) {
    try {
      return YAML.readTree(text(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(String name) throws IOException {
    try (var in = CrdAdmissionIT.class.getResourceAsStream("/admission/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private interface Visitor {
    void visit(String field, JSONSchemaProps schema);
  }

  private static void walk(String field, JSONSchemaProps schema, Visitor visitor) {
    visitor.visit(field, schema);
    Map<String, JSONSchemaProps> properties =
        schema.getProperties() == null ? Map.of() : schema.getProperties();
    properties.forEach(
        (name, child) -> walk(field.isEmpty() ? name : field + "." + name, child, visitor));
    if (schema.getItems() != null) {
      walk(field + "[]", schema.getItems().getSchema(), visitor);
    }
  }

  private static JSONSchemaProps schema(String kind) {
    try {
      var file = kind.toLowerCase(Locale.ROOT) + "s.besorol.mtmt.hu-v1.yml";
      return Serialization.unmarshal(
              Files.readString(CRDS.resolve(file)), CustomResourceDefinition.class)
          .getSpec()
          .getVersions()
          .getFirst()
          .getSchema()
          .getOpenAPIV3Schema();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
