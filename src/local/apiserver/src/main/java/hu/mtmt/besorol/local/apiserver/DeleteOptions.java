package hu.mtmt.besorol.local.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.OptionalLong;

/**
 * How something is deleted.
 *
 * @param graceSeconds empty: what the object says
 * @param propagation Background, Foreground, Orphan, or "" for the default
 * @param uid precondition; "" for none
 * @param resourceVersion precondition; "" for none
 */
record DeleteOptions(
    OptionalLong graceSeconds,
    String propagation,
    String uid,
    String resourceVersion,
    boolean dryRun) {
  /** For the object of this uid only. */
  static DeleteOptions of(String propagation, String uid) {
    return new DeleteOptions(OptionalLong.empty(), propagation, uid, "", false);
  }

  /** From the body and the query, where the body counts more. */
  static DeleteOptions of(Request request) {
    JsonNode body = request.body().length == 0 ? Json.object() : Bodies.read(request).object();
    var grace = body.path("gracePeriodSeconds");
    long asked = grace.isNumber() ? grace.asLong() : request.number("gracePeriodSeconds", -1);
    var policy = body.path("propagationPolicy").asText(request.parameter("propagationPolicy"));
    if (body.path("orphanDependents").asBoolean(false)) {
      policy = "Orphan";
    }
    if (!List.of("", "Background", "Foreground", "Orphan").contains(policy)) {
      throw Failure.badRequest(
          "propagationPolicy: \""
              + policy
              + "\" is not supported: write Background, Foreground or Orphan");
    }
    return new DeleteOptions(
        asked < 0 ? OptionalLong.empty() : OptionalLong.of(asked),
        policy,
        Json.textAt(body, "preconditions", "uid"),
        Json.textAt(body, "preconditions", "resourceVersion"),
        request.dryRun() || !body.path("dryRun").isEmpty());
  }
}
