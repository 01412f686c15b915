package hu.mtmt.besorol.taxonomy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.csv.CsvFactory;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.files.InputFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Subjects as CSV (RFC 4180) in UTF-8, one a row, as spreadsheets save it.
 *
 * <p>The first row names the columns: {@code id} is needed; {@code parent} is empty for a root;
 * {@code label}, {@code altLabels} and {@code description} hold names, other names and what belongs
 * to the subject, each also per language, as in {@code label@hu}; {@code deprecated} is {@code
 * true}, {@code false} or empty. Several {@code altLabels} are parted by {@code |}. Other columns
 * are ignored. Columns are parted by whichever of comma, semicolon and tab the first row has most.
 */
final class CsvTaxonomy {
  private static final List<Character> SEPARATORS = List.of(',', ';', '\t');
  private static final int LONGEST_HEADER = 1 << 16;

  private CsvTaxonomy() {}

  static void read(InputFile file, SubjectCollector subjects) {
    int line = 1;
    try (var text = text(file);
        var parser =
            CsvFactory.builder()
                .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
                .enable(CsvParser.Feature.TRIM_SPACES)
                .build()
                .createParser(text)) {
      parser.setSchema(CsvSchema.emptySchema().withColumnSeparator(separator(text)));
      List<String> header = null;
      while (parser.nextToken() != null) {
        if (parser.currentToken() == JsonToken.START_ARRAY) {
          line = parser.currentLocation().getLineNr(); // the token's own is that of the row before
          var row = row(parser);
          if (header == null) {
            header = row;
            requireId(header, file);
          } else if (row.size() > header.size()) {
            subjects.problem(
                line,
                "the row has %d columns, but the first row names %d: put quotes around a text with a separator in it"
                    .formatted(row.size(), header.size()));
          } else {
            add(line, header, row, subjects);
          }
        }
      }
    } catch (JsonProcessingException e) {
      subjects.problem(line, "the row is not CSV: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw file.failure(e);
    }
  }

  private static Reader text(InputFile file) throws IOException {
    var text =
        new BufferedReader(
            new InputStreamReader(
                file.content(TaxonomyFile.MAXIMUM_BYTES), StandardCharsets.UTF_8.newDecoder()));
    text.mark(1);
    if (text.read() != '\uFEFF') {
      text.reset();
    }
    return text;
  }

  private static char separator(Reader text) throws IOException {
    text.mark(LONGEST_HEADER);
    var counts = new int[SEPARATORS.size()];
    for (int i = 0, c; i < LONGEST_HEADER - 1 && (c = text.read()) >= 0 && c != '\n'; i++) {
      int separator = SEPARATORS.indexOf((char) c);
      if (separator >= 0) {
        counts[separator]++;
      }
    }
    text.reset();
    int most = Arrays.stream(counts).max().orElseThrow();
    return SEPARATORS.get(Arrays.stream(counts).boxed().toList().indexOf(most));
  }

  private static List<String> row(CsvParser parser) throws IOException {
    var row = new ArrayList<String>();
    while (parser.nextToken() == JsonToken.VALUE_STRING) {
      row.add(parser.getText());
    }
    return row;
  }

  private static void requireId(List<String> header, InputFile file) {
    if (!header.contains("id")) {
      throw BesorolException.data(
          "%s:1 names no column id, but %s: write the names of the columns in the first row, such as id,parent,label@hu,label@en."
              .formatted(
                  file.name(),
                  header.stream().map(name -> "'" + name + "'").collect(Collectors.joining(", "))));
    }
  }

  private static void add(
      long line, List<String> header, List<String> row, SubjectCollector subjects) {
    String id = null;
    String parent = null;
    var labels = new TreeMap<String, String>();
    var alternativeLabels = new TreeMap<String, List<String>>();
    var descriptions = new TreeMap<String, String>();
    boolean deprecated = false;
    for (int c = 0; c < row.size(); c++) {
      var value = row.get(c);
      if (!value.isBlank()) {
        switch (base(header.get(c))) {
          case "id" -> id = value;
          case "parent" -> parent = value;
          case "label" -> labels.put(language(header.get(c)), value);
          case "altLabels" -> alternativeLabels.put(language(header.get(c)), parts(value));
          case "description" -> descriptions.put(language(header.get(c)), value);
          case "deprecated" -> deprecated = bool(line, value, subjects);
          default -> {
            // a column that says nothing of the subject
          }
        }
      }
    }
    keepIfNew(labels);
    subjects.add(
        line, new Subject(id, parent, labels, alternativeLabels, descriptions, deprecated));
  }

  /** A name without language that repeats one with language says nothing more. */
  private static void keepIfNew(Map<String, String> labels) {
    var plain = labels.remove(Subject.NO_LANGUAGE);
    if (plain != null && !labels.containsValue(plain)) {
      labels.put(Subject.NO_LANGUAGE, plain);
    }
  }

  private static String base(String column) {
    int at = column.indexOf('@');
    return at < 0 ? column : column.substring(0, at);
  }

  private static String language(String column) {
    int at = column.indexOf('@');
    return at < 0 ? Subject.NO_LANGUAGE : column.substring(at + 1);
  }

  private static List<String> parts(String value) {
    return Arrays.stream(value.split("\\|")).map(String::strip).filter(p -> !p.isEmpty()).toList();
  }

  private static boolean bool(long line, String value, SubjectCollector subjects) {
    if (!value.equalsIgnoreCase("true") && !value.equalsIgnoreCase("false")) {
      subjects.problem(line, "deprecated must be true, false or empty, not " + value);
    }
    return value.equalsIgnoreCase("true");
  }
}
