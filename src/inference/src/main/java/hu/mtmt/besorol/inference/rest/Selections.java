package hu.mtmt.besorol.inference.rest;

import hu.mtmt.besorol.inference.Selection;

/** Reads the query parameters {@code limit}, {@code threshold} and {@code explain}. */
final class Selections {
  private static final int MAXIMUM_LIMIT = 1000;
  private static final int DEFAULT_LIMIT = 10;

  private Selections() {}

  /**
   * The decision if limit and threshold are null, otherwise a ranking.
   *
   * @throws io.quarkiverse.resteasy.problem.HttpProblem 400 if one is out of bounds
   */
  static Selection of(String limit, String threshold, String explain) {
    boolean reasons = explain != null && truth("explain", explain);
    return limit == null && threshold == null
        ? new Selection.Decision(reasons)
        : new Selection.Ranking(
            limit == null ? DEFAULT_LIMIT : number("limit", limit, 1, MAXIMUM_LIMIT),
            threshold == null ? 0 : share(threshold),
            reasons);
  }

  private static boolean truth(String name, String value) {
    return switch (value) {
      case "true", "" -> true;
      case "false" -> false;
      default -> throw Problems.badRequest("%s must be true or false.".formatted(name));
    };
  }

  /**
   * A whole number of the query.
   *
   * @throws io.quarkiverse.resteasy.problem.HttpProblem 400 if it is none or out of bounds
   */
  static int number(String name, String value, int minimum, int maximum) {
    try {
      var number = Integer.parseInt(value);
      if (number >= minimum && number <= maximum) {
        return number;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw Problems.badRequest(
        "%s must be a whole number from %d to %d.".formatted(name, minimum, maximum));
  }

  private static double share(String value) {
    try {
      var share = Double.parseDouble(value);
      if (share >= 0 && share <= 1) {
        return share;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw Problems.badRequest("threshold must be a number from 0 to 1.");
  }
}
