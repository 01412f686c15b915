package hu.mtmt.besorol.classifiers.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is found by its name at run time must be named to the native compiler. */
class NativeImageTest {
  private static final String FILE =
      "/META-INF/native-image/hu.mtmt.besorol/besorol-classifiers/reachability-metadata.json";

  private String metadata;

  @BeforeEach
  void read() throws IOException {
    try (var in = getClass().getResourceAsStream(FILE)) {
      metadata = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void everyNamedTypeExists() {
    var types = Pattern.compile("\"type\": \"([^\"]+)\"").matcher(metadata);
    var names = types.results().map(m -> m.group(1)).toList();

    assertThat(names).isNotEmpty();
    assertThat(names)
        .allSatisfy(n -> assertThatCode(() -> Class.forName(n)).doesNotThrowAnyException());
  }

  @Test
  void everyAttributeOfTheAnalyzersIsNamed() throws IOException {
    for (var language : LanguageAnalyzers.languages()) {
      try (var analyzer = LanguageAnalyzers.create(language);
          var stream = analyzer.tokenStream("", "text")) {
        stream.addAttribute(CharTermAttribute.class);
        stream
            .getAttributeImplsIterator()
            .forEachRemaining(
                a -> assertThat(metadata).contains("\"" + a.getClass().getName() + "\""));
        stream.reset();
        while (stream.incrementToken()) {}
        stream.end();
      }
    }
  }
}
