package hu.mtmt.besorol.local.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import hu.mtmt.besorol.local.apiserver.Tables.Column;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** The columns of the built-in kinds, as those of Kubernetes. */
final class BuiltInColumns {
  private static final String NONE = "<none>";
  private static final String UNSET = "<unset>";

  private final Clock clock;

  BuiltInColumns(Clock clock) {
    this.clock = clock;
  }

  List<Column> of(ResourceKind kind) {
    var columns = new ArrayList<Column>();
    columns.add(Column.ofName());
    switch (kind.qualifiedName()) {
      case "pods" -> pods(columns);
      case "deployments.apps" -> deployments(columns);
      case "replicasets.apps" -> replicaSets(columns);
      case "jobs.batch" -> jobs(columns);
      case "services" -> services(columns);
      case "namespaces" -> {
        columns.add(at("Status", "/status/phase"));
        columns.add(age());
      }
      case "configmaps" -> {
        columns.add(
            Column.number(
                "Data", "string", o -> (long) o.path("data").size() + o.path("binaryData").size()));
        columns.add(age());
      }
      case "secrets" -> {
        columns.add(at("Type", "/type"));
        columns.add(Column.number("Data", "string", o -> (long) o.path("data").size()));
        columns.add(age());
      }
      case "persistentvolumeclaims" -> claims(columns);
      case "leases.coordination.k8s.io" -> {
        columns.add(at("Holder", "/spec/holderIdentity"));
        columns.add(age());
      }
      case "events", "events.events.k8s.io" -> events(columns);
      case "nodes" -> nodes(columns);
      case "poddisruptionbudgets.policy" -> budgets(columns);
      case "networkpolicies.networking.k8s.io" -> {
        columns.add(
            Column.text("Pod-Selector", 0, o -> selector(o.at("/spec/podSelector/matchLabels"))));
        columns.add(age());
      }
      case "customresourcedefinitions.apiextensions.k8s.io",
          "roles.rbac.authorization.k8s.io",
          "clusterroles.rbac.authorization.k8s.io" ->
          columns.add(
              new Column(
                  "Created At",
                  "date",
                  "",
                  "",
                  0,
                  o -> TextNode.valueOf(Json.textAt(o, "metadata", "creationTimestamp"))));
      default -> columns.add(age());
    }
    return columns;
  }

  Column age() {
    return Column.text("Age", 0, o -> since(Json.textAt(o, "metadata", "creationTimestamp")));
  }

  private String since(String time) {
    return Ages.since(time, clock);
  }

  private static Column at(String name, String pointer) {
    return Column.text(name, 0, o -> o.at(pointer).asText(""));
  }

  private static Column wide(String name, String pointer) {
    return Column.text(name, 1, o -> orNone(o.at(pointer).asText("")));
  }

  private static String orNone(String text) {
    return text.isEmpty() ? NONE : text;
  }

  private static String join(JsonNode list, String field) {
    return StreamSupport.stream(list.spliterator(), false)
        .map(item -> item.path(field).asText())
        .collect(Collectors.joining(","));
  }

  /** Containers, images and selector of a workload. */
  private static void template(List<Column> columns) {
    columns.add(
        Column.text("Containers", 1, o -> join(o.at("/spec/template/spec/containers"), "name")));
    columns.add(
        Column.text("Images", 1, o -> join(o.at("/spec/template/spec/containers"), "image")));
    columns.add(Column.text("Selector", 1, o -> selector(o.at("/spec/selector/matchLabels"))));
  }

  private static String selector(JsonNode labels) {
    return orNone(
        labels.properties().stream()
            .map(label -> label.getKey() + "=" + label.getValue().asText())
            .sorted()
            .collect(Collectors.joining(",")));
  }

  private void pods(List<Column> columns) {
    columns.add(
        Column.text(
            "Ready",
            0,
            o -> {
              long ready = 0;
              for (var container : o.at("/status/containerStatuses")) {
                ready += container.path("ready").asBoolean() ? 1 : 0;
              }
              return ready + "/" + o.at("/spec/containers").size();
            }));
    columns.add(Column.text("Status", 0, BuiltInColumns::podStatus));
    columns.add(Column.text("Restarts", 0, this::restarts));
    columns.add(age());
    columns.add(wide("IP", "/status/podIP"));
    columns.add(wide("Node", "/spec/nodeName"));
    columns.add(wide("Nominated Node", "/status/nominatedNodeName"));
    columns.add(
        Column.text(
            "Readiness Gates",
            1,
            o -> orNone(join(o.at("/spec/readinessGates"), "conditionType"))));
  }

  private static String podStatus(ObjectNode pod) {
    var status = pod.path("status");
    var reason = status.path("reason").asText(status.path("phase").asText(""));
    for (var container : status.path("containerStatuses")) {
      var state = container.path("state");
      var waiting = Json.textAt(state, "waiting", "reason");
      var ended = state.path("terminated");
      if (!waiting.isEmpty()) {
        reason = waiting;
      } else if (!ended.path("reason").asText("").isEmpty()) {
        reason = ended.path("reason").asText();
      } else if (ended.isObject()) {
        long signal = ended.path("signal").asLong(0);
        reason = signal != 0 ? "Signal:" + signal : "ExitCode:" + ended.path("exitCode").asLong();
      }
    }
    return pod.path("metadata").has("deletionTimestamp") ? "Terminating" : reason;
  }

  private String restarts(ObjectNode pod) {
    long restarts = 0;
    var last = "";
    for (var container : pod.at("/status/containerStatuses")) {
      restarts += container.path("restartCount").asLong(0);
      var ended = Json.textAt(container, "lastState", "terminated", "finishedAt");
      last = ended.compareTo(last) > 0 ? ended : last;
    }
    return restarts > 0 && !last.isEmpty()
        ? restarts + " (" + since(last) + " ago)"
        : Long.toString(restarts);
  }

  private void deployments(List<Column> columns) {
    columns.add(
        Column.text(
            "Ready",
            0,
            o -> o.at("/status/readyReplicas").asLong(0) + "/" + o.at("/spec/replicas").asLong(0)));
    columns.add(
        Column.number("Up-to-date", "string", o -> o.at("/status/updatedReplicas").asLong(0)));
    columns.add(
        Column.number("Available", "string", o -> o.at("/status/availableReplicas").asLong(0)));
    columns.add(age());
    template(columns);
  }

  private void replicaSets(List<Column> columns) {
    columns.add(Column.number("Desired", o -> o.at("/spec/replicas").asLong(0)));
    columns.add(Column.number("Current", o -> o.at("/status/replicas").asLong(0)));
    columns.add(Column.number("Ready", o -> o.at("/status/readyReplicas").asLong(0)));
    columns.add(age());
    template(columns);
  }

  private void jobs(List<Column> columns) {
    columns.add(Column.text("Status", 0, BuiltInColumns::jobStatus));
    columns.add(
        Column.text(
            "Completions",
            0,
            o -> {
              var done = o.at("/status/succeeded").asLong(0);
              var wanted = o.at("/spec/completions");
              long parallel = o.at("/spec/parallelism").asLong(0);
              return wanted.isNumber()
                  ? done + "/" + wanted.asLong()
                  : done + (parallel > 1 ? "/1 of " + parallel : "/1");
            }));
    columns.add(
        Column.text(
            "Duration",
            0,
            o -> {
              var start = o.at("/status/startTime").asText("");
              var end = o.at("/status/completionTime").asText("");
              if (start.isEmpty()) {
                return "";
              }
              return end.isEmpty()
                  ? since(start)
                  : Ages.human(Duration.between(Ages.instant(start), Ages.instant(end)));
            }));
    columns.add(age());
    template(columns);
  }

  private static String jobStatus(ObjectNode job) {
    for (var type : List.of("Complete", "Failed")) {
      if (hasCondition(job, type)) {
        return type;
      }
    }
    if (job.path("metadata").has("deletionTimestamp")) {
      return "Terminating";
    }
    for (var type : List.of("Suspended", "FailureTarget", "SuccessCriteriaMet")) {
      if (hasCondition(job, type)) {
        return type;
      }
    }
    return "Running";
  }

  private static boolean hasCondition(ObjectNode object, String type) {
    for (var condition : object.at("/status/conditions")) {
      if (condition.path("type").asText().equals(type)) {
        return condition.path("status").asText().equals("True");
      }
    }
    return false;
  }

  private void services(List<Column> columns) {
    columns.add(at("Type", "/spec/type"));
    columns.add(Column.text("Cluster-IP", 0, o -> orNone(o.at("/spec/clusterIP").asText(""))));
    columns.add(
        Column.text(
            "External-IP",
            0,
            o ->
                o.at("/spec/type").asText().equals("ExternalName")
                    ? o.at("/spec/externalName").asText()
                    : NONE));
    columns.add(
        Column.text(
            "Port(s)",
            0,
            o -> {
              var ports = new ArrayList<String>();
              for (var port : o.at("/spec/ports")) {
                var node = port.path("nodePort").asLong(0);
                ports.add(
                    port.path("port").asText()
                        + (node == 0 ? "" : ":" + node)
                        + "/"
                        + port.path("protocol").asText());
              }
              return orNone(String.join(",", ports));
            }));
    columns.add(age());
    columns.add(Column.text("Selector", 1, o -> selector(o.at("/spec/selector"))));
  }

  private void claims(List<Column> columns) {
    columns.add(
        Column.text(
            "Status",
            0,
            o ->
                o.path("metadata").has("deletionTimestamp")
                    ? "Terminating"
                    : o.at("/status/phase").asText("")));
    columns.add(at("Volume", "/spec/volumeName"));
    columns.add(
        Column.text(
            "Capacity",
            0,
            o ->
                o.at("/spec/volumeName").asText("").isEmpty()
                    ? ""
                    : o.at("/status/capacity/storage").asText("")));
    columns.add(
        Column.text(
            "Access Modes",
            0,
            o ->
                o.at("/spec/volumeName").asText("").isEmpty()
                    ? ""
                    : Json.strings(o.at("/status/accessModes")).stream()
                        .map(mode -> mode.replaceAll("[a-z]", ""))
                        .collect(Collectors.joining(","))));
    columns.add(at("StorageClass", "/spec/storageClassName"));
    columns.add(
        Column.text(
            "VolumeAttributesClass",
            0,
            o -> {
              var name = o.at("/spec/volumeAttributesClassName").asText("");
              return name.isEmpty() ? UNSET : name;
            }));
    columns.add(age());
    columns.add(Column.text("VolumeMode", 1, o -> o.at("/spec/volumeMode").asText(UNSET)));
  }

  private void events(List<Column> columns) {
    columns.clear();
    columns.add(Column.text("Last Seen", 0, o -> since(lastSeen(o))));
    columns.add(at("Type", "/type"));
    columns.add(at("Reason", "/reason"));
    columns.add(
        Column.text(
            "Object",
            0,
            o -> {
              var about = o.has("regarding") ? o.path("regarding") : o.path("involvedObject");
              return about.path("kind").asText("").toLowerCase(Locale.ROOT)
                  + "/"
                  + about.path("name").asText("");
            }));
    columns.add(wide("Subobject", "/involvedObject/fieldPath"));
    columns.add(
        Column.text(
            "Source",
            1,
            o ->
                first(
                    o.at("/source/component"),
                    o.path("reportingComponent"),
                    o.path("reportingController"))));
    columns.add(Column.text("Message", 0, o -> first(o.path("message"), o.path("note")).strip()));
    columns.add(Column.text("First Seen", 1, o -> since(firstSeen(o))));
    columns.add(
        new Column(
            "Count",
            "string",
            "",
            "",
            1,
            o ->
                LongNode.valueOf(
                    Math.max(
                        1, Math.max(o.at("/series/count").asLong(0), o.path("count").asLong(0))))));
    columns.add(
        new Column(
            "Name",
            "string",
            "name",
            "",
            1,
            o -> TextNode.valueOf(Json.textAt(o, "metadata", "name"))));
  }

  private static String first(JsonNode... candidates) {
    for (var candidate : candidates) {
      if (!candidate.asText("").isEmpty()) {
        return candidate.asText();
      }
    }
    return "";
  }

  private static String lastSeen(ObjectNode event) {
    return first(
        event.at("/series/lastObservedTime"),
        event.path("lastTimestamp"),
        event.path("deprecatedLastTimestamp"),
        event.path("eventTime"),
        event.at("/metadata/creationTimestamp"));
  }

  private static String firstSeen(ObjectNode event) {
    return first(
        event.path("firstTimestamp"),
        event.path("deprecatedFirstTimestamp"),
        event.path("eventTime"),
        event.at("/metadata/creationTimestamp"));
  }

  private void nodes(List<Column> columns) {
    columns.add(Column.text("Status", 0, o -> hasCondition(o, "Ready") ? "Ready" : "NotReady"));
    columns.add(Column.text("Roles", 0, o -> NONE));
    columns.add(age());
    columns.add(at("Version", "/status/nodeInfo/kubeletVersion"));
  }

  private void budgets(List<Column> columns) {
    columns.add(Column.text("Min Available", 0, o -> o.at("/spec/minAvailable").asText("N/A")));
    columns.add(Column.text("Max Unavailable", 0, o -> o.at("/spec/maxUnavailable").asText("N/A")));
    columns.add(
        Column.number("Allowed Disruptions", o -> o.at("/status/disruptionsAllowed").asLong(0)));
    columns.add(age());
  }
}
