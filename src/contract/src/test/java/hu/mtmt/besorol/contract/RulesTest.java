package hu.mtmt.besorol.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.common.types.SimpleType;
import dev.cel.parser.CelStandardMacro;
import io.fabric8.generator.annotation.ValidationRule;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The rules of the contract stand twice: in CEL, for manifests, and in Java, for plans on a command
 * line. Here both judge the same documents, the CEL ones by the interpreter of its makers.
 */
class RulesTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Cel CEL =
      CelFactory.standardCelBuilder()
          .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
          .addVar("self", SimpleType.DYN)
          .build();

  /** Documents, and how many of their rules are broken. */
  static Stream<Arguments> documents() {
    return Stream.of(
        row(Algorithm.class, "{'type': 'Linear', 'linear': {}}", 0),
        row(Algorithm.class, "{'type': 'Linear'}", 1),
        row(Algorithm.class, "{'type': 'Linear', 'linear': {}, 'bonsai': {}}", 1),
        row(Algorithm.class, "{'type': 'LabelMatch', 'labelMatch': {}}", 0),
        row(Algorithm.class, "{'type': 'Ensemble', 'ensemble': {}}", 0),
        row(AnswerParameters.class, "{'backOffBelow': '0.5'}", 0),
        row(AnswerParameters.class, "{'backOffBelow': '1.5'}", 1),
        row(BonsaiParameters.class, "{'cost': '2', 'tolerance': '0.1'}", 0),
        row(BonsaiParameters.class, "{'cost': '0', 'tolerance': 'x'}", 2),
        row(EnsembleMember.class, "{'type': 'Bonsai', 'bonsai': {}}", 0),
        row(EnsembleMember.class, "{'version': 'sha256:%s'}".formatted("0".repeat(64)), 0),
        row(EnsembleMember.class, "{'version': 'latest'}", 1),
        row(EnsembleMember.class, "{}", 1),
        row(EnsembleMember.class, "{'type': 'Ensemble'}", 1),
        row(
            EnsembleMember.class,
            "{'version': 'sha256:%s', 'type': 'Linear', 'linear': {}}".formatted("0".repeat(64)),
            1),
        row(EnsembleMember.class, "{'type': 'Bonsai', 'linear': {}}", 1),
        row(Grades.class, "{}", 0),
        row(Grades.class, "{'yellow': '0.7', 'green': '0.7'}", 0),
        row(Grades.class, "{'yellow': '0.700001', 'green': '0.7'}", 1),
        row(Grades.class, "{'green': '0.3'}", 1),
        row(Grades.class, "{'green': '1.000001'}", 1),
        row(Grades.class, "{'green': 'NaN'}", 2),
        row(Grades.class, "{'yellow': '-0.1'}", 1),
        row(Grades.class, "{'yellow': '1'}", 1),
        row(Gate.class, gate("'minimum': '0.6'"), 0),
        row(Gate.class, gate("'maximum': '0.6'"), 0),
        row(Gate.class, gate("'versusServing': {}"), 0),
        row(Gate.class, gate("'minimum': '0.6', 'maximum': '0.7'"), 1),
        row(Gate.class, gate("'minimum': '0.6', 'versusServing': {}"), 1),
        row(Gate.class, "{'name': 'floor', 'metric': 'StrictF1'}", 1),
        row(Gate.class, gate("'minimum': '-1'"), 1),
        row(Gate.class, gate("'minimum': 'Infinity'"), 1),
        row(Gate.class, gate("'maximum': '1e3'"), 1),
        row(Gate.class, gate("'versusServing': {'maxLoss': '1.5'}"), 1),
        row(Gate.class, gate("'versusServing': {'confidence': '1'}"), 1),
        row(Gate.class, gate("'versusServing': {'confidence': '0.4'}"), 1),
        row(Gate.class, gate("'versusServing': {'confidence': '0.999999'}"), 0),
        row(Gate.class, "{'name': 'Floor', 'metric': 'StrictF1', 'minimum': '0'}", 1),
        row(Gate.class, "{'name': 'floor-', 'metric': 'StrictF1', 'minimum': '0'}", 1),
        row(LinearParameters.class, "{}", 0),
        row(LinearParameters.class, "{'cost': '0'}", 1),
        row(LinearParameters.class, "{'cost': '0.000'}", 1),
        row(LinearParameters.class, "{'cost': '0.5', 'tolerance': '2'}", 0),
        row(LinearParameters.class, "{'cost': 'NaN', 'tolerance': '-1'}", 2),
        row(LinearParameters.class, "{'tolerance': '0.0000001'}", 1),
        row(TextFeatures.NGrams.class, "{'minimum': 2, 'maximum': 2}", 0),
        row(TextFeatures.NGrams.class, "{'minimum': 3, 'maximum': 2}", 1),
        row(TextFeatures.class, "{'maximumDocumentShare': '1.0'}", 0),
        row(TextFeatures.class, "{'maximumDocumentShare': '2'}", 1),
        row(TextFeatures.class, "{'fields': [{'name': 'Title'}, {'name': 'Abstract'}]}", 0),
        row(TextFeatures.class, "{'fields': [{'name': 'Title'}, {'name': 'Title'}]}", 1),
        row(TextFeatures.class, "{'fields': [{'name': 'Title', 'weight': '0'}]}", 1),
        row(
            TextFeatures.class,
            "{'fields': [{'name': 'Title', 'weight': '0', 'separateWeight': '0.1'}]}",
            0),
        row(TextFeatures.class, "{'fields': [{'name': 'Title', 'weight': '-1'}]}", 2),
        row(TextFeatures.class, "{'fields': [{'name': 'Title', 'separateWeight': 'x'}]}", 1),
        row(ComparisonRequest.class, request("'confidence': '0.95'"), 0),
        row(ComparisonRequest.class, request("'confidence': '95'"), 1),
        row(TrainingPlan.class, plan("'validationFraction': '0.1'"), 0),
        row(TrainingPlan.class, plan("'validationFraction': '0.050'"), 0),
        row(TrainingPlan.class, plan("'validationFraction': '0.499999'"), 0),
        row(TrainingPlan.class, plan("'validationFraction': '0.5'"), 1),
        row(TrainingPlan.class, plan("'validationFraction': '0'"), 1),
        row(TrainingPlan.class, plan("'validationFraction': '0.000'"), 1),
        row(TrainingPlan.class, plan("'grades': {'green': '0.1'}"), 1));
  }

  @ParameterizedTest
  @MethodSource("documents")
  void holdInJavaAsInCel(Class<? extends Record> type, String json, int broken) throws Exception {
    var object = (ObjectNode) MAPPER.readTree(json);
    Constraints.fillDefaults(object, type);

    var byCel = brokenByCel(object, type);
    var byJava = messageOf(json, type);

    assertThat(byCel).hasSize(broken);
    if (broken == 0) {
      assertThat(byJava).isEmpty();
    } else {
      // rules between fields are looked at once each field is as it should be
      assertThat(byCel).anySatisfy(message -> assertThat(byJava).contains(message));
    }
  }

  /** A rule that no document here breaks is one that nobody has seen work. */
  @Test
  void areAllBrokenBySomeDocument() throws Exception {
    var broken = new TreeSet<String>();
    var all = new TreeSet<String>();
    for (var row : documents().toList()) {
      @SuppressWarnings("unchecked")
      var type = (Class<? extends Record>) row.get()[0];
      var object = (ObjectNode) MAPPER.readTree((String) row.get()[1]);
      Constraints.fillDefaults(object, type);
      broken.addAll(brokenByCel(object, type));
      collectMessages(type, all);
    }
    // TrainingPlan cannot compare at admission: gates are checked where they are written.
    all.remove(Gate.COMPARABLE);

    assertThat(broken).containsAll(all);
  }

  /** Which metrics cannot be compared is written out in CEL, and known by the metric in Java. */
  @ParameterizedTest
  @MethodSource("metrics")
  void agreeOnWhatCanBeCompared(Metric metric) throws Exception {
    var json =
        "{'name': 'g', 'metric': '%s', 'versusServing': {}}"
            .formatted(metric.written())
            .replace('\'', '"');

    assertThat(brokenByCel((ObjectNode) MAPPER.readTree(json), Gate.class))
        .hasSize(metric.comparable() ? 0 : 1);
    assertThat(messageOf(json, Gate.class).isEmpty()).isEqualTo(metric.comparable());
  }

  static Stream<Metric> metrics() {
    return Stream.of(Metric.values());
  }

  private static Arguments row(Class<? extends Record> type, String json, int broken) {
    return Arguments.of(type, json.replace('\'', '"'), broken);
  }

  private static String gate(String bound) {
    return "{'name': 'floor', 'metric': 'StrictF1', %s}".formatted(bound);
  }

  private static String request(String confidence) {
    return "{'metric': 'StrictF1', 'baseline': '%s', %s}"
        .formatted(Digest.of(new byte[0]), confidence);
  }

  private static String plan(String more) {
    return "{'schema': 'besorol/training-plan/1', 'taxonomy': {'location': '/t'}, 'training': {'location': '/d'}, 'algorithm': {'type': 'Linear', 'linear': {}}, %s}"
        .formatted(more);
  }

  private static String messageOf(String json, Class<? extends Record> type) {
    try {
      ContractJson.readPart(json.getBytes(), type, "x");
      return "";
    } catch (BesorolException e) {
      return e.getMessage();
    }
  }

  /** The messages of all broken rules of {@code object} and of what is in it. */
  private static List<String> brokenByCel(JsonNode object, Class<?> type) throws Exception {
    var broken = new ArrayList<>(broken(object, type));
    for (var component : type.getRecordComponents()) {
      var value = object.get(component.getName());
      if (value != null && !value.isNull()) {
        broken.addAll(broken(value, type.getDeclaredField(component.getName())));
        var inner = component.getGenericType();
        for (var item : value.isArray() ? value : List.of(value)) {
          var itemType = value.isArray() ? argument(inner) : component.getType();
          if (itemType.isRecord() && item.isObject()) {
            broken.addAll(brokenByCel(item, itemType));
          }
        }
      }
    }
    return broken;
  }

  private static List<String> broken(JsonNode value, AnnotatedElement annotated) throws Exception {
    var broken = new ArrayList<String>();
    for (var rule : annotated.getAnnotationsByType(ValidationRule.class)) {
      var program = CEL.createProgram(CEL.compile(rule.value()).getAst());
      if (!(boolean) program.eval(Map.of("self", cel(value)))) {
        broken.add(rule.message());
      }
    }
    return broken;
  }

  private static Object cel(JsonNode value) {
    if (value.isObject()) {
      var map = new HashMap<String, Object>();
      value.properties().stream()
          .filter(e -> !e.getValue().isNull())
          .forEach(e -> map.put(e.getKey(), cel(e.getValue())));
      return map;
    }
    if (value.isArray()) {
      return value.valueStream().map(RulesTest::cel).collect(Collectors.toList());
    }
    return value.isIntegralNumber() ? (Object) value.longValue() : value.asText();
  }

  private static void collectMessages(Class<?> type, TreeSet<String> messages) throws Exception {
    for (var rule : type.getAnnotationsByType(ValidationRule.class)) {
      messages.add(rule.message());
    }
    for (var component : type.getRecordComponents()) {
      for (var rule :
          type.getDeclaredField(component.getName()).getAnnotationsByType(ValidationRule.class)) {
        messages.add(rule.message());
      }
      var inner =
          component.getType() == List.class
              ? argument(component.getGenericType())
              : component.getType();
      if (inner.isRecord()) {
        collectMessages(inner, messages);
      }
    }
  }

  private static Class<?> argument(Type list) {
    return (Class<?>) ((ParameterizedType) list).getActualTypeArguments()[0];
  }
}
