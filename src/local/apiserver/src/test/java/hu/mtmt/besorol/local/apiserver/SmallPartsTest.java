package hu.mtmt.besorol.local.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Selectors, paths, ages, names and patches, each by itself. */
class SmallPartsTest {
  private static ObjectNode json(String text) {
    return Json.parse(text.replace('\'', '"'));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''              | true",
        "a=1             | true",
        "a==1,b          | true",
        "a = 1           | true",
        "a!=1            | false",
        "c!=1            | true",
        "!c              | true",
        "!a              | false",
        "a in (1,2)      | true",
        "a in (2), b     | false",
        "a notin (2,3)   | true",
        "c notin (1)     | true",
        "b=              | true",
        "x.y/z=1         | true",
      })
  void labelSelectors(String selector, boolean selected) {
    var object = json("{'metadata':{'labels':{'a':'1','b':'','x.y/z':'1'}}}");
    assertThat(Selection.labels(selector).test(object)).isEqualTo(selected);
  }

  @ParameterizedTest
  @CsvSource({"'a b'", "'a in 1,('", "'!a=1'", "'=1'"})
  void wrongLabelSelectors(String selector) {
    assertThatThrownBy(() -> Selection.labels(selector).test(json("{}")))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("unable to parse requirement");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        ".a.b                              | 1",
        ".l[1]                             | y",
        ".l[-1]                            | y",
        ".c[?(@.type=='Ready')].status     | True",
        ".c[?(@.type==\"Ready\")].status   | True",
        ".c[?(@.type=='None')].status      | ''",
        ".m['x.y/z']                       | 2",
        ".m.x\\.y/z                        | 2",
        ".absent.deep                      | ''",
      })
  void jsonPaths(String path, String value) {
    var object =
        json("{'a':{'b':1},'l':['x','y'],'c':[{'type':'Ready','status':'True'}],'m':{'x.y/z':2}}");
    assertThat(JsonPath.parse(path).read(object).asText("")).isEqualTo(value);
  }

  @Test
  void wrongJsonPaths() {
    assertThatThrownBy(() -> JsonPath.parse(".a[*].b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("from column 2");
  }

  @ParameterizedTest
  @CsvSource({
    "-5, <invalid>",
    "0, 0s",
    "119, 119s",
    "120, 2m",
    "130, 2m10s",
    "599, 9m59s",
    "600, 10m",
    "10799, 179m",
    "10800, 3h",
    "12000, 3h20m",
    "28800, 8h",
    "172799, 47h",
    "172800, 2d",
    "180000, 2d2h",
    "691200, 8d",
    "63072000, 2y",
    "66000000, 2y33d",
    "315360000, 10y"
  })
  void ages(long seconds, String shown) {
    assertThat(Ages.human(Duration.ofSeconds(seconds))).isEqualTo(shown);
  }

  @Test
  void generatedNames() {
    var name = Names.generate("run-", RandomGenerator.of("Xoshiro256PlusPlus"));
    assertThat(name).matches("run-[bcdfghjklmnpqrstvwxz2456789]{5}");
    assertThat(Names.generate("x".repeat(100), RandomGenerator.getDefault())).hasSize(63);
  }

  @Test
  void strategicMergePatches() {
    var pods = new Kinds().builtIn("", "v1", "pods").schema();
    var pod =
        json(
            "{'spec':{'containers':[{'name':'a','image':'x','args':['1']},{'name':'b','image':'x'}],"
                + "'nodeSelector':{'k':'v'}},'metadata':{'finalizers':['f','g']}}");
    assertThat(
            Patches.strategic(
                pods, pod, json("{'spec':{'containers':[{'name':'a','image':'y'}]}}")))
        .isEqualTo(
            json(
                "{'spec':{'containers':[{'name':'a','image':'y','args':['1']},{'name':'b','image':'x'}],"
                    + "'nodeSelector':{'k':'v'}},'metadata':{'finalizers':['f','g']}}"));
    assertThat(
            Patches.strategic(
                    pods,
                    pod,
                    json(
                        "{'spec':{'containers':[{'name':'a','$patch':'delete'}],'nodeSelector':null}}"))
                .path("spec"))
        .isEqualTo(json("{'containers':[{'name':'b','image':'x'}]}"));
    assertThat(
            Patches.strategic(
                    pods, pod, json("{'metadata':{'$deleteFromPrimitiveList/finalizers':['f']}}"))
                .path("metadata"))
        .isEqualTo(json("{'finalizers':['g']}"));
    assertThat(
            Patches.strategic(
                    pods, pod, json("{'spec':{'containers':[{'$patch':'replace'},{'name':'c'}]}}"))
                .at("/spec/containers"))
        .isEqualTo(json("{'l':[{'name':'c'}]}").get("l"));
    assertThat(
            Patches.strategic(
                    pods, pod, json("{'spec':{'$retainKeys':['containers'],'containers':[]}}"))
                .path("spec")
                .has("nodeSelector"))
        .isFalse();
  }

  @Test
  void mergePatches() {
    assertThat(
            Patches.merge(
                json("{'a':{'b':1,'c':2},'l':[1]}"),
                json("{'a':{'b':null},'l':[2],'n':{'x':null}}")))
        .isEqualTo(json("{'a':{'c':2},'l':[2],'n':{}}"));
  }

  @Test
  void theZeroOfAKindIsWhatADecoderMakesOfNothing() {
    var deployment = new Kinds().builtIn("apps", "v1", "deployments").schema().zero();
    assertThat(deployment)
        .isEqualTo(
            json(
                "{'metadata':{},'spec':{'strategy':{},'template':{'metadata':{},'spec':{'containers':null}},"
                    + "'selector':null},'status':{}}"));
  }
}
