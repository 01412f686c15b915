package hu.mtmt.besorol.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import hu.mtmt.besorol.contract.EvaluationReport.Slice;
import hu.mtmt.besorol.contract.EvaluationReport.SubjectResult;
import hu.mtmt.besorol.contract.ModelManifest.DataReference;
import hu.mtmt.besorol.contract.ModelManifest.Decision;
import hu.mtmt.besorol.contract.ModelManifest.PackageFile;
import hu.mtmt.besorol.contract.ModelManifest.TaxonomyReference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContractJsonTest {
  private static final Digest DIGEST = Digest.of(new byte[0]);
  private static final Grades GRADES = ContractJson.defaults(Grades.class);
  private static final Algorithm ALGORITHM =
      Algorithm.of(ContractJson.defaults(LinearParameters.class));
  private static final Comparison COMPARISON =
      new Comparison(Metric.STRICT_F1, DIGEST, "0.95", 0.01, -0.01, 0.03, 300, null);
  private static final Judgement JUDGEMENT =
      new Judgement(DIGEST, DIGEST, 3, GRADES, Map.of(Metric.STRICT_F1, 0.5), List.of(COMPARISON));
  private static final Footprint FOOTPRINT = new Footprint(325_000, 152, 5_300, 6_100);
  private static final Failure FAILURE = new Failure(FailureKind.DATA_INVALID, "No.");

  /** One of every kind of document, full. */
  static Stream<ContractDocument> documents() {
    var source = new Source("/data/a.jsonl", DIGEST);
    var request = new ComparisonRequest(Metric.LENIENT_F1, DIGEST, "0.95");
    var slice = new Slice("overall", 2, 3, 4, 1, Map.of(Metric.STRICT_F1, 0.25));
    return Stream.of(
        new TrainingPlan(
            source,
            4,
            source,
            source,
            "0.2",
            source,
            DuplicatePolicy.DROP,
            ALGORITHM,
            7,
            GRADES,
            List.of(request),
            "/store/m",
            "/checkpoints/r"),
        new EvaluationPlan(DIGEST, source, 4, source, GRADES, List.of(request), "/store/m"),
        new PrunePlan("/store/m", List.of(DIGEST)),
        new Progress(
            Progress.Stage.TRAINING,
            42,
            3,
            0.5,
            60,
            Map.of(Metric.STRICT_F1, 0.4),
            FOOTPRINT,
            Instant.parse("2026-01-02T03:00:00Z"),
            Instant.parse("2026-01-02T03:04:05Z")),
        new ServiceReport(
            DIGEST,
            9,
            1,
            List.of(0, 7, 2),
            Map.of("a", 5, "", 4),
            Map.of("0123456789ab", "a"),
            new ServiceReport.Baseline(DIGEST, 8, 7)),
        new TrainingResult(DIGEST, JUDGEMENT, 120, 325_000, FOOTPRINT, null),
        TrainingResult.failed(FAILURE),
        TrainingResult.failed(FAILURE, FOOTPRINT),
        new EvaluationResult(DIGEST, JUDGEMENT, null),
        new EvaluationResult(DIGEST, null, FAILURE),
        new PruneResult(3, null),
        new ModelManifest(
            ALGORITHM,
            new TaxonomyReference(DIGEST, 4),
            new DataReference(DIGEST, 10),
            new DataReference(DIGEST, 2),
            new DataReference(DIGEST, 3),
            42,
            "0.1.0",
            "en",
            152,
            new Decision(0.3, 1, 5),
            Map.of(Metric.STRICT_F1, 0.5),
            List.of(new PackageFile("weights.bin", 1234L, DIGEST))),
        new EvaluationReport(
            DIGEST,
            DIGEST,
            4,
            slice,
            List.of(slice),
            List.of(slice),
            List.of(new SubjectResult("a", 9, 3, 2, 1, 0.5, 1 / 3.0, 0.4, Grades.Grade.YELLOW))));
  }

  @ParameterizedTest
  @MethodSource("documents")
  void readsWhatItWrites(ContractDocument document) {
    var type = document.getClass();

    assertThat(ContractJson.read(ContractJson.write(document), type, "x")).isEqualTo(document);
    assertThat(ContractJson.read(ContractJson.writeLine(document), type, "x")).isEqualTo(document);
  }

  @ParameterizedTest
  @MethodSource("documents")
  void writesTheSameBytesAgain(ContractDocument document) {
    var bytes = ContractJson.write(document);
    var again = ContractJson.write(ContractJson.read(bytes, document.getClass(), "x"));

    assertThat(again).isEqualTo(bytes);
    assertThat(new String(bytes, StandardCharsets.UTF_8)).endsWith("}\n").doesNotContain("\r");
    assertThat(ContractJson.writeLine(document)).doesNotContain((byte) '\n');
  }

  @ParameterizedTest
  @MethodSource("documents")
  void refusesAnUnknownFieldInEveryDocument(ContractDocument document) {
    var json = text(document).replaceFirst("[{]", "{\"colour\": \"red\",");

    failure(json, document.getClass())
        .hasMessageContaining("colour is not a known field (known here: ");
  }

  @Test
  void findsOutWhichOfSeveralDocumentsItIs() {
    assertThat(ContractJson.read(ContractJson.write(new PrunePlan("/s", null)), JobPlan.class, "x"))
        .isEqualTo(new PrunePlan("/s", List.of()));
  }

  @Test
  void fillsInDefaultsAtEveryDepth() {
    var plan =
        read(
            """
            {"schema": "besorol/training-plan/1",
             "taxonomy": {"location": "/t"}, "training": {"location": "/d"},
             "algorithm": {"type": "Linear", "linear": {"features": {"fields": [{"name": "Title"}]}}},
             "grades": {"green": "0.9"}}
            """,
            TrainingPlan.class);

    assertThat(plan)
        .returns("0.1", TrainingPlan::validationFraction)
        .returns(DuplicatePolicy.REFUSE, TrainingPlan::duplicates)
        .returns(42, TrainingPlan::seed)
        .returns(new Grades("0.9", "0.4", 1), TrainingPlan::grades)
        .returns(List.of(), TrainingPlan::comparisons)
        .returns(null, TrainingPlan::level);
    var linear = plan.algorithm().linear();
    assertThat(linear)
        .returns(LinearParameters.Loss.SQUARED_HINGE, LinearParameters::loss)
        .returns("1.0", LinearParameters::cost);
    assertThat(linear.features().fields())
        .containsExactly(new TextFeatures.Field(TextFeatures.FieldName.TITLE, "1", "0"));
    assertThat(linear.features().words()).isEqualTo(new TextFeatures.NGrams(1, 2));
    assertThat(linear.features().characters())
        .isEqualTo(
            new TextFeatures.Characters(3, 5, "1.5", TextFeatures.CharacterLanguages.COMPOUNDING));
    assertThat(linear.features().hashing()).isNull();
  }

  @Test
  void takesNullForAbsent() {
    assertThat(readPart("{\"green\": null, \"minimumDocuments\": null}", Grades.class))
        .isEqualTo(GRADES);
  }

  /** {@link Grades#DEFAULT} is written out for schemas: it must not drift from the fields'. */
  @Test
  void hasTheSameDefaultsForARecordAsForItsFields() {
    assertThat(readPart(Grades.DEFAULT, Grades.class)).isEqualTo(GRADES);
  }

  /** Every problem that a field by itself can have, in a plan. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"taxonomy\": null                               | taxonomy is missing",
        "\"taxonomy\": {}                                 | taxonomy.location is missing",
        "\"taxonomy\": \"/t\"                             | taxonomy must be an object, not \"/t\"",
        "\"taxonomy\": {\"location\": \"\"}               | taxonomy.location must have 1 to 2048"
            + " characters, not 0",
        "\"taxonomy\": {\"location\": 3}                  | taxonomy.location must be text in"
            + " quotes, not 3",
        "\"taxonomy\": {\"location\": \"/t\", \"digest\": \"md5:1\"} | taxonomy.digest must be a"
            + " digest (sha256: and 64 hexadecimal digits, as sha256sum prints them), not"
            + " \"md5:1\"",
        "\"level\": 0                                     | level must be at least 1, not 0",
        "\"level\": 33                                    | level must be at most 32, not 33",
        "\"level\": 1.5                                   | level must be a whole number, not 1.5",
        "\"level\": \"1\"                                 | level must be a whole number, not"
            + " \"1\"",
        "\"seed\": 2147483648                             | seed must be at most 2147483647, not"
            + " 2147483648",
        "\"seed\": 1e400                                  | seed must be a whole number",
        "\"duplicates\": \"Ignore\"                       | duplicates must be one of Refuse, Drop,"
            + " not \"Ignore\"",
        "\"duplicates\": \"refuse\"                       | duplicates must be one of Refuse, Drop,"
            + " not \"refuse\"",
        "\"comparisons\": {}                              | comparisons must be a list, not {}",
        "\"comparisons\": [null]                          | comparisons[0] must be an object, not"
            + " null",
        "\"comparisons\": [{\"metric\": \"Accuracy\"}]    | comparisons[0].metric must be one of"
            + " StrictPrecision, StrictRecall, StrictF1",
        "\"comparisons\": [{\"metric\": \"StrictF1\"}]    | comparisons[0].baseline is missing;"
            + " comparisons[0].confidence is missing",
        "\"algorithm\": {\"type\": \"Mlp\", \"mlp\": {}} | algorithm.mlp is not a known field"
            + " (known here: type, tfidfNearest, linear, bonsai, decisionTree, labelMatch,"
            + " ensemble, answers); algorithm.type must be one of TfidfNearest, Linear, Bonsai,"
            + " DecisionTree, LabelMatch, Ensemble, not \"Mlp\"",
        "\"algorithm\": {\"type\": \"Linear\", \"linear\": {}, \"bonsai\": {}} | algorithm: write"
            + " the parameters in the field named like the type, and no other",
        "\"algorithm\": {\"type\": \"Linear\"}            | algorithm: write the parameters in the"
            + " field named like the type",
        "\"algorithm\": {\"type\": \"Linear\", \"linear\": {\"cost\": 1}} | algorithm.linear.cost"
            + " must be text in quotes, not 1",
        "\"algorithm\": {\"type\": \"Linear\", \"linear\": {\"cost\": \"NaN\"}} |"
            + " algorithm.linear.cost: write a decimal number above 0 in quotes, such as \"0.5\" or"
            + " \"2\", not \"NaN\"",
        "\"algorithm\": {\"type\": \"Linear\", \"linear\": {\"cost\": \"Infinity\"}} |"
            + " algorithm.linear.cost: write a decimal number above 0",
        "\"algorithm\": {\"type\": \"Linear\", \"linear\": {\"features\": {\"words\": {\"minimum\":"
            + " 2, \"maximum\": 1}}}} | algorithm.linear.features.words: minimum must not be larger"
            + " than maximum",
        "\"algorithm\": {\"type\": \"Linear\", \"linear\": {\"features\": {\"fields\": []}}} |"
            + " algorithm.linear.features.fields must have 1 to 8 entries, not 0",
        "\"grades\": {\"yellow\": \"0.8\"}                | grades: yellow must not be larger than"
            + " green",
        "\"validationFraction\": \"0.5\"                  | validationFraction: write a decimal"
            + " number above 0 and below 0.5 in quotes, such as \"0.1\", not \"0.5\"",
        "\"store\": [\"/s\"]                              | store must be text in quotes, not"
            + " [\"/s\"]"
      })
  void namesTheFieldAndTheRemedy(String field, String problem) throws IOException {
    failure(planWith(field), TrainingPlan.class).hasMessageContaining("x: " + problem);
  }

  @Test
  void tellsAllProblemsAtOnce() throws IOException {
    failure(
            planWith("\"level\": 0, \"seed\": -1, \"colour\": 1, \"training\": null"),
            TrainingPlan.class)
        .hasMessageContaining("colour is not a known field")
        .hasMessageContaining("level must be at least 1")
        .hasMessageContaining("training is missing")
        .hasMessageContaining("seed must be at least 0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"NaN", "Infinity", "-Infinity"})
  void refusesNumbersThatAreNone(String number) {
    failure(
            "{\"schema\": \"besorol/progress/1\",\n \"loss\": %s}".formatted(number),
            Progress.class)
        .hasMessageStartingWith("x:2:")
        .hasMessageContaining("not JSON");
    failure(
            "{\"schema\": \"besorol/progress/1\", \"stage\": \"Training\", \"percent\": 1, \"metrics\": {\"StrictF1\": \"%s\"}}"
                .formatted(number),
            Progress.class)
        .hasMessageContaining("metrics.StrictF1 must be a number, not \"%s\"".formatted(number));
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void writesNoNumbersThatAreNone(double number) {
    var progress =
        new Progress(Progress.Stage.TRAINING, 1, 1, number, null, null, null, null, null);

    assertThatThrownBy(() -> ContractJson.write(progress))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("number");
    var subject = new SubjectResult("a", null, 1, 1, 1, number, 0, 0, Grades.Grade.RED);
    assertThatThrownBy(() -> ContractJson.writeLine(subject))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesAMetricThatIsNotKnown() {
    failure(
            "{\"schema\": \"besorol/progress/1\", \"stage\": \"Training\", \"percent\": 1,"
                + " \"metrics\": {\"Accuracy\": 0.5}}",
            Progress.class)
        .hasMessageContaining("metrics.Accuracy is not known: it must be one of StrictPrecision,");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{                                          | x:1:",
        "{\"a\": 1,\\n\"a\": 2}                     | Duplicate field 'a'",
        "{} {}                                      | not JSON",
        "[]                                         | x is not a JSON object.",
        "``                                         | x is not a JSON object.",
        "{}                                         | x has no field schema: it must say"
            + " \"schema\": \"besorol/training-plan/1\".",
        "{\"schema\": \"besorol/training-plan/2\"}  | x has the schema besorol/training-plan/2,"
            + " which this version of Besorol does not know (it knows besorol/training-plan/1): use"
            + " the version that wrote it.",
        "{\"schema\": \"besorol/progress/1\"}       | x has the schema besorol/progress/1, but"
            + " besorol/training-plan/1 is expected here.",
        "{\"schema\": \"something/1\"}              | x has the schema something/1, but"
            + " besorol/training-plan/1 is expected here."
      })
  void refusesWhatIsNotTheDocument(String json, String message) {
    failure(json.replace("\\n", "\n"), TrainingPlan.class).hasMessageContaining(message);
  }

  @Test
  void saysWhichDocumentsWouldDo() {
    failure("{\"schema\": \"x\"}", JobPlan.class)
        .hasMessageContaining(
            "besorol/training-plan/1 or besorol/evaluation-plan/1 or besorol/prune-plan/1 is"
                + " expected");
  }

  @Test
  void refusesAComparisonThatHasNeitherFiguresNorObstacle() {
    failure(
            text(new TrainingResult(DIGEST, JUDGEMENT, 1, 1, null, null))
                .replaceFirst("\"lower\"[^,]*,", ""),
            TrainingResult.class)
        .hasMessageContaining(
            "judgement.comparisons[0]: write either difference, lower and upper, or the obstacle");
  }

  /** A pod that ends without a word of either is none that keeps the contract. */
  @ParameterizedTest
  @CsvSource({"training-result, version", "evaluation-result, judgement", "prune-result, removed"})
  void refusesAResultThatTellsNeitherSuccessNorFailure(String schema, String field) {
    failure("{\"schema\": \"besorol/%s/1\"}".formatted(schema), JobResult.class)
        .hasMessage("x: write either %s or failure.".formatted(field));
  }

  @Test
  void refusesToCompareByWhatIsNoFunctionOfTheAnswers() throws IOException {
    failure(
            planWith(
                "\"comparisons\": [{\"metric\": \"PackageMiB\", \"baseline\": \"%s\", \"confidence\": \"0.95\"}]"
                    .formatted(DIGEST)),
            TrainingPlan.class)
        .hasMessageContaining("comparisons[0]: PackageMiB cannot be compared");
  }

  @Test
  void namesTheFileItReads(@TempDir Path directory) throws IOException {
    var file = directory.resolve("plan.json");

    assertThatThrownBy(() -> ContractJson.read(file, JobPlan.class))
        .isInstanceOf(BesorolException.class)
        .hasMessageContaining(file + " cannot be read");
    Files.writeString(file, "{}");
    assertThatThrownBy(() -> ContractJson.read(file, JobPlan.class))
        .hasMessageStartingWith(file + " has no field schema");
  }

  private static String planWith(String fields) throws IOException {
    var mapper = new ObjectMapper();
    var plan =
        (ObjectNode)
            mapper.readTree(
                """
                {"schema": "besorol/training-plan/1",
                 "taxonomy": {"location": "/t"}, "training": {"location": "/d"},
                 "algorithm": {"type": "Linear", "linear": {}}}
                """);
    plan.setAll((ObjectNode) mapper.readTree("{" + fields + "}"));
    return plan.toString();
  }

  private static String text(ContractDocument document) {
    return new String(ContractJson.writeLine(document), StandardCharsets.UTF_8);
  }

  private static <T extends ContractDocument> T read(String json, Class<T> type) {
    return ContractJson.read(json.getBytes(StandardCharsets.UTF_8), type, "x");
  }

  private static <T extends Record> T readPart(String json, Class<T> type) {
    return ContractJson.readPart(json.getBytes(StandardCharsets.UTF_8), type, "x");
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> failure(
      String json, Class<? extends ContractDocument> type) {
    return assertThatThrownBy(() -> read(json, type))
        .isInstanceOfSatisfying(
            BesorolException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.PLAN_INVALID));
  }
}
