package hu.mtmt.besorol.benchmarks;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import hu.mtmt.besorol.classifiers.Answer;
import hu.mtmt.besorol.classifiers.ModelPackage;
import hu.mtmt.besorol.corpus.Document;
import hu.mtmt.besorol.corpus.DocumentFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A process that answers documents with a package: writes the answers as JSON lines, and prints
 * what they cost as a line of JSON. The peers do the same, see {@code peers/trial.py}.
 */
final class AnswerTrial {
  private static final int RANKED = 10;
  private static final int ALONE = 1000;

  /** Passes; the fastest counts. The first ones are the compiler's. */
  private static final int PASSES = 5;

  /** A pass goes over the documents until it has answered so many: the clock ticks in 10 ms. */
  private static final int DOCUMENTS_OF_PASS = 6000;

  private AnswerTrial() {}

  /**
   * @param arguments {@code PACKAGE DOCUMENTS ANSWERS}
   */
  public static void main(String[] arguments) throws IOException {
    long opening = System.nanoTime();
    var model = ModelPackage.open(Path.of(arguments[0]));
    double loaded = (System.nanoTime() - opening) / 1e9;
    List<Document> documents;
    try (var lines = DocumentFile.open(Path.of(arguments[1]), null).lines()) {
      documents = lines.map(DocumentFile.Line::document).toList();
    }
    int rounds = Math.ceilDiv(DOCUMENTS_OF_PASS, documents.size());
    double fastest = Double.MAX_VALUE;
    for (int pass = 0; pass < PASSES; pass++) {
      double before = Measured.cpuSeconds();
      for (int round = 0; round < rounds; round++) {
        documents.forEach(d -> model.answer(d, RANKED));
      }
      fastest = Math.min(fastest, Measured.cpuSeconds() - before);
    }
    var alone =
        documents.stream()
            .limit(ALONE)
            .mapToDouble(
                document -> {
                  long before = System.nanoTime();
                  model.answer(document, RANKED);
                  return (System.nanoTime() - before) / 1e6;
                })
            .sorted()
            .toArray();
    write(model, documents, Path.of(arguments[2]));
    try (var json = new JsonFactory().createGenerator(System.out)) {
      json.writeStartObject();
      json.writeNumberField("load_s", loaded);
      json.writeNumberField("documents_per_cpu_s", rounds * documents.size() / fastest);
      json.writeNumberField("p50_ms", alone[alone.length / 2]);
      json.writeNumberField("p99_ms", alone[alone.length * 99 / 100]);
      json.writeEndObject();
    }
  }

  private static void write(ModelPackage model, List<Document> documents, Path file)
      throws IOException {
    var ids =
        Arrays.stream(model.subjects())
            .mapToObj(s -> model.target().taxonomy().subject(s).id())
            .toArray(String[]::new);
    try (var json = new JsonFactory().createGenerator(Files.newBufferedWriter(file))) {
      json.setPrettyPrinter(new MinimalPrettyPrinter("\n"));
      for (var document : documents) {
        write(json, document.id(), model.answer(document, RANKED), ids);
      }
    }
  }

  private static void write(JsonGenerator json, String id, Answer answer, String[] ids)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("id", id);
    json.writeArrayFieldStart("subjects");
    for (int i = 0; i < answer.decided(); i++) {
      json.writeString(ids[answer.labels()[i]]);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("ranked");
    for (int i = 0; i < Math.min(RANKED, answer.labels().length); i++) {
      json.writeStartObject();
      json.writeStringField("subject", ids[answer.labels()[i]]);
      json.writeNumberField("score", answer.scores()[i]);
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
