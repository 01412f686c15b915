package hu.mtmt.besorol.trainer.commands;

import hu.mtmt.besorol.contract.BesorolException;
import java.math.BigDecimal;

/** The option {@code --confidence}. */
final class Confidence {
  private Confidence() {}

  /** Refuses what is no confidence. */
  static void check(String option) {
    if (!option.matches("0[.][5-9][0-9]{0,5}")) {
      throw BesorolException.plan(
          "--confidence must be from 0.5 to below 1, such as 0.95, not %s.".formatted(option));
    }
  }

  /** As a number of percent, such as 95 for 0.95. */
  static String percent(String confidence) {
    return new BigDecimal(confidence).movePointRight(2).stripTrailingZeros().toPlainString();
  }
}
