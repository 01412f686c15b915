package hu.mtmt.besorol.trainer.data;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.corpus.DocumentFile;
import hu.mtmt.besorol.evaluation.Judged;
import hu.mtmt.besorol.files.InputFile;
import hu.mtmt.besorol.files.Lines;
import hu.mtmt.besorol.files.Problems;
import hu.mtmt.besorol.taxonomy.TargetLevel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Answers that another program gave to documents: JSON lines, plain or compressed, one for each
 * document, found by its id.
 *
 * <pre>
 * {"id": "42", "subjects": ["a"], "ranked": [{"subject": "a", "score": 0.8}, {"subject": "b", "score": 0.1}]}
 * </pre>
 *
 * <p>{@code subjects} is the answer; {@code ranked} has the subjects that come into question, the
 * best first, those of the answer among them, and may be left out. What {@code besorol suggest}
 * writes is understood too: its {@code suggestions} are the answer. An answered subject counts as
 * ranked before one that is not answered. Subjects count as their ancestor on the target level,
 * with the best of its scores.
 *
 * @param target the subjects that are told apart
 */
public record AnswersFile(TargetLevel target) {
  private static final ObjectReader LINE =
      JsonMapper.builder()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .readerFor(Line.class);

  /**
   * What was answered.
   *
   * @param digest of the file
   * @param judged in the order of the documents
   * @param ranked whether the file has rankings; else metrics of rankings rest on answers alone
   */
  public record Answers(Digest digest, List<Judged> judged, boolean ranked) {}

  private record Line(
      String id, List<String> subjects, List<Ranked> ranked, List<Ranked> suggestions) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  private record Ranked(String subject, Double score) {}

  /**
   * Reads the answers to documents.
   *
   * @param documentFile the file of {@code documents}
   * @param documents those that are judged; answers to others of the file are skipped
   * @throws BesorolException {@code DATA_INVALID} with file and line if something is no answer,
   *     names an unknown subject, or answers an unknown document; or if a document has no answer or
   *     no id of its own
   */
  public Answers read(Path file, DocumentFile documentFile, Part documents) {
    var lineOfDocument = linesOfDocuments(documentFile);
    var answers = InputFile.open(file, null);
    var problems = new Problems(answers);
    var lineOfAnswer = new HashMap<String, Long>();
    var answerOf = new HashMap<String, Answer>();
    boolean ranked = false;
    try (var lines = answers.lines(DocumentFile.MAXIMUM_LINE_BYTES)) {
      while (lines.next()) {
        try {
          var line = parse(lines);
          ranked |= line.ranked() != null;
          var id = idOf(line, lineOfDocument, documentFile);
          var before = lineOfAnswer.putIfAbsent(id, lines.number());
          if (before != null) {
            throw new Problem("document '%s' was answered in line %d already", id, before);
          }
          answerOf.put(id, answer(line));
        } catch (Problem problem) {
          problems.add(lines.number(), problem.getMessage());
        }
      }
    }
    problems.throwIfAny();
    var missing = documentFile.problems();
    var judged = new ArrayList<Judged>(documents.size());
    try (var labelled = documents.documents()) {
      labelled.forEach(
          document -> {
            var id = document.document().id();
            var answer = answerOf.get(id);
            if (answer == null) {
              missing.add(lineOfDocument.get(id), "%s has no answer to '%s'".formatted(file, id));
            } else {
              judged.add(answer.judged(document.subjects()));
            }
          });
    }
    missing.throwIfAny();
    return new Answers(answers.digest(), List.copyOf(judged), ranked);
  }

  /** A clause with what is wrong with a line. */
  private static final class Problem extends Exception {
    private static final long serialVersionUID = 1L;

    Problem(String clause, Object... values) {
      super(clause.formatted(values));
    }
  }

  /**
   * An answer on the target level.
   *
   * @param ranked subjects by number, the answered ones first
   * @param scores of them
   * @param answered how many are the answer
   */
  private record Answer(int[] ranked, float[] scores, int answered) {
    Judged judged(int[] truth) {
      return new Judged(truth, ranked, scores, answered);
    }
  }

  /** Where each document stands. */
  private static Map<String, Long> linesOfDocuments(DocumentFile file) {
    var lineOf = new HashMap<String, Long>();
    var problems = file.problems();
    try (var lines = file.lines()) {
      lines.forEach(
          line -> {
            var id = line.document().id();
            var before = id == null ? null : lineOf.putIfAbsent(id, line.line());
            if (id == null) {
              problems.add(line.line(), "answers are found by id, but the document has none");
            } else if (before != null) {
              problems.add(
                  line.line(),
                  "answers are found by id, but '%s' is that of line %d too".formatted(id, before));
            }
          });
    }
    problems.throwIfAny();
    return lineOf;
  }

  private static Line parse(Lines lines) throws Problem {
    try {
      return LINE.readValue(lines.buffer(), lines.start(), lines.end() - lines.start());
    } catch (JsonProcessingException e) {
      lines.requireUtf8();
      var fields = // a syntax error inside of a field is wrapped, too
          e instanceof JsonMappingException wrong && !(e.getCause() instanceof JsonParseException)
              ? wrong.getPath().stream()
                  .map(JsonMappingException.Reference::getFieldName)
                  .filter(Objects::nonNull)
                  .collect(Collectors.joining("."))
              : null;
      throw fields == null
          ? new Problem("not JSON (%s)", e.getOriginalMessage())
          : new Problem(
              "%snot an answer, {\"id\": …, \"subjects\": […], \"ranked\": [{\"subject\": …,"
                  + " \"score\": …}]}",
              fields.isEmpty() ? "" : "at " + fields + " ");
    } catch (IOException e) {
      throw new AssertionError("bytes in memory cannot fail", e);
    }
  }

  private static String idOf(Line line, Map<String, Long> documents, DocumentFile file)
      throws Problem {
    if (line == null || line.id() == null) {
      throw new Problem("id is missing: write the id of the document that is answered");
    }
    if (!documents.containsKey(line.id())) {
      throw new Problem("%s has no document '%s'", file.name(), line.id());
    }
    return line.id();
  }

  private Answer answer(Line line) throws Problem {
    var ranked = line.ranked() == null ? line.suggestions() : line.ranked();
    if (line.subjects() == null && line.suggestions() == null) {
      throw new Problem("subjects is missing: write the ids of the answered subjects, [] for none");
    }
    var scores = scores(ranked == null ? List.of() : ranked);
    var answered = new LinkedHashMap<Integer, Float>();
    if (line.subjects() == null) {
      answered.putAll(scores);
    } else {
      var numbers = new LinkedHashSet<Integer>();
      for (var id : line.subjects()) {
        numbers.add(number(id));
      }
      if (ranked == null) {
        numbers.forEach(number -> answered.put(number, 0f));
      } else {
        scores.forEach(
            (number, score) -> {
              if (numbers.contains(number)) {
                answered.put(number, score);
              }
            });
        numbers.removeAll(answered.keySet());
        if (!numbers.isEmpty()) {
          throw new Problem(
              "subjects has %s, which ranked lacks: rank at least what is answered",
              numbers.stream()
                  .map(number -> "'" + target.taxonomy().subject(number).id() + "'")
                  .collect(Collectors.joining(", ")));
        }
      }
    }
    int count = answered.size();
    scores.forEach(answered::putIfAbsent);
    var values = new float[answered.size()];
    int i = 0;
    for (float score : answered.values()) {
      values[i++] = score;
    }
    return new Answer(
        answered.keySet().stream().mapToInt(Integer::intValue).toArray(), values, count);
  }

  /** The ranked subjects on the target level, the best first, each with the best of its scores. */
  private Map<Integer, Float> scores(List<Ranked> ranked) throws Problem {
    var scores = new LinkedHashMap<Integer, Float>();
    double last = Double.POSITIVE_INFINITY;
    for (var entry : ranked) {
      if (entry == null || entry.score() == null || !Double.isFinite(entry.score())) {
        throw new Problem("every ranked subject needs a score, a number");
      }
      if (entry.score() > last) {
        throw new Problem(
            "'%s' is ranked behind a subject with a smaller score: write the best first",
            entry.subject());
      }
      last = entry.score();
      scores.putIfAbsent(number(entry.subject()), entry.score().floatValue());
    }
    return scores;
  }

  private int number(String id) throws Problem {
    int subject = id == null ? -1 : target.taxonomy().indexOf(id);
    if (subject < 0) {
      throw new Problem("the taxonomy has no subject '%s'", id);
    }
    return target.rollUp(subject);
  }
}
