package hu.mtmt.besorol.local.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TypedTreeTest {
  private static final Schema SCHEMA =
      new Schema(
          Json.parse(
              """
              {"type": "object", "properties": {
                "items": {"type": "array", "x-kubernetes-list-type": "map",
                  "x-kubernetes-list-map-keys": ["name"],
                  "items": {"type": "object", "properties": {
                    "name": {"type": "string"}, "value": {"type": "integer"}}}},
                "set": {"type": "array", "x-kubernetes-list-type": "set",
                  "items": {"type": "string"}},
                "atomic": {"type": "array", "items": {"type": "string"}},
                "whole": {"type": "object", "x-kubernetes-map-type": "atomic",
                  "properties": {"a": {"type": "string"}}},
                "map": {"type": "object", "additionalProperties": {"type": "string"}}}}
              """),
          Map.of());

  private static JsonNode json(String text) {
    return Json.parse(text.replace('\'', '"'));
  }

  @Test
  void pathsGoIntoWhatIsMerged() {
    var object =
        json(
            "{'items':[{'name':'a','value':1}],'set':['x'],'atomic':['y'],'whole':{'a':'b'},'map':{'k':'v'}}");
    assertThat(TypedTree.paths(SCHEMA, object).write())
        .isEqualTo(
            Json.parse(
                """
                {"f:atomic": {}, "f:items": {"k:{\\"name\\":\\"a\\"}": {".": {}, "f:name": {}, "f:value": {}}},
                 "f:map": {"f:k": {}}, "f:set": {"v:\\"x\\"": {}}, "f:whole": {}}
                """));
  }

  @ParameterizedTest
  @CsvSource({
    "a b c,   a b c, a b c",
    "a b c,   c a,   b c a",
    "a b c,   d,     a b c d",
    "a b c,   d b,   a d b c",
    "a b c,   b d,   a b c d",
    "'',      a b,   a b",
    "a x b y, b a,   x b y a",
  })
  void anAppliedListKeepsItsOrderAmongTheOthers(String live, String applied, String merged) {
    assertThat(TypedTree.merge(SCHEMA, set(live), set(applied))).isEqualTo(set(merged));
  }

  private static JsonNode set(String items) {
    var object = Json.object();
    var list = object.putArray("set");
    for (var item : items.split(" ")) {
      if (!item.isEmpty()) {
        list.add(item);
      }
    }
    return object;
  }

  @Test
  void itemsWithTheSameKeyAreMerged() {
    var live = json("{'items':[{'name':'a','value':1},{'name':'b','value':2}]}");
    var applied = json("{'items':[{'name':'b','value':3}]}");
    assertThat(TypedTree.merge(SCHEMA, live, applied))
        .isEqualTo(json("{'items':[{'name':'a','value':1},{'name':'b','value':3}]}"));
  }

  @Test
  void differencesAreAddedModifiedOrRemoved() {
    var before = json("{'items':[{'name':'a','value':1}],'map':{'k':'v'},'atomic':['x']}");
    var after = json("{'items':[{'name':'a','value':2},{'name':'b'}],'atomic':['x','y']}");
    var difference = TypedTree.compare(SCHEMA, before, after);
    assertThat(difference.added().toString())
        .isEqualTo("{\"f:items\":{\"k:{\\\"name\\\":\\\"b\\\"}\":{\".\":{},\"f:name\":{}}}}");
    assertThat(difference.modified().toString())
        .isEqualTo(
            "{\"f:atomic\":{},\"f:items\":{\"k:{\\\"name\\\":\\\"a\\\"}\":{\"f:value\":{}}}}");
    assertThat(difference.removed().toString()).isEqualTo("{\"f:map\":{\".\":{},\"f:k\":{}}}");
  }

  @Test
  void equalNumbersAreEqualHoweverTheyAreWritten() {
    var difference =
        TypedTree.compare(
            SCHEMA,
            json("{'items':[{'name':'a','value':1}]}"),
            json("{'items':[{'name':'a','value':1.0}]}"));
    assertThat(difference.changed().isEmpty()).isTrue();
  }

  @Test
  void removesPathsAndWhatBecomesEmpty() {
    var object = (ObjectNode) json("{'map':{'k':'v'},'set':['x','y']}");
    var paths = FieldSet.of("f:map", "f:k").union(FieldSet.of("f:set", "v:\"x\""));
    assertThat(TypedTree.remove(SCHEMA, object, paths)).isEqualTo(json("{'set':['y']}"));
  }

  @Test
  void pathsAreShownAsKubernetesDoes() {
    var shown = new ArrayList<String>();
    TypedTree.paths(SCHEMA, json("{'items':[{'name':'a'}],'set':['x']}")).forEachPath(shown::add);
    assertThat(shown)
        .containsExactly(".items[name=\"a\"]", ".items[name=\"a\"].name", ".set[=\"x\"]");
  }
}
