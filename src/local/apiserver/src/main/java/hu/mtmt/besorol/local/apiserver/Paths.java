package hu.mtmt.besorol.local.apiserver;

/** Places in an object, as messages name them: {@code spec.gates[0].name}. */
final class Paths {
  private Paths() {}

  static String field(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  static String item(String path, int index) {
    return path + "[" + index + "]";
  }

  /** An entry of a map. */
  static String key(String path, String name) {
    return path + "[" + name + "]";
  }
}
