package hu.mtmt.besorol.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.DuplicatePolicy;
import hu.mtmt.besorol.contract.FailureKind;
import hu.mtmt.besorol.files.TestFiles;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DuplicatesTest {
  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  void findsNoneWhereThereAreNone(DuplicatePolicy policy) {
    var holdout = write("holdout.jsonl", "{\"id\":\"h\",\"title\":\"one\"}\n");
    var training = write("train.jsonl", "{\"id\":\"h\",\"title\":\"two\"}\n");

    assertThat(Duplicates.of(holdout).check(training, policy)).isZero();
  }

  @Test
  void namesBothSidesByIdAndLine() {
    var holdout =
        write(
            "holdout.jsonl",
            """
            {"id":"h1","title":"Other"}
            {"id":"h2","title":"Deep learning"}
            """);
    var training = write("train.jsonl", "\n{\"title\":\"deep-LEARNING\"}\n");

    assertThatThrownBy(() -> Duplicates.of(holdout).check(training, DuplicatePolicy.REFUSE))
        .isInstanceOfSatisfying(
            BesorolException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.DATA_INVALID))
        .hasMessageContaining("%s:2 is %s:2 (h2)".formatted(training.name(), holdout.name()))
        .hasMessageContaining("1 document of")
        .hasMessageContaining("duplicates: Drop");
  }

  @Test
  void namesTheFirstFiveOfMany() {
    var lines =
        IntStream.range(0, 7)
            .mapToObj("{\"id\":\"d%1$d\",\"title\":\"title %1$d\"}"::formatted)
            .collect(Collectors.joining("\n"));
    var holdout = write("holdout.jsonl", lines);
    var training = write("train.jsonl", lines);

    assertThatThrownBy(() -> Duplicates.of(holdout).check(training, DuplicatePolicy.REFUSE))
        .hasMessageContaining("7 documents of")
        .hasMessageContaining("(d4)")
        .hasMessageNotContaining("(d5)")
        .hasMessageContaining("; …");
  }

  @Test
  void countsThoseThatAreToBeDropped() {
    var holdout = write("holdout.jsonl", "{\"title\":\"a\"}\n{\"title\":\"b\"}\n");
    var training = write("train.jsonl", "{\"title\":\"A\"}\n{\"title\":\"c\"}\n{\"title\":\"a.\"}");
    var duplicates = Duplicates.of(holdout);

    assertThat(duplicates.check(training, DuplicatePolicy.DROP)).isEqualTo(2);
    try (var documents = training.lines()) {
      assertThat(documents.map(line -> duplicates.contains(line.document())))
          .containsExactly(true, false, true);
    }
  }

  @Test
  void takesNoTwoDocumentsWithoutTextForTheSame() {
    var holdout = write("holdout.jsonl", "{\"id\":\"a\"}\n{\"id\":\"b\",\"title\":\"…\"}\n");

    assertThat(Duplicates.of(holdout).check(holdout, DuplicatePolicy.REFUSE)).isZero();
  }

  private DocumentFile write(String name, String text) {
    return DocumentFile.open(TestFiles.write(directory.resolve(name), text), null);
  }
}
