package hu.mtmt.besorol.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.FailureKind;
import hu.mtmt.besorol.corpus.DocumentFile.Line;
import hu.mtmt.besorol.files.TestFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentFileTest {
  @TempDir Path directory;

  @Test
  void readsEveryField() {
    assertThat(
            read(
                """
                {"id": "mtmt:1", "title": "Árvíztűrő 𝄞", "abstract": "A \\"b\\" \\u00e9", "keywords": ["k", "l"],
                 "journal": "J", "language": "hu", "year": 2019, "subjects": ["a", "b"], "doi": {"x": [1, {}]}}\
                """
                    .replace("\n", "")))
        .containsExactly(
            new Line(
                1,
                new Document(
                    "mtmt:1",
                    "Árvíztűrő 𝄞",
                    "A \"b\" é",
                    List.of("k", "l"),
                    "J",
                    "hu",
                    2019,
                    List.of("a", "b"))));
  }

  @Test
  void takesAbsentAndNullForTheSame() {
    var nothing = new Document(null, null, null, null, null, null, null, null);

    assertThat(
            read(
                """
                {}
                {"id":null,"title":null,"abstract":null,"keywords":null,"journal":null,"language":null,"year":null,"subjects":null}
                """))
        .extracting(Line::document)
        .containsExactly(nothing, nothing);
  }

  @Test
  void takesWholeNumbersForIds() {
    assertThat(read("{\"id\": 2615009, \"subjects\": [10034]}").getFirst().document())
        .returns("2615009", Document::id)
        .returns(List.of("10034"), Document::subjects);
  }

  @Test
  void skipsBlankLinesAndCountsThem() {
    assertThat(read("\n{\"id\":\"a\"}\r\n \t\r\n\n{\"id\":\"b\"}"))
        .extracting(Line::line)
        .containsExactly(2L, 5L);
  }

  @Test
  void skipsAByteOrderMark() {
    assertThat(read("\uFEFF{\"id\":\"a\"}")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"d.jsonl", "d.jsonl.gz", "d.jsonl.zst"})
  void readsLinesOfAllLengthsFromAllFormats(String name) {
    // around the sizes of the buffers, so that lines end at, before and behind their ends
    var lengths =
        IntStream.concat(IntStream.range(0, 300), IntStream.range(65_400, 65_600)).toArray();
    var text = new StringBuilder();
    for (int length : lengths) {
      text.append("{\"title\":\"").append("é".repeat(length)).append("\"}\n");
    }

    var read = lines(TestFiles.write(directory.resolve(name), text.toString()));

    assertThat(read).hasSameSizeAs(lengths);
    for (int i = 0; i < lengths.length; i++) {
      assertThat(read.get(i).document().title()).isEqualTo("é".repeat(lengths[i]));
    }
  }

  @Test
  void canBeReadAgain() {
    var file = open(write("{\"id\":\"a\"}\n{\"id\":\"b\"}\n"));

    for (int i = 0; i < 2; i++) {
      try (var lines = file.lines()) {
        assertThat(lines.map(line -> line.document().id())).containsExactly("a", "b");
      }
    }
  }

  @Test
  void hasNoDocumentsIfItIsEmpty() {
    assertThat(read("")).isEmpty();
  }

  @Test
  void hasTheDigestOfTheBytesAsTheyLieThere() throws IOException {
    var file = TestFiles.write(directory.resolve("d.jsonl.gz"), "{}\n");

    assertThat(open(file).digest()).isEqualTo(Digest.of(Files.readAllBytes(file)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"title\": 'x'}                 | not JSON: Unexpected character",
        "{\"title\": \"x\"                | not JSON: Unexpected end-of-input",
        "nonsense                         | not JSON: Unrecognized token 'nonsense'",
        "{\"year\": NaN}                  | not JSON: Non-standard token 'NaN'",
        "[]                               | a line must be a JSON object, { … }, not a list",
        "null                             | a line must be a JSON object, { … }, not null",
        "{} {}                            | a line must be one document, but something stands"
            + " behind it",
        "{\"title\": [\"x\"]}             | title must be text in quotes, not a list",
        "{\"abstract\": true}             | abstract must be text in quotes, not true or false",
        "{\"id\": 1.5}                    | id must be text in quotes, not a number",
        "{\"subjects\": \"x\"}            | subjects must be a list of texts, [\"…\"], not text",
        "{\"subjects\": [\"x\", null]}    | every entry of subjects must be text in quotes, not"
            + " null",
        "{\"keywords\": [{}]}             | every entry of keywords must be text in quotes, not an"
            + " object",
        "{\"year\": \"2019\"}             | year must be a whole number, not text",
        "{\"year\": 2019.5}               | year must be a whole number, not a number",
        "{\"year\": 20190000000}          | not JSON: Numeric value (20190000000) out of range of"
            + " int"
      })
  void namesFileAndLineOfAWrongDocument(String line, String problem) {
    var file = write("{}\n\n" + line + "\n{}\n");

    failure(() -> lines(file), FailureKind.DATA_INVALID)
        .hasMessageStartingWith(file + ":3:")
        .hasMessageContaining(problem)
        .hasMessageEndingWith(".");
  }

  @Test
  void refusesBytesThatAreNotUtf8() {
    var file =
        TestFiles.write(
            directory.resolve("d.jsonl"),
            "{}\n{\"title\":\"Árvíz\"}".getBytes(StandardCharsets.ISO_8859_1));

    failure(() -> lines(file), FailureKind.DATA_INVALID)
        .hasMessage(
            file
                + ":2 is not UTF-8 (at byte 11 of the line): convert the file, for example with"
                + " iconv -t UTF-8.");
  }

  @Test
  void refusesUtf16() {
    var file =
        TestFiles.write(directory.resolve("d.jsonl"), "{}".getBytes(StandardCharsets.UTF_16));

    failure(() -> lines(file), FailureKind.DATA_INVALID).hasMessageContaining(":1 is not UTF-8");
  }

  @ParameterizedTest
  @ValueSource(strings = {"d.jsonl", "d.jsonl.zst"})
  void refusesALineOfFiftyMebibytes(String name) {
    var line = "{\"title\": \"" + "x".repeat(50 << 20) + "\"}";
    var file = TestFiles.write(directory.resolve(name), "{}\n" + line + "\n{}\n");

    failure(() -> lines(file), FailureKind.DATA_INVALID)
        .hasMessage(file + ":2 is longer than 10 MiB: write one document or subject a line.");
  }

  @Test
  void readsALineOfExactlyTheAllowedLength() {
    var title = "x".repeat(DocumentFile.MAXIMUM_LINE_BYTES - "{\"title\":\"\"}".length());

    assertThat(read("{\"title\":\"" + title + "\"}")).hasSize(1);
    var file = write("{\"title\":\"" + title + "x\"}");
    failure(() -> lines(file), FailureKind.DATA_INVALID).hasMessageContaining("longer than");
  }

  @ParameterizedTest
  @ValueSource(strings = {"d.jsonl.gz", "d.jsonl.zst"})
  void refusesATruncatedFile(String name) {
    var text = new StringBuilder();
    IntStream.range(0, 10_000)
        .forEach(i -> text.append("{\"id\": \"%x\"}\n".formatted(i * 0x9E3779B9L)));
    var file = TestFiles.truncate(TestFiles.write(directory.resolve(name), text.toString()), 20);

    failure(() -> lines(file), FailureKind.DATA_INVALID)
        .hasMessageStartingWith(file + " is truncated or damaged (")
        .hasMessageEndingWith("): copy or compress it again.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"d.jsonl.gz", "d.jsonl.zst"})
  void refusesAFileThatIsNotCompressedAsItsNameSays(String name) throws IOException {
    var file = Files.writeString(directory.resolve(name), "{\"id\": \"a\"}\n".repeat(10));

    failure(() -> lines(file), FailureKind.DATA_INVALID).hasMessageContaining("damaged");
  }

  @Test
  void refusesAMissingFile() {
    var file = directory.resolve("none.jsonl");

    failure(() -> open(file), FailureKind.DATA_INVALID)
        .hasMessage(
            file + " does not exist: check the path, and that its volume is mounted there.");
  }

  @Test
  void refusesADirectory() {
    failure(() -> open(directory), FailureKind.DATA_INVALID)
        .hasMessage(directory + " is a directory, but a file is expected: name the file in it.");
  }

  @Test
  void refusesAFileThatMayNotBeRead() throws IOException {
    var file = write("{}");
    assumeTrue(file.toFile().setReadable(false));
    assumeTrue(!Files.isReadable(file), "this user may read everything");

    failure(() -> open(file), FailureKind.MACHINE_FAILED).hasMessageContaining("permissions");
  }

  @Test
  void saysThatAVolumeFails() {
    var unreadable = Path.of("/proc/self/mem"); // reading its start is an error of the device
    assumeTrue(Files.exists(unreadable), "only Linux has such a file");

    failure(() -> open(unreadable), FailureKind.MACHINE_FAILED)
        .hasMessageContaining(unreadable + " cannot be read")
        .hasMessageContaining("check its volume");
  }

  @Test
  void refusesAnotherDigest() {
    var file = write("{}");
    var other = Digest.of(new byte[] {1});

    failure(() -> DocumentFile.open(file, other), FailureKind.DATA_INVALID)
        .hasMessageContaining("%s has the digest %s".formatted(file, open(file).digest()))
        .hasMessageContaining("but %s is expected".formatted(other))
        .hasMessageContaining("write its digest");
  }

  @Test
  void refusesAFileThatWasChangedSinceItWasOpened() {
    var file = write("{}");
    var opened = open(file);
    write("{}\n{}");

    failure(() -> opened.lines(), FailureKind.DATA_INVALID)
        .hasMessageContaining(file + " was changed while it was in use");
  }

  private Path write(String text) {
    return TestFiles.write(directory.resolve("d.jsonl"), text);
  }

  private List<Line> read(String text) {
    return lines(write(text));
  }

  private static DocumentFile open(Path file) {
    return DocumentFile.open(file, null);
  }

  private static List<Line> lines(Path file) {
    try (var lines = open(file).lines()) {
      return lines.toList();
    }
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> failure(
      ThrowingCallable call, FailureKind kind) {
    return assertThatThrownBy(call)
        .isInstanceOfSatisfying(BesorolException.class, e -> assertThat(e.kind()).isEqualTo(kind));
  }
}
