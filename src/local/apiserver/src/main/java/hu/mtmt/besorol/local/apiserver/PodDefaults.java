package hu.mtmt.besorol.local.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** What kube-apiserver fills into the spec of a pod or of a pod template. */
final class PodDefaults {
  /** Octal 0644. */
  private static final long FILE_MODE = 420;

  private PodDefaults() {}

  static void apply(ObjectNode spec) {
    Json.setDefault(spec, "restartPolicy", "Always");
    Json.setDefault(spec, "terminationGracePeriodSeconds", 30);
    Json.setDefault(spec, "dnsPolicy", "ClusterFirst");
    Json.setDefault(spec, "schedulerName", "default-scheduler");
    Json.ensure(spec, "securityContext");
    if (spec.has("serviceAccountName")) {
      Json.setDefault(spec, "serviceAccount", spec.path("serviceAccountName").asText());
    }
    boolean hostNetwork = spec.path("hostNetwork").asBoolean();
    for (var list : List.of("initContainers", "containers")) {
      for (var container : spec.path(list)) {
        if (container instanceof ObjectNode object) {
          container(object, hostNetwork);
        }
      }
    }
    for (var volume : spec.path("volumes")) {
      if (volume instanceof ObjectNode object) {
        volume(object);
      }
    }
  }

  private static void container(ObjectNode container, boolean hostNetwork) {
    var image = container.path("image").asText("");
    var tag = image.substring(image.lastIndexOf('/') + 1);
    boolean newest = !tag.contains("@") && (!tag.contains(":") || tag.endsWith(":latest"));
    Json.setDefault(container, "imagePullPolicy", newest ? "Always" : "IfNotPresent");
    Json.setDefault(container, "terminationMessagePath", "/dev/termination-log");
    Json.setDefault(container, "terminationMessagePolicy", "File");
    Json.ensure(container, "resources");
    for (var port : container.path("ports")) {
      if (port instanceof ObjectNode object) {
        Json.setDefault(object, "protocol", "TCP");
        if (hostNetwork) {
          Json.setDefault(object, "hostPort", object.path("containerPort").asLong());
        }
      }
    }
    for (var variable : container.path("env")) {
      Json.objectAt(variable, "valueFrom", "fieldRef")
          .ifPresent(reference -> Json.setDefault(reference, "apiVersion", "v1"));
    }
    for (var probe : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
      Json.objectAt(container, probe).ifPresent(PodDefaults::probe);
    }
    for (var hook : List.of("postStart", "preStop")) {
      Json.objectAt(container, "lifecycle", hook).ifPresent(PodDefaults::httpGet);
    }
  }

  private static void probe(ObjectNode probe) {
    Json.setDefault(probe, "timeoutSeconds", 1);
    Json.setDefault(probe, "periodSeconds", 10);
    Json.setDefault(probe, "successThreshold", 1);
    Json.setDefault(probe, "failureThreshold", 3);
    httpGet(probe);
    Json.objectAt(probe, "grpc").ifPresent(grpc -> Json.setDefault(grpc, "service", ""));
  }

  private static void httpGet(ObjectNode handler) {
    Json.objectAt(handler, "httpGet")
        .ifPresent(
            get -> {
              Json.setDefault(get, "path", "/");
              Json.setDefault(get, "scheme", "HTTP");
            });
  }

  private static void volume(ObjectNode volume) {
    if (volume.size() <= 1) {
      volume.putObject("emptyDir");
    }
    for (var source : List.of("configMap", "secret", "downwardAPI", "projected")) {
      Json.objectAt(volume, source).ifPresent(s -> Json.setDefault(s, "defaultMode", FILE_MODE));
    }
    Json.objectAt(volume, "hostPath").ifPresent(path -> Json.setDefault(path, "type", ""));
    for (var item : itemsOf(volume)) {
      Json.objectAt(item, "fieldRef").ifPresent(ref -> Json.setDefault(ref, "apiVersion", "v1"));
    }
    for (var source : Json.at(volume, "projected", "sources")) {
      Json.objectAt(source, "serviceAccountToken")
          .ifPresent(token -> Json.setDefault(token, "expirationSeconds", 3600));
    }
  }

  private static JsonNode itemsOf(JsonNode volume) {
    return Json.at(volume, "downwardAPI", "items");
  }

  /** What only a pod itself gets, not a template. */
  static void applyToPod(ObjectNode pod) {
    var spec = Json.ensure(pod, "spec");
    apply(spec);
    Json.setDefault(spec, "enableServiceLinks", true);
    for (var list : List.of("initContainers", "containers")) {
      for (var container : spec.path(list)) {
        requestsFromLimits(container);
      }
    }
  }

  private static void requestsFromLimits(JsonNode container) {
    Json.objectAt(container, "resources", "limits")
        .filter(limits -> !limits.isEmpty())
        .ifPresent(
            limits -> {
              var requests = Json.ensure((ObjectNode) container, "resources", "requests");
              limits
                  .properties()
                  .forEach(
                      limit -> {
                        if (!requests.has(limit.getKey())) {
                          requests.set(limit.getKey(), limit.getValue());
                        }
                      });
            });
  }

  /** What admission adds to a new pod: it stays five minutes on a node that does not answer. */
  static void admit(ObjectNode pod) {
    var spec = Json.ensure(pod, "spec");
    Json.setDefault(spec, "preemptionPolicy", "PreemptLowerPriority");
    Json.setDefault(spec, "priority", 0);
    for (var key : List.of("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable")) {
      boolean tolerated = false;
      for (var toleration : spec.path("tolerations")) {
        var effect = toleration.path("effect").asText("");
        var tolerates = toleration.path("key").asText("");
        tolerated |=
            (tolerates.isEmpty() || tolerates.equals(key))
                && (effect.isEmpty() || effect.equals("NoExecute"));
      }
      if (!tolerated) {
        spec.withArrayProperty("tolerations")
            .addObject()
            .put("key", key)
            .put("operator", "Exists")
            .put("effect", "NoExecute")
            .put("tolerationSeconds", 300L);
      }
    }
  }

  /** Guaranteed, Burstable or BestEffort, by requests and limits of memory and CPU. */
  static String qualityOfService(JsonNode spec) {
    boolean any = false;
    boolean guaranteed = true;
    for (var list : List.of("initContainers", "containers")) {
      for (var container : spec.path(list)) {
        var resources = container.path("resources");
        for (var resource : List.of("cpu", "memory")) {
          var limit = Json.textAt(resources, "limits", resource);
          var request = Json.textAt(resources, "requests", resource);
          any |= !limit.isEmpty() || !request.isEmpty();
          guaranteed &= !limit.isEmpty() && (request.isEmpty() || request.equals(limit));
        }
      }
    }
    return !any ? "BestEffort" : guaranteed ? "Guaranteed" : "Burstable";
  }
}
