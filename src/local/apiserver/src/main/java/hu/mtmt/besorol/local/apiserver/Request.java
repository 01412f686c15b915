package hu.mtmt.besorol.local.apiserver;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A request, read whole.
 *
 * @param path its segments, decoded
 * @param query the first value of each parameter, decoded
 * @param contentType without parameters; "" if none was sent
 */
record Request(
    String method,
    List<String> path,
    Map<String, String> query,
    String contentType,
    String accept,
    String userAgent,
    byte[] body) {

  /** The parameter, or "". */
  String parameter(String name) {
    return query.getOrDefault(name, "");
  }

  boolean flag(String name) {
    var value = parameter(name);
    return value.equals("true") || value.equals("1");
  }

  /**
   * A whole number.
   *
   * @param otherwise what it is if the parameter is absent
   */
  long number(String name, long otherwise) {
    var value = parameter(name);
    if (value.isEmpty()) {
      return otherwise;
    }
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw Failure.badRequest(name + " must be a whole number, not \"" + value + "\"");
    }
  }

  boolean dryRun() {
    var value = parameter("dryRun");
    if (!value.isEmpty() && !value.equals("All")) {
      throw Failure.badRequest("dryRun: \"" + value + "\" is not supported: write All");
    }
    return !value.isEmpty();
  }

  /** Who writes: the name that was given, or the program's. */
  String fieldManager() {
    var name = parameter("fieldManager");
    if (name.length() > 128) {
      throw Failure.badRequest("fieldManager: Too long: may not be more than 128 bytes");
    }
    return name.isEmpty() ? userAgent.split("/", 2)[0] : name;
  }

  /** Whether an answer in JSON (or as text, for logs) can be read. */
  boolean takesJson() {
    return accept.isEmpty() || Stream.of("json", "*/*", "text/").anyMatch(accept::contains);
  }

  boolean wantsTable() {
    return accept.contains("as=Table");
  }
}
