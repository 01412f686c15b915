package hu.mtmt.besorol.local.apiserver;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;

/** Durations as kubectl shows them: two units at most, the finer one only while it matters. */
final class Ages {
  private Ages() {}

  /** How long ago a time is; {@code <unknown>} if it is none. */
  static String since(String time, Clock clock) {
    if (time.isEmpty()) {
      return "<unknown>";
    }
    try {
      return human(Duration.between(instant(time), clock.instant()));
    } catch (DateTimeParseException e) {
      return "<invalid>";
    }
  }

  static Instant instant(String time) {
    return OffsetDateTime.parse(time).toInstant();
  }

  static String human(Duration duration) {
    long seconds = duration.toSeconds();
    long minutes = seconds / 60;
    long hours = seconds / 3600;
    long days = hours / 24;
    if (seconds < -1) {
      return "<invalid>";
    } else if (seconds < 0) {
      return "0s";
    } else if (seconds < 120) {
      return seconds + "s";
    } else if (minutes < 10) {
      return two(minutes, "m", seconds % 60, "s");
    } else if (minutes < 180) {
      return minutes + "m";
    } else if (hours < 8) {
      return two(hours, "h", minutes % 60, "m");
    } else if (hours < 48) {
      return hours + "h";
    } else if (hours < 192) {
      return two(days, "d", hours % 24, "h");
    } else if (days < 730) {
      return days + "d";
    } else if (days < 2920) {
      return two(days / 365, "y", days % 365, "d");
    }
    return days / 365 + "y";
  }

  private static String two(long large, String largeUnit, long small, String smallUnit) {
    return large + largeUnit + (small == 0 ? "" : small + smallUnit);
  }
}
