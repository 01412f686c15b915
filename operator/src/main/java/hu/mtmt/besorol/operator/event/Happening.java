package hu.mtmt.besorol.operator.event;

/**
 * Something that is worth an event.
 *
 * @param warning whether a person should look at it
 * @param reason one word in CamelCase
 * @param message a sentence
 */
public record Happening(boolean warning, String reason, String message) {
  static Happening normal(String reason, String message) {
    return new Happening(false, reason, message);
  }

  static Happening warning(String reason, String message) {
    return new Happening(true, reason, message);
  }
}
