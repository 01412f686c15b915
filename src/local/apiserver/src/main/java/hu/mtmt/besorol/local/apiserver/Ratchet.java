package hu.mtmt.besorol.local.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What was wrong before a change and was not touched by it stays allowed: otherwise a stricter
 * schema would keep controllers from writing the status of older objects.
 */
final class Ratchet {
  private static final Pattern STEP = Pattern.compile("([^.\\[\\]]+)|\\[(\\d+)\\]");

  private Ratchet() {}

  /** The errors whose values are new. */
  static List<FieldError> withoutUnchanged(
      List<FieldError> errors, JsonNode before, JsonNode after) {
    return errors.stream().filter(error -> isNew(error.field(), before, after)).toList();
  }

  private static boolean isNew(String path, JsonNode before, JsonNode after) {
    var step = STEP.matcher(path);
    var old = before;
    var young = after;
    while (step.find()) {
      boolean last = step.end() == path.length();
      var index = step.group(2);
      var nextOld = index == null ? old.path(step.group(1)) : old.path(Integer.parseInt(index));
      var nextYoung =
          index == null ? young.path(step.group(1)) : young.path(Integer.parseInt(index));
      if (last && nextYoung.isMissingNode()) {
        return !old.equals(young); // something required is missing: its parent counts
      }
      old = nextOld;
      young = nextYoung;
    }
    return !old.equals(young);
  }
}
