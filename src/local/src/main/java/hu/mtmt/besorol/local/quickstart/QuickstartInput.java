package hu.mtmt.besorol.local.quickstart;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import hu.mtmt.besorol.contract.AlgorithmType;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.Source;
import hu.mtmt.besorol.corpus.DataFiles;
import hu.mtmt.besorol.corpus.Document;
import hu.mtmt.besorol.corpus.DocumentFile;
import hu.mtmt.besorol.taxonomy.Taxonomy;
import hu.mtmt.besorol.taxonomy.TaxonomyFile;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a quickstart works on.
 *
 * @param claims for the data, and for the packages
 * @param dataClaim the name of the one for the data
 * @param files of the data's volume, by their names there
 * @param model the ClassifierModel
 * @param run the TrainingRun
 * @param taxonomy the subjects
 * @param sample a publication to classify
 */
record QuickstartInput(
    List<PersistentVolumeClaim> claims,
    String dataClaim,
    Map<String, Path> files,
    GenericKubernetesResource model,
    GenericKubernetesResource run,
    Taxonomy taxonomy,
    Document sample) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Gates that make sense for data that nobody has seen yet. */
  private static final String GATES =
      """
      [
        {"name": "floor", "metric": "StrictF1", "minimum": "0.1"},
        {"name": "no-regression", "metric": "LenientF1",
         "versusServing": {"maxLoss": "0.02", "confidence": "0.95"}},
        {"name": "fast", "metric": "LatencyP95Millis", "maximum": "50"}
      ]
      """;

  /** The manifests and the corpus of {@code directory} as they stand there. */
  static QuickstartInput ofSample(Path directory) {
    var sample = Manifests.read(directory);
    return sample.input(DataFiles.find(directory), document(directory.resolve("sample.json")));
  }

  /**
   * The manifests of {@code sample} for the data of {@code directory}: its taxonomy in all levels,
   * the documents of {@code test} as holdout, and gates that hold for any data. The first of the
   * holdout documents is the publication to classify.
   *
   * @throws BesorolException if a file is missing or cannot be read
   */
  static QuickstartInput ofData(Path sample, Path directory) {
    var data = DataFiles.find(directory);
    var holdout =
        data.holdout()
            .orElseThrow(
                () ->
                    BesorolException.data(
                        "%s has no test.jsonl: every version is judged on those documents, which are never learnt."
                            .formatted(directory)));
    var manifests = Manifests.read(sample);
    manifests.set(data);
    return manifests.input(data, first(holdout));
  }

  private static Document first(Source file) {
    try (var lines = DocumentFile.open(Path.of(file.location()), null).lines()) {
      return lines
          .map(DocumentFile.Line::document)
          .filter(d -> !d.withoutText())
          .findFirst()
          .orElseThrow(
              () ->
                  BesorolException.data(
                      "%s has no document with text.".formatted(file.location())));
    }
  }

  private static Document document(Path file) {
    try {
      return JSON.readValue(Files.readAllBytes(file), Document.class);
    } catch (IOException e) {
      throw BesorolException.data("%s is not a document: %s".formatted(file, e.getMessage()));
    }
  }

  /** The same with another name of the run. */
  QuickstartInput withRunName(String name) {
    var renamed = Serialization.clone(run);
    renamed.getMetadata().setName(name);
    return new QuickstartInput(claims, dataClaim, files, model, renamed, taxonomy, sample);
  }

  /** The same with an algorithm of that type and its default parameters. */
  QuickstartInput withAlgorithm(AlgorithmType type) {
    var changed = Serialization.clone(run);
    spec(changed).put("algorithm", Map.of("type", type.written(), type.field(), Map.of()));
    return new QuickstartInput(claims, dataClaim, files, model, changed, taxonomy, sample);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> spec(GenericKubernetesResource resource) {
    return (Map<String, Object>) resource.getAdditionalProperties().get("spec");
  }

  /** The sample's manifests, as trees that can be changed. */
  private record Manifests(
      List<PersistentVolumeClaim> claims, ObjectNode model, ObjectNode run, String dataClaim) {

    static Manifests read(Path directory) {
      var model = tree(directory.resolve("classifiermodel.yaml"));
      return new Manifests(
          claims(directory.resolve("volumes.yaml")),
          model,
          tree(directory.resolve("trainingrun.yaml")),
          model.at("/spec/taxonomy/persistentVolumeClaim/claimName").asText());
    }

    private static List<PersistentVolumeClaim> claims(Path file) {
      return Stream.of(text(file).split("(?m)^---$"))
          .map(part -> Serialization.unmarshal(part, PersistentVolumeClaim.class))
          .toList();
    }

    private static ObjectNode tree(Path file) {
      return Serialization.unmarshal(text(file), ObjectNode.class);
    }

    private static String text(Path file) {
      try {
        return Files.readString(file);
      } catch (IOException e) {
        throw BesorolException.machine(file + " cannot be read: " + e.getMessage(), e);
      }
    }

    /** Points every source to a file of {@code data}, and forgets what is fit to the sample. */
    void set(DataFiles data) {
      var modelSpec = (ObjectNode) model.get("spec");
      var runSpec = (ObjectNode) run.get("spec");
      ((ObjectNode) modelSpec.get("taxonomy")).remove("level");
      set(modelSpec, "taxonomy", data.taxonomy());
      set(modelSpec, "holdout", data.holdout().orElseThrow());
      set(runSpec, "training", data.training());
      if (data.validation().isPresent()) {
        set(runSpec, "validation", data.validation().get());
      } else {
        runSpec.remove("validation");
      }
      modelSpec.set("gates", json(GATES));
      runSpec.remove("activeDeadlineSeconds");
      ((ObjectNode) runSpec.get("algorithm")).set("linear", JSON.createObjectNode());
    }

    private static void set(ObjectNode spec, String field, Source file) {
      var path = Path.of(file.location());
      var source = (ObjectNode) spec.get(field);
      source.put("path", path.getFileName().toString());
      source.put("digest", DocumentFile.open(path, null).digest().value());
    }

    private static JsonNode json(String text) {
      try {
        return JSON.readTree(text);
      } catch (JsonProcessingException e) {
        throw new AssertionError(e);
      }
    }

    QuickstartInput input(DataFiles data, Document sample) {
      var files = new LinkedHashMap<String, Path>();
      Stream.of(
              Stream.of(data.taxonomy(), data.training()),
              data.validation().stream(),
              data.holdout().stream())
          .flatMap(s -> s)
          .map(s -> Path.of(s.location()).toAbsolutePath())
          .forEach(file -> files.put(file.getFileName().toString(), file));
      return new QuickstartInput(
          claims,
          dataClaim,
          files,
          resource(model),
          resource(run),
          TaxonomyFile.read(Path.of(data.taxonomy().location()), null).taxonomy(),
          sample);
    }

    private static GenericKubernetesResource resource(ObjectNode tree) {
      return Serialization.unmarshal(tree.toString(), GenericKubernetesResource.class);
    }
  }

  /** Everything that is applied, in this order. */
  List<HasMetadata> objects() {
    return Stream.<HasMetadata>concat(claims.stream(), Stream.of(model, run)).toList();
  }
}
