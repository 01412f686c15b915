package hu.mtmt.besorol.taxonomy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.FailureKind;
import hu.mtmt.besorol.files.TestFiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TaxonomyFileTest {
  private static final String TURTLE_PREFIXES =
      """
      @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
      @prefix owl: <http://www.w3.org/2002/07/owl#> .
      @prefix : <urn:s:> .
      """;

  @TempDir Path directory;

  /** The same subjects in every format. */
  static Stream<Arguments> formats() {
    return Stream.of(
        Arguments.of(
            "jsonl",
            """
            {"id": "urn:s:1", "parent": null, "labels": {"hu": "Matematika", "en": "Mathematics"}, "alternativeLabels": {"en": ["Maths", "Math"]}}

            {"id": "urn:s:2", "parent": "urn:s:1", "label": "Algebra", "descriptions": {"en": "Groups, rings"}, "deprecated": true, "level": 2}
            """),
        Arguments.of(
            "csv",
            """
            id,parent,label,label@hu,label@en,altLabels@en,description@en,deprecated,level
            urn:s:1,,,Matematika,Mathematics,Maths | Math,,,1

            urn:s:2, urn:s:1 ,Algebra,,,,"Groups, rings",TRUE,2
            """),
        Arguments.of(
            "csv",
            """
            \uFEFFid;parent;label;label@hu;label@en;altLabels@en;description@en;deprecated\r
            urn:s:1;;Mathematics;Matematika;Mathematics;Maths|Math;;\r
            urn:s:2;urn:s:1;Algebra;;;;Groups, rings;true\r
            """),
        Arguments.of(
            "ttl",
            TURTLE_PREFIXES
                + """
                :scheme a skos:ConceptScheme ; skos:prefLabel "Not a subject" ; skos:hasTopConcept :1 .
                :1 a skos:Concept ; skos:prefLabel "Matematika"@hu, "Mathematics"@en-GB ;
                  skos:altLabel "Maths"@en, "Math"@en ; skos:topConceptOf :scheme .
                :2 a skos:Concept ; skos:broader :1 ; skos:prefLabel "Algebra" ;
                  skos:definition "Groups, rings"@en ; skos:scopeNote "not this"@en ; owl:deprecated true .
                """),
        Arguments.of(
            "rdf",
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <!DOCTYPE rdf:RDF [<!ENTITY skos "http://www.w3.org/2004/02/skos/core#">]>
            <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:skos="&skos;" xmlns:owl="http://www.w3.org/2002/07/owl#">
              <skos:Concept rdf:about="urn:s:1">
                <skos:prefLabel xml:lang="hu">Matematika</skos:prefLabel>
                <skos:prefLabel xml:lang="en">Mathematics</skos:prefLabel>
                <skos:prefLabel xml:lang="en">Maths</skos:prefLabel>
                <skos:altLabel xml:lang="en">Math</skos:altLabel>
                <skos:narrower rdf:resource="urn:s:2"/>
              </skos:Concept>
              <rdf:Description rdf:about="urn:s:2">
                <rdf:type rdf:resource="&skos;Concept"/>
                <skos:broader rdf:resource="urn:s:1"/>
                <skos:prefLabel>Algebra</skos:prefLabel>
                <skos:scopeNote xml:lang="en">Groups, rings</skos:scopeNote>
                <owl:deprecated>true</owl:deprecated>
              </rdf:Description>
            </rdf:RDF>
            """));
  }

  @ParameterizedTest
  @MethodSource("formats")
  void readsTheSameSubjectsFromEveryFormat(String extension, String text) {
    for (var compression : List.of("", ".gz", ".zst")) {
      var file = TestFiles.write(directory.resolve("t." + extension + compression), text);

      assertThat(TaxonomyFile.read(file, null).taxonomy().subjects())
          .containsExactly(
              new Subject(
                  "urn:s:1",
                  null,
                  Map.of("hu", "Matematika", "en", "Mathematics"),
                  Map.of("en", List.of("Maths", "Math")),
                  null,
                  false),
              new Subject(
                  "urn:s:2",
                  "urn:s:1",
                  Map.of("und", "Algebra"),
                  null,
                  Map.of("en", "Groups, rings"),
                  true));
    }
  }

  @Test
  void keepsALabelWithoutLanguageUnlessItRepeatsOne() {
    assertThat(
            read(
                """
                {"id": "a", "label": "Geometry", "labels": {"sv": "Geometri", "en": "Geometry"}}
                {"id": "b", "label": "Topology", "labels": {"sv": "Topologi"}}
                {"id": 3, "altLabels": ["x", "y"], "description": "d"}
                """))
        .containsExactly(
            new Subject("a", null, Map.of("sv", "Geometri", "en", "Geometry"), null, null, false),
            new Subject("b", null, Map.of("sv", "Topologi", "und", "Topology"), null, null, false),
            new Subject(
                "3", null, null, Map.of("und", List.of("x", "y")), Map.of("und", "d"), false));
  }

  @Test
  void takesChildrenBeforeTheirParents() {
    assertThat(read("{\"id\":\"a\",\"parent\":\"b\"}\n{\"id\":\"b\"}\n"))
        .extracting(Subject::id)
        .containsExactly("a", "b");
  }

  @ParameterizedTest
  @MethodSource("formats")
  void writesWhatItReads(String extension, String text) {
    var taxonomy =
        TaxonomyFile.read(TestFiles.write(directory.resolve("t." + extension), text), null)
            .taxonomy();

    var written = TaxonomyFile.write(taxonomy);

    var copy = TaxonomyFile.readJsonLines(TestFiles.write(directory.resolve("w"), written));
    assertThat(copy.taxonomy().subjects()).isEqualTo(taxonomy.subjects());
    assertThat(copy.digest()).isEqualTo(Digest.of(written));
    assertThat(TaxonomyFile.write(copy.taxonomy())).isEqualTo(written);
  }

  @Test
  void writesOneLineASubjectInAFixedOrder() {
    var subject =
        new Subject(
            "a",
            null,
            Map.of("hu", "Á", "en", "A"),
            Map.of("en", List.of("z", "y")),
            Map.of("en", "d"),
            true);

    assertThat(
            new String(
                TaxonomyFile.write(Taxonomy.of(List.of(subject, new Subject("b", "a", null)))),
                StandardCharsets.UTF_8))
        .isEqualTo(
            """
            {"id":"a","parent":null,"labels":{"en":"A","hu":"Á"},"alternativeLabels":{"en":["z","y"]},"descriptions":{"en":"d"},"deprecated":true}
            {"id":"b","parent":"a"}
            """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{                                            | not JSON: Unexpected end-of-input",
        "[1]                                          | a line must be a JSON object, { … }",
        "{\"id\":\"a\"} {}                            | not JSON: Trailing token",
        "{\"id\":\"a\",\"id\":\"b\"}                  | not JSON: Duplicate field 'id'",
        "{}                                           | the subject has no id, or an empty one",
        "{\"id\":\" \"}                               | the subject has no id, or an empty one",
        "{\"id\":\"a\\nb\"}                           | a line break or another control character",
        "{\"id\":{}}                                  | id must be text in quotes",
        "{\"id\":\"a\",\"parent\":[\"r\"]}            | parent must be text in quotes",
        "{\"id\":\"a\",\"labels\":\"x\"}              | labels must be an object of language and"
            + " text",
        "{\"id\":\"a\",\"labels\":{\"en\":[\"x\"]}}   | labels.en must be text in quotes",
        "{\"id\":\"a\",\"altLabels\":{\"en\":1}}      | altLabels.en must be a list of texts",
        "{\"id\":\"a\",\"altLabels\":[1]}             | altLabels must be a list of texts",
        "{\"id\":\"a\",\"deprecated\":\"no\"}         | deprecated must be true or false",
        "{\"id\":\"r\"}                               | the id r is taken already, in line 1",
        "{\"id\":\"a\",\"parent\":\"nobody\"}         | the parent nobody of a is not in the file",
        "{\"id\":\"a\",\"parent\":\"a\"}              | the parents form a cycle (a → a)"
      })
  void namesTheLineOfAWrongSubject(String line, String problem) {
    var file = write("t.jsonl", "{\"id\":\"r\"}\n\n" + line + "\n");

    failure(file).hasMessageStartingWith(file + ":3: ").hasMessageContaining(problem);
  }

  @Test
  void tellsAllProblemsInTheOrderOfTheirLines() {
    var file =
        write(
            "t.jsonl",
            """
            {"id": "a", "parent": "c"}
            {"id": "b", "parent": "a"}
            {"id": "c", "parent": "b"}
            {"id": "d", "parent": "c"}
            {"id": "e", "parent": "x"}
            {"id": "a"}
            """);

    failure(file)
        .hasMessage(
            """
            FILE has 3 problems:
            FILE:1: the parents form a cycle (a → c → b → a): give one of them another parent, or none
            FILE:5: the parent x of e is not in the file
            FILE:6: the id a is taken already, in line 1\
            """
                .replace("FILE", file.toString()));
  }

  @Test
  void tellsEveryCycleOnce() {
    var file =
        write(
            "t.jsonl",
            """
            {"id": "x", "parent": "a"}
            {"id": "a", "parent": "b"}
            {"id": "b", "parent": "a"}
            {"id": "c", "parent": "c"}
            {"id": "y", "parent": "x"}
            """);

    failure(file)
        .hasMessageContaining("2 problems")
        .hasMessageContaining(":2: the parents form a cycle (a → b → a)")
        .hasMessageContaining(":4: the parents form a cycle (c → c)");
  }

  @Test
  void abbreviatesALongCycle() {
    int n = 1_000;
    var lines =
        IntStream.range(0, n)
            .mapToObj(i -> "{\"id\":\"s%d\",\"parent\":\"s%d\"}".formatted(i, (i + 1) % n))
            .collect(Collectors.joining("\n"));

    failure(write("t.jsonl", lines))
        .hasMessageContaining("(s0 → s1 → s2 → s3 → s4 → s5 → … → s996 → s997 → s998 → s999 → s0)");
  }

  @Test
  void tellsTheFirstTwentyOfManyProblems() {
    failure(write("t.jsonl", "{\"id\":\"\"}\n".repeat(100)))
        .hasMessageContaining("has 100 problems, the first 20 of them:")
        .hasMessageContaining(":20: ")
        .hasMessageNotContaining(":21: ");
  }

  @Test
  void readsADeepTaxonomy() {
    int depth = 20_000;
    var lines =
        IntStream.range(0, depth)
            .mapToObj(
                i ->
                    "{\"id\":\"s%d\",\"parent\":%s}"
                        .formatted(i, i == 0 ? null : "\"s" + (i - 1) + "\""))
            .collect(Collectors.joining("\n"));

    assertThat(TaxonomyFile.read(write("t.jsonl", lines), null).taxonomy().depth())
        .isEqualTo(depth);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "x,                      | :3: the subject has no id, or an empty one", // blank first
        // column
        "a,b,c                   | :3: the row has 3 columns, but the first row names 2",
        "a,nobody                | :3: the parent nobody of a is not in the file",
        "r,                      | :3: the id r is taken already, in line 2",
        "\"a                     | :3: the row is not CSV: Missing closing quote"
      })
  void namesTheRowOfAWrongSubject(String row, String problem) {
    var file = write("t.csv", "id,parent\nr,\n" + row.replaceFirst("^x", "") + "\n");

    failure(file).hasMessageContaining(problem);
  }

  @Test
  void countsLinesOfRowsThatHaveSeveral() {
    var file = write("t.csv", "id,label\nr,\"two\nlines\"\nr,again\n");

    failure(file).hasMessageContaining(":4: the id r is taken already, in line 2");
  }

  @Test
  void refusesATableWithoutIds() {
    failure(write("t.csv", "code,name\n1,x\n"))
        .hasMessageContaining("t.csv:1 names no column id, but 'code', 'name'")
        .hasMessageContaining("such as id,parent,label@hu");
  }

  @Test
  void refusesABrokenDeprecation() {
    failure(write("t.csv", "id,deprecated\na,perhaps\n"))
        .hasMessageContaining(":2: deprecated must be true, false or empty, not perhaps");
  }

  @ParameterizedTest
  @ValueSource(strings = {"t.csv", "t.jsonl", "t.ttl"})
  void refusesWhatIsNotUtf8(String name) {
    var text =
        switch (name) {
          case "t.csv" -> "id,label\na,Árvíz\n";
          case "t.jsonl" -> "{\"id\":\"a\",\"label\":\"Árvíz\"}\n";
          default -> TURTLE_PREFIXES + ":a a skos:Concept ; skos:prefLabel \"Árvíz\" .";
        };
    var file = TestFiles.write(directory.resolve(name), text.getBytes(StandardCharsets.ISO_8859_1));

    failure(file).hasMessageContaining("not UTF-8");
  }

  @Test
  void namesTheLineOfBrokenTurtle() {
    failure(write("t.ttl", TURTLE_PREFIXES + ":1 a skos:Concept\n:2 a skos:Concept .\n"))
        .hasMessageContaining("t.ttl:5: not Turtle: ");
  }

  @Test
  void namesTheLineOfBrokenXml() {
    failure(
            write(
                "t.rdf",
                "<rdf:RDF\nxmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n<x>"))
        .hasMessageContaining("t.rdf:3: not RDF/XML: ");
  }

  @Test
  void namesTheLineOfAConceptThatBreaksTheTree() {
    failure(
            write(
                "t.ttl",
                TURTLE_PREFIXES
                    + """
                    :1 a skos:Concept ; skos:broader :2 .
                    :2 a skos:Concept ; skos:broader :1 .
                    :3 a skos:Concept ; skos:broader :1, :2 .
                    :4 a skos:Concept ; skos:broader :nobody .
                    [] a skos:Concept .
                    """))
        .hasMessageContaining("t.ttl:4: the parents form a cycle (urn:s:1 → urn:s:2 → urn:s:1)")
        .hasMessageContaining("t.ttl:6: urn:s:3 has 2 broader concepts (urn:s:1, urn:s:2)")
        .hasMessageContaining("t.ttl:7: the parent urn:s:nobody of urn:s:4 is not in the file")
        .hasMessageContaining("t.ttl:8: a skos:Concept has no URI");
  }

  @Test
  void fetchesNoExternalEntities() {
    var secret = write("secret.txt", "SECRET");
    var file =
        write(
            "t.rdf",
            """
            <!DOCTYPE rdf:RDF SYSTEM "%1$s" [<!ENTITY x SYSTEM "%1$s">]>
            <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:skos="http://www.w3.org/2004/02/skos/core#">
              <skos:Concept rdf:about="urn:s:1"><skos:prefLabel>a&x;b</skos:prefLabel></skos:Concept>
            </rdf:RDF>
            """
                .formatted(secret.toUri()));

    assertThat(TaxonomyFile.read(file, null).taxonomy().subject(0).label("en")).isEqualTo("ab");
  }

  @Test
  void refusesEntitiesThatExplode() {
    var entities = new StringBuilder("<!ENTITY e0 \"0123456789\">");
    for (int i = 1; i < 10; i++) {
      entities.append("<!ENTITY e%d \"%s\">".formatted(i, "&e%d;".formatted(i - 1).repeat(10)));
    }
    failure(
            write(
                "t.rdf",
                "<!DOCTYPE x ["
                    + entities
                    + "]><rdf:RDF"
                    + " xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description"
                    + " rdf:about=\"urn:s:1\"><rdf:value>&e9;</rdf:value></rdf:Description></rdf:RDF>"))
        .hasMessageContaining("entit");
  }

  @Test
  void refusesAFileThatIsSmallOnlyWhenCompressed() {
    failure(TestFiles.write(directory.resolve("t.csv.zst"), new byte[257 << 20]))
        .hasMessageContaining("has more than 256 MiB, decompressed");
  }

  @ParameterizedTest
  @CsvSource({"t.jsonl, ''", "t.csv, 'id,parent'", "t.ttl, '<urn:a> <urn:b> <urn:c> .'"})
  void refusesAFileWithoutSubjects(String name, String text) {
    failure(write(name, text)).hasMessageContaining(name + " has no subjects");
  }

  @Test
  void refusesAFileWhoseNameTellsNoFormat() {
    failure(write("taxonomy.txt.gz", "x")).hasMessageContaining("must end in .jsonl, .csv, .ttl");
  }

  @Test
  void refusesAnotherDigest() {
    var file = write("t.jsonl", "{\"id\":\"a\"}\n");

    assertThatThrownBy(() -> TaxonomyFile.read(file, Digest.of(new byte[0])))
        .hasMessageContaining("is expected");
  }

  /** Real taxonomies, where they are at hand. */
  @ParameterizedTest
  @CsvSource({
    "arxiv-60k/taxonomy.jsonl, 173, 3",
    "euroscivoc/taxonomy.jsonl, 1025, 7",
    "ford/ssif_taxonomy.jsonl, 386, 3",
    "ford/scinobo_fos_taxonomy.jsonl, 1198, 4",
    "ford/hu_tudomanyagak_taxonomy.jsonl, 63, 2"
  })
  void readsRealTaxonomies(String name, int subjects, int depth) {
    var file = Path.of("../../../shared/data").resolve(name);
    Assumptions.assumeTrue(Files.exists(file), file + " is not there");

    var taxonomy = TaxonomyFile.read(file, null).taxonomy();

    assertThat(taxonomy.size()).isEqualTo(subjects);
    assertThat(taxonomy.depth()).isEqualTo(depth);
  }

  private Path write(String name, String text) {
    return TestFiles.write(directory.resolve(name), text);
  }

  private List<Subject> read(String jsonLines) {
    return TaxonomyFile.read(write("t.jsonl", jsonLines), null).taxonomy().subjects();
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> failure(Path file) {
    return assertThatThrownBy(() -> TaxonomyFile.read(file, null))
        .isInstanceOfSatisfying(
            BesorolException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.DATA_INVALID));
  }
}
