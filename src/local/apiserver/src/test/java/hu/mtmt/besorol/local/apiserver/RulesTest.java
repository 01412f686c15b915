package hu.mtmt.besorol.local.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import hu.mtmt.besorol.testkit.KubernetesBinaries;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules of custom resources, compiled and evaluated. */
class RulesTest {
  private static Schema schema(String spec) {
    return new Schema(
        Json.parse("{\"type\":\"object\",\"properties\":{\"spec\":" + spec + "}}"), Map.of());
  }

  private static List<String> check(String spec, String before, String after) {
    var problems = new ArrayList<FieldError>();
    var rules = CelRules.compile(schema(spec), "", problems);
    assertThat(problems).isEmpty();
    return rules.check(before == null ? null : object(before), object(after)).stream()
        .map(FieldError::toString)
        .toList();
  }

  private static ObjectNode object(String spec) {
    return Json.parse("{\"spec\":" + spec.replace('\'', '"') + "}");
  }

  /** Kubernetes knows functions that CEL's library does not: no rule of ours uses one. */
  @Test
  void everyRuleOfOurDefinitionsIsUnderstood() throws IOException {
    var kinds = new Kinds();
    try (var files = Files.list(KubernetesBinaries.repository().resolve("crds"))) {
      for (var file : files.filter(f -> f.toString().endsWith("-v1.yml")).toList()) {
        var problems = new ArrayList<FieldError>();
        for (JsonNode version : new YAMLMapper().readTree(file.toFile()).at("/spec/versions")) {
          kinds.rules(version, file.getFileName().toString(), problems);
        }
        assertThat(problems).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "self.b > 1                     | undefined field 'b'",
        "self.a + 'x' == 'y'            | found no matching overload",
        "self.a                         | must evaluate to a bool",
        "self.a >                       | compilation failed",
        "isURL('x') && self.a > 0       | undeclared reference to 'isURL'",
      })
  void aWrongRuleIsRefused(String rule, String problem) {
    var problems = new ArrayList<FieldError>();
    var spec =
        "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"}},"
            + "\"x-kubernetes-validations\":[{\"rule\":\""
            + rule
            + "\"}]}";
    CelRules.compile(schema(spec), "", problems);
    assertThat(problems).hasSize(1);
    assertThat(problems.getFirst().message()).contains(problem);
  }

  @Test
  void transitionRulesHoldOnlyForChanges() {
    var spec =
        """
        {"type": "object", "properties": {"a": {"type": "integer",
          "x-kubernetes-validations": [{"rule": "self >= oldSelf", "message": "may only grow"}]}}}\
        """;
    assertThat(check(spec, null, "{'a':1}")).isEmpty();
    assertThat(check(spec, "{'a':1}", "{'a':2}")).isEmpty();
    assertThat(check(spec, "{}", "{'a':2}")).as("there was nothing").isEmpty();
    assertThat(check(spec, "{'a':2}", "{'a':1}"))
        .containsExactly("spec.a: Invalid value: 1: may only grow");
  }

  @Test
  void itemsAreTheSameByTheirKeys() {
    var spec =
        """
        {"type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["n"],
         "items": {"type": "object", "properties": {"n": {"type": "string"}, "v": {"type": "integer",
          "x-kubernetes-validations": [{"rule": "self == oldSelf", "message": "fixed"}]}}}}\
        """;
    assertThat(
            check(spec, "[{'n':'a','v':1},{'n':'b','v':2}]", "[{'n':'b','v':2},{'n':'a','v':3}]"))
        .containsExactly("spec[1].v: Invalid value: 3: fixed");
  }

  @Test
  void whatIsNotTouchedMayStayAsItIs() {
    var spec =
        """
        {"type": "object", "properties": {"a": {"type": "string",
          "x-kubernetes-validations": [{"rule": "self.size() > 3", "message": "longer"}]},
          "b": {"type": "string"}}}\
        """;
    assertThat(check(spec, "{'a':'x','b':'1'}", "{'a':'x','b':'2'}")).isEmpty();
    assertThat(check(spec, "{'a':'x'}", "{'a':'y'}"))
        .containsExactly("spec.a: Invalid value: \"y\": longer");
  }

  @Test
  void fieldsMayBeNamedLikeWordsOfTheLanguage() {
    var spec =
        """
        {"type": "object", "properties": {"in": {"type": "integer"}, "a-b": {"type": "integer"}},
         "x-kubernetes-validations": [{"rule": "self.__in__ < self.a__dash__b", "message": "m"}]}\
        """;
    assertThat(check(spec, null, "{'in':1,'a-b':2}")).isEmpty();
    assertThat(check(spec, null, "{'in':2,'a-b':1}")).containsExactly("spec: Invalid value: m");
  }

  @Test
  void messagesMayBeComputed() {
    var spec =
        """
        {"type": "object", "properties": {"a": {"type": "integer"}},
         "x-kubernetes-validations": [{"rule": "self.a > 1", "messageExpression":
           "'a is ' + string(self.a)", "reason": "FieldValueForbidden", "fieldPath": ".a"}]}\
        """;
    assertThat(check(spec, null, "{'a':1}")).containsExactly("spec.a: Forbidden: a is 1");
  }

  @Test
  void theFunctionsThatOursUse() {
    for (var rule :
        List.of(
            "self.s.matches('^[a-z]+$')",
            "self.s.split('/').all(p, p != '..')",
            "self.l.exists(x, double(x) > 1.0)",
            "self.l.filter(x, x == '2').size() == 1",
            "has(self.s) && !has(self.absent)",
            "self.s in ['abc', 'd']",
            "self.s.startsWith('a') && self.i <= 3 && self.i < 3.5")) {
      var spec =
          """
          {"type": "object", "properties": {"s": {"type": "string"}, "absent": {"type": "string"},
            "i": {"type": "integer"}, "l": {"type": "array", "items": {"type": "string"}}},
           "x-kubernetes-validations": [{"rule": "%s"}]}\
          """
              .formatted(rule);
      assertThat(check(spec, null, "{'s':'abc','i':3,'l':['1','2']}")).as(rule).isEmpty();
    }
  }
}
