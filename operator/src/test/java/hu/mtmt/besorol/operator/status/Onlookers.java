package hu.mtmt.besorol.operator.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.StreamSupport;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.lib.jse.JsePlatform;

/** What those who look at a resource from outside think of it, each by its own rules. */
final class Onlookers {
  private static final Path HEALTH = Path.of("../kubernetes/argocd/health.lua");

  private Onlookers() {}

  /** The verdicts of kstatus. */
  enum Kstatus {
    IN_PROGRESS,
    FAILED,
    CURRENT,
    TERMINATING
  }

  /**
   * The verdict of kstatus, on which Flux builds, by its published rules: deletion, then the
   * generation, then the first of Reconciling and Stalled that is true, then Ready. Without any of
   * these a resource is current.
   */
  static Kstatus kstatus(JsonNode resource) {
    if (resource.at("/metadata").hasNonNull("deletionTimestamp")) {
      return Kstatus.TERMINATING;
    }
    var observed = resource.at("/status/observedGeneration");
    if (!observed.isMissingNode()
        && observed.longValue() != resource.at("/metadata/generation").longValue()) {
      return Kstatus.IN_PROGRESS;
    }
    var conditions = resource.at("/status/conditions");
    for (var condition : conditions) {
      if (isTrue(condition, "Reconciling")) {
        return Kstatus.IN_PROGRESS;
      }
      if (isTrue(condition, "Stalled")) {
        return Kstatus.FAILED;
      }
    }
    for (var condition : conditions) {
      if (condition.path("type").asText().equals("Ready")) {
        return isTrue(condition, "Ready") ? Kstatus.CURRENT : Kstatus.IN_PROGRESS;
      }
    }
    return Kstatus.CURRENT;
  }

  private static boolean isTrue(JsonNode condition, String type) {
    return condition.path("type").asText().equals(type)
        && condition.path("status").asText().equals("True");
  }

  /**
   * Whether {@code kubectl wait --for=condition=TYPE} comes back: the condition is true and is not
   * about an older generation.
   */
  static boolean waitReturns(JsonNode resource, String type) {
    var generation = resource.at("/metadata/generation").longValue();
    return StreamSupport.stream(resource.at("/status/conditions").spliterator(), false)
        .filter(c -> isTrue(c, type))
        .anyMatch(
            c ->
                c.path("observedGeneration")
                        .asLong(resource.at("/status/observedGeneration").asLong(generation))
                    >= generation);
  }

  /**
   * What the script says that Argo CD runs.
   *
   * @param status Healthy, Progressing, Degraded or Suspended
   */
  record Health(String status, String message) {}

  /** The health in Argo CD. */
  static Health health(JsonNode resource) throws IOException {
    var globals = JsePlatform.standardGlobals();
    globals.set("obj", lua(resource));
    var health = globals.load(Files.readString(HEALTH), "health.lua").call();
    return new Health(health.get("status").checkjstring(), health.get("message").checkjstring());
  }

  private static LuaValue lua(JsonNode value) {
    return switch (value.getNodeType()) {
      case OBJECT -> {
        var table = new LuaTable();
        ((ObjectNode) value).properties().forEach(e -> table.set(e.getKey(), lua(e.getValue())));
        yield table;
      }
      case ARRAY -> {
        var table = new LuaTable();
        for (int i = 0; i < value.size(); i++) {
          table.set(i + 1, lua(value.get(i)));
        }
        yield table;
      }
      case NUMBER -> LuaValue.valueOf(value.doubleValue());
      case BOOLEAN -> LuaValue.valueOf(value.booleanValue());
      case STRING -> LuaValue.valueOf(value.textValue());
      default -> LuaValue.NIL;
    };
  }
}
