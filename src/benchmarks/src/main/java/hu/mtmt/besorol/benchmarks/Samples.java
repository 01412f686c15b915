package hu.mtmt.besorol.benchmarks;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** What a program tells Prometheus, in the text format. */
record Samples(List<Sample> all) {
  private static final Pattern LINE =
      Pattern.compile("(?<name>[\\w:]+)(?:\\{(?<labels>.*)})? (?<value>\\S+)");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");

  /** A value under a name and labels. */
  record Sample(String name, Map<String, String> labels, double value) {
    /** The value of that label, or nothing. */
    String label(String key) {
      return labels.getOrDefault(key, "");
    }
  }

  static Samples parse(String text) {
    return new Samples(
        text.lines()
            .filter(l -> !l.startsWith("#"))
            .map(LINE::matcher)
            .filter(m -> m.lookingAt())
            .map(
                m ->
                    new Sample(
                        m.group("name"), labels(m.group("labels")), number(m.group("value"))))
            .toList());
  }

  private static double number(String text) {
    return switch (text) {
      case "+Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }

  private static Map<String, String> labels(String text) {
    var labels = new HashMap<String, String>();
    if (text != null) {
      LABEL.matcher(text).results().forEach(r -> labels.put(r.group(1), r.group(2)));
    }
    return labels;
  }

  /** The sum of that name over all labels. */
  double sum(String name) {
    return sum(s -> s.name().equals(name));
  }

  /** The sum of those samples. */
  double sum(Predicate<Sample> which) {
    return all.stream().filter(which).mapToDouble(Sample::value).sum();
  }
}
