package hu.mtmt.besorol.local.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import hu.mtmt.besorol.testkit.KubernetesBinaries;
import hu.mtmt.besorol.testkit.RealApiServer;
import hu.mtmt.besorol.testkit.RealApiServerTest;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.yaml.snakeyaml.Yaml;

/**
 * The same requests to the local server and to a real one: what differs is listed here, with why.
 */
@RealApiServerTest
class ContractIT {
  @RegisterExtension final ServerExtension api = new ServerExtension();

  private Exchange.Conversation real;
  private Exchange.Conversation local;

  /**
   * A difference that is meant to be.
   *
   * @param exchange which requests, as a regular expression
   * @param pointer which places, as a regular expression
   */
  private record Known(String exchange, String pointer, String why) {
    boolean covers(Difference difference) {
      return difference.exchange().matches(exchange) && difference.pointer().matches(pointer);
    }
  }

  private static final List<Known> KNOWN =
      List.of(
          new Known("versions", "/serverAddressByClientCIDRs.*", "there is one address only"),
          new Known(
              "unknown group|unknown path",
              "",
              "the real one answers with plain text, where clients make up a Status"),
          new Known(
              "create with a resourceVersion",
              "code|/code|/reason",
              "the real one takes it for a fault of its own; clients would try again"),
          new Known(
              "apply an unknown field strictly",
              "code|/code|/reason|/message",
              "the real one takes it for a fault of its own; clients would try again"),
          new Known(
              "a body that is not JSON|a body of another kind|(a value|pod) (of the|with a) wrong"
                  + " type|.*strict.* with an unknown field|unknown field of a run, strict",
              "/message|/details/causes/0/message",
              "the real one shows what its decoder says"),
          new Known(
              "list by a bad selector|a bad continue|update with another uid|patch of an unknown"
                  + " type|definition with a rule that does not compile",
              "/message|/details.*",
              "the real one shows internals"),
          new Known(
              "json patch (whose test fails|of a missing path)",
              "/message",
              "the real one does not say what is wrong"),
          new Known(
              "change of a pod that is not allowed|job with another template",
              "/message|/details/causes/0/message",
              "the real one prints the whole object"),
          new Known(
              "pod with an unknown restart policy",
              "/message|/details/causes/0/message",
              "another order: the published schemas sort the values"),
          new Known(
              "status that is wrong",
              "/message|/details/causes/./message",
              "the real one checks the status alone and leaves its name out in the text"),
          new Known(
              ".*pods?.*|status is not changed beside the status",
              ".*/(f:)?lastProbeTime",
              "a null that is always there"),
          new Known(
              ".*event.*|the (newer|older) as the (newer|older)",
              ".*/(deprecated)?(eventTime|firstTimestamp|lastTimestamp|FirstTimestamp|LastTimestamp)"
                  + "|.*/reporting(Component|Instance)",
              "nulls and empty texts that are always there"),
          new Known(
              "after the change of scale|table of deployments",
              ".*/managedFields/1/time",
              "the real one forgets when the scale was changed"),
          new Known(
              ".*claims?",
              ".*/metadata/finalizers",
              "nothing here would remove the finalizer that keeps a claim while pods use it"),
          new Known(".*runs", "/metadata/continue", "an empty text that is always there"),
          new Known(
              "(table|columns) of .*",
              "/columnDefinitions/./description",
              "kubectl does not show the descriptions of columns"),
          new Known(
              "columns of nodes",
              "/columnDefinitions/[5-9]",
              "what -o wide shows of a machine; the one node here is this machine"),
          new Known("columns of (definitions|roles)", "/rows", "a null instead of an empty list"));

  private static final List<Known> KNOWN_OF_MANIFESTS =
      List.of(
          new Known(
              ".*\"/spec/algorithm/linear/maximumEpochs\":1.5.*",
              "/message|/details/causes/.*",
              "the real one says it twice, in its own types"),
          new Known(
              ".*\"/kind\":.*|.*\"/apiVersion\":.*",
              "warning|code|/code|/reason|/message|/details",
              "here nothing is checked before the kind is right"));

  @BeforeEach
  void connect(RealApiServer server) {
    real = new Exchange.Conversation(server.client());
    local = new Exchange.Conversation(api.client());
  }

  private static JsonNode resource(String name) throws IOException {
    try (var in = ContractIT.class.getResourceAsStream("/contract/" + name)) {
      return Json.MAPPER.valueToTree(new Yaml().load(in)); // unlike Jackson it follows anchors
    }
  }

  private List<Difference> send(Exchange exchange) {
    return Difference.between(exchange.name(), real.send(exchange), local.send(exchange));
  }

  @Test
  void answersAsARealServer() throws IOException {
    var differences = new ArrayList<Difference>();
    for (var written : resource("requests.yaml")) {
      differences.addAll(send(Exchange.read(written)));
    }
    assertOnlyKnown(differences, KNOWN);
  }

  private static void assertOnlyKnown(List<Difference> differences, List<Known> known) {
    var unknown =
        differences.stream().filter(d -> known.stream().noneMatch(k -> k.covers(d))).toList();
    assertThat(unknown).as("differences that are not listed").isEmpty();
    var stale = known.stream().filter(k -> differences.stream().noneMatch(k::covers)).toList();
    assertThat(stale).as("listed differences that are none any more").isEmpty();
  }

  @Test
  void judgesManifestsAsARealServer() throws IOException {
    var manifests = resource("manifests.yaml");
    var differences = new ArrayList<Difference>();
    var refusals = new ArrayList<String>();
    int number = 0;
    for (var written : manifests.path("cases")) {
      var manifest =
          (ObjectNode) manifests.path("bases").path(written.path("of").asText()).deepCopy();
      written
          .path("set")
          .properties()
          .forEach(change -> set(manifest, change.getKey(), change.getValue()));
      var exchange =
          new Exchange(
              ++number + " " + Json.text(written),
              "POST /apis/besorol.mtmt.hu/v1alpha1/namespaces/default/"
                  + (written.path("of").asText().equals("run")
                      ? "trainingruns"
                      : "classifiermodels")
                  + "?dryRun=All&fieldManager=user",
              "application/json",
              "application/json",
              Json.text(manifest));
      var answer = real.send(exchange);
      refusals.add(answer.body().path("message").asText());
      differences.addAll(Difference.between(exchange.name(), answer, local.send(exchange)));
    }
    assertOnlyKnown(differences, KNOWN_OF_MANIFESTS);
    assertThat(ruleMessages())
        .as("every rule of crds/ is broken by a manifest")
        .allSatisfy(message -> assertThat(refusals).anyMatch(r -> r.contains(message)));
  }

  /** Sets the value at the pointer, or removes it if it is null. */
  private static void set(ObjectNode root, String pointer, JsonNode value) {
    int slash = pointer.lastIndexOf('/');
    var parent = (ObjectNode) root.at(pointer.substring(0, slash));
    if (value.isNull()) {
      parent.remove(pointer.substring(slash + 1));
    } else {
      parent.set(pointer.substring(slash + 1), value);
    }
  }

  private static List<JsonNode> definitions() throws IOException {
    var definitions = new ArrayList<JsonNode>();
    try (var files = Files.list(KubernetesBinaries.repository().resolve("crds"))) {
      for (var file : files.filter(f -> f.toString().endsWith("-v1.yml")).toList()) {
        definitions.add(new YAMLMapper().readTree(file.toFile()));
      }
    }
    return definitions;
  }

  private static Set<String> ruleMessages() throws IOException {
    var messages = new TreeSet<String>();
    for (var definition : definitions()) {
      for (var rules : definition.findValues("x-kubernetes-validations")) {
        for (var rule : rules) {
          if (!rule.path("rule").asText().contains("oldSelf")) {
            messages.add(rule.path("message").asText());
          }
        }
      }
    }
    return new LinkedHashSet<>(messages);
  }
}
