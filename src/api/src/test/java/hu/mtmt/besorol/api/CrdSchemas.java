package hu.mtmt.besorol.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Generates the CRDs. The generator knows nothing of list types, of the fields of a Condition and
 * of a default for the status, and writes floating-point bounds for integers: that is added here.
 */
final class CrdSchemas {
  /** Lists whose entries are merged by a key; all others are replaced as a whole. */
  private static final Map<String, List<String>> LIST_KEYS =
      Map.of(
          "spec.gates", List.of("name"),
          "status.conditions", List.of("type"),
          "status.versions", List.of("version"));

  private static final List<Class<? extends HasMetadata>> KINDS =
      List.of(ClassifierModel.class, TrainingRun.class);

  /** Without a status, kstatus would take a resource that no operator has seen for current. */
  private static final JsonNode NOTHING_OBSERVED =
      JsonNodeFactory.instance.objectNode().put("observedGeneration", -1);

  private CrdSchemas() {}

  /** Writes one file for each CRD into {@code directory}. */
  static void generate(Path directory) {
    new CRDGenerator()
        .inOutputDir(directory.toFile())
        .forCRDVersions("v1")
        .withMinQuotes(true)
        .withPostProcessor(
            new CRDPostProcessor() {
              @Override
              public HasMetadata process(HasMetadata crd, String version) {
                return complete((CustomResourceDefinition) crd);
              }
            })
        .customResourceClasses(KINDS)
        .generate();
    try (var files = Files.list(directory)) {
      for (var file : files.toList()) {
        Files.writeString(file, quoted(wholeNumbers(Files.readString(file))));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** kubectl reads YAML 1.1, where True and False without quotes are no texts. */
  private static String quoted(String yaml) {
    return Pattern.compile("(?<=- )(True|False)$", Pattern.MULTILINE)
        .matcher(yaml)
        .replaceAll(value -> "'" + value.group() + "'");
  }

  /** The model holds bounds as floating-point numbers, which YAML shows as 3.1536E7. */
  private static String wholeNumbers(String yaml) {
    return Pattern.compile("(?<=(?:maximum|minimum): )[0-9.]+(E[0-9]+)?$", Pattern.MULTILINE)
        .matcher(yaml)
        .replaceAll(number -> new BigDecimal(number.group()).stripTrailingZeros().toPlainString());
  }

  private static CustomResourceDefinition complete(CustomResourceDefinition crd) {
    crd.getSpec().getNames().setCategories(List.of("besorol"));
    for (var version : crd.getSpec().getVersions()) {
      sortColumns(version, crd.getSpec().getNames().getKind());
      var root = version.getSchema().getOpenAPIV3Schema();
      root.setDescription(describe(crd.getSpec().getNames().getKind()));
      root.setRequired(List.of("spec"));
      root.getProperties().get("spec").setDescription("What is wanted.");
      root.getProperties().get("status").setDescription("What is. Written by the operator.");
      root.getProperties().get("status").setDefault(NOTHING_OBSERVED);
      complete("", root);
    }
    return crd;
  }

  private static String describe(String kind) {
    return switch (kind) {
      case "ClassifierModel" ->
          "A subject classifier that is kept in service: its taxonomy, the frozen documents that"
              + " every version is judged on, the gates that a version must pass, and how it is"
              + " served.";
      case "TrainingRun" ->
          "One attempt to train a version of a ClassifierModel. It ends as a version that the model"
              + " judges, or fails with a reason. It cannot be changed, except to suspend it.";
      default -> throw new IllegalArgumentException(kind);
    };
  }

  /**
   * The generator sorts the columns by path; people want them in the order in which they are
   * declared.
   */
  private static void sortColumns(CustomResourceDefinitionVersion version, String kind) {
    var declared =
        KINDS.stream()
            .filter(k -> k.getSimpleName().equals(kind))
            .flatMap(k -> Arrays.stream(k.getAnnotationsByType(AdditionalPrinterColumn.class)))
            .map(AdditionalPrinterColumn::jsonPath)
            .toList();
    version
        .getAdditionalPrinterColumns()
        .sort(Comparator.comparingInt(c -> declared.indexOf(c.getJsonPath())));
  }

  private static void complete(String path, JSONSchemaProps schema) {
    if (schema.getXKubernetesValidations() != null) { // a rule on a record component is seen twice
      schema.setXKubernetesValidations(
          schema.getXKubernetesValidations().stream().distinct().toList());
    }
    if ("integer".equals(schema.getType()) && schema.getFormat() == null) {
      schema.setFormat("int64");
    }
    if ("array".equals(schema.getType())) {
      var keys = LIST_KEYS.get(path);
      schema.setXKubernetesListType(keys == null ? "atomic" : "map");
      schema.setXKubernetesListMapKeys(keys);
      if (path.equals("status.conditions")) {
        completeCondition(schema.getItems().getSchema());
      }
      complete(path + "[]", schema.getItems().getSchema());
      if (keys != null) {
        var item = schema.getItems().getSchema();
        item.setRequired(
            Stream.concat(item.getRequired().stream(), keys.stream()).distinct().sorted().toList());
      }
    }
    if (schema.getProperties() != null) {
      schema
          .getProperties()
          .forEach((name, child) -> complete(path.isEmpty() ? name : path + "." + name, child));
    }
  }

  /** As the Go type {@code metav1.Condition} is generated. */
  private static void completeCondition(JSONSchemaProps condition) {
    var properties = condition.getProperties();
    condition.setRequired(List.of("lastTransitionTime", "message", "reason", "status", "type"));
    properties.get("type").setDescription("What this is about, such as Ready.");
    properties.get("type").setMaxLength(316L);
    properties.get("status").setDescription("True, False or Unknown.");
    properties
        .get("status")
        .setEnum(
            List.of("True", "False", "Unknown").stream()
                .map(TextNode::valueOf)
                .map(JsonNode.class::cast)
                .toList());
    properties.get("reason").setDescription("Why, as one word for programs.");
    properties.get("reason").setMaxLength(1024L);
    properties.get("message").setDescription("Why, in a sentence for people.");
    properties.get("message").setMaxLength(32768L);
    properties.get("lastTransitionTime").setDescription("When the status last changed.");
    properties.get("lastTransitionTime").setFormat("date-time");
    properties
        .get("observedGeneration")
        .setDescription("Generation of the spec that the condition is about.");
    properties.get("observedGeneration").setMinimum(0.0);
  }
}
