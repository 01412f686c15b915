package hu.mtmt.besorol.local.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** {@code kubectl logs}. */
final class Logs {
  private final Resources resources;
  private final LogSource source;

  Logs(Resources resources, LogSource source) {
    this.resources = resources;
    this.source = source;
  }

  Response answer(Request request, Target target) {
    if (!request.method().equals("GET")) {
      throw Failure.methodNotAllowed();
    }
    var pod = resources.get(new Target(target.kind(), target.namespace(), target.name(), ""));
    var query =
        new LogSource.Query(
            target.namespace(),
            target.name(),
            container(request.parameter("container"), target.name(), pod),
            request.flag("follow"),
            request.flag("previous"),
            request.number("tailLines", -1),
            request.number("sinceSeconds", -1),
            request.flag("timestamps"),
            request.number("limitBytes", -1));
    if (query.follow()) {
      return new Response.Stream("text/plain", out -> source.stream(query, out));
    }
    var log = new ByteArrayOutputStream();
    try {
      source.stream(query, log);
    } catch (LogSource.NoLogException e) {
      throw Failure.badRequest(e.getMessage());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failure.badRequest("the server is closing");
    }
    return new Response.Text(log.toString(java.nio.charset.StandardCharsets.UTF_8));
  }

  private static String container(String asked, String name, JsonNode pod) {
    var containers = new ArrayList<String>();
    for (var list : List.of("containers", "initContainers")) {
      pod.path("spec").path(list).forEach(c -> containers.add(c.path("name").asText()));
    }
    if (asked.isEmpty() && pod.path("spec").path("containers").size() == 1) {
      return containers.getFirst();
    }
    if (asked.isEmpty()) {
      throw Failure.badRequest(
          "a container name must be specified for pod " + name + ", choose one of: " + containers);
    }
    if (!containers.contains(asked)) {
      throw Failure.badRequest("container " + asked + " is not valid for pod " + name);
    }
    return asked;
  }
}
