package hu.mtmt.besorol.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import hu.mtmt.besorol.contract.EvaluationReport.SubjectResult;
import hu.mtmt.besorol.contract.Grades.Grade;
import hu.mtmt.besorol.report.picture.BubbleLayout;
import hu.mtmt.besorol.report.picture.GradeLook;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * What the report's script works on, as JSON that can stand in an HTML script element: arrays
 * instead of objects, since there may be thousands of subjects.
 *
 * <pre>
 * languages: codes, the first one shown first
 * grades:    [name, fill, ink, text, hatching, symbol, meaning]
 * subjects:  [id, number of parent or -1, number of grade, documents, learnt or -1, answered, right,
 *             label in each language, a number of a language for the same label as in that one]
 * size:      [width, height] of the rectangle around all bubbles, which begins at the origin
 * bubbles:   [number of subject, 1 for a group, x, y, r], those around others before them
 * </pre>
 *
 * Subjects are numbered in the order of {@code subjects}, which is that of the report.
 */
final class ReportData {
  private ReportData() {}

  static String json(ReportInput input, Languages languages) {
    var text = new StringWriter();
    try (var json = new JsonFactory().createGenerator(text)) {
      json.writeStartObject();
      json.writeArrayFieldStart("languages");
      for (var language : languages.all()) {
        json.writeString(language);
      }
      json.writeEndArray();
      grades(json, input);
      subjects(json, input, languages);
      bubbles(json, input);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    // In JSON "<" stands in strings alone; escaped, no text can end the script element.
    return text.toString().replace("<", "\\u003c");
  }

  private static void grades(JsonGenerator json, ReportInput input) throws IOException {
    json.writeArrayFieldStart("grades");
    for (var grade : Grade.values()) {
      var look = GradeLook.of(grade);
      json.writeStartArray();
      json.writeString(look.id());
      json.writeString(look.fill());
      json.writeString(look.ink());
      json.writeString(look.text());
      json.writeString(look.hatching().name().toLowerCase(java.util.Locale.ROOT));
      json.writeString(look.symbol());
      json.writeString(look.meaning(input.grades()));
      json.writeEndArray();
    }
    json.writeEndArray();
  }

  private static void subjects(JsonGenerator json, ReportInput input, Languages languages)
      throws IOException {
    var taxonomy = input.target().taxonomy();
    var numbers = numbers(input);
    json.writeArrayFieldStart("subjects");
    for (var result : input.report().subjects()) {
      int subject = taxonomy.indexOf(result.subject());
      json.writeStartArray();
      json.writeString(result.subject());
      json.writeNumber(taxonomy.parent(subject) < 0 ? -1 : numbers[taxonomy.parent(subject)]);
      json.writeNumber(result.grade().ordinal());
      json.writeNumber(result.documents());
      json.writeNumber(result.trainingDocuments() == null ? -1 : result.trainingDocuments());
      json.writeNumber(result.answered());
      json.writeNumber(result.right());
      labels(json, languages, language -> taxonomy.subject(subject).label(language));
      json.writeEndArray();
    }
    json.writeEndArray();
  }

  private static void labels(
      JsonGenerator json, Languages languages, java.util.function.UnaryOperator<String> label)
      throws IOException {
    var labels = languages.all().stream().map(label).toList();
    for (int i = 0; i < labels.size(); i++) {
      int same = labels.indexOf(labels.get(i));
      if (same < i) {
        json.writeNumber(same);
      } else {
        json.writeString(labels.get(i));
      }
    }
  }

  private static void bubbles(JsonGenerator json, ReportInput input) throws IOException {
    var numbers = numbers(input);
    var layout = BubbleLayout.of(input.target(), input.report());
    json.writeArrayFieldStart("size");
    json.writeNumber(rounded(layout.width()));
    json.writeNumber(rounded(layout.height()));
    json.writeEndArray();
    json.writeArrayFieldStart("bubbles");
    for (var bubble : layout.bubbles()) {
      json.writeStartArray();
      json.writeNumber(numbers[bubble.subject()]);
      json.writeNumber(bubble.group() ? 1 : 0);
      json.writeNumber(rounded(bubble.circle().x()));
      json.writeNumber(rounded(bubble.circle().y()));
      json.writeNumber(rounded(bubble.circle().r()));
      json.writeEndArray();
    }
    json.writeEndArray();
  }

  private static BigDecimal rounded(double length) {
    return new BigDecimal(length).setScale(2, RoundingMode.HALF_EVEN);
  }

  /** By number in the taxonomy: number in the report. */
  private static int[] numbers(ReportInput input) {
    var numbers = new int[input.target().taxonomy().size()];
    int next = 0;
    for (SubjectResult result : input.report().subjects()) {
      numbers[input.target().taxonomy().indexOf(result.subject())] = next++;
    }
    return numbers;
  }
}
