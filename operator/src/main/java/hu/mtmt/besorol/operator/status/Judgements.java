package hu.mtmt.besorol.operator.status;

import hu.mtmt.besorol.api.ClassifierModelSpec;
import hu.mtmt.besorol.api.JudgementStatus;
import hu.mtmt.besorol.api.JudgementStatus.ComparisonStatus;
import hu.mtmt.besorol.api.JudgementStatus.Figure;
import hu.mtmt.besorol.contract.Comparison;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.Grades;
import hu.mtmt.besorol.contract.Judgement;
import hu.mtmt.besorol.contract.Metric;
import hu.mtmt.besorol.evaluation.gates.Gates;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Judgements as text in a status, and back. Figures keep all their digits: gates compare what was
 * measured, not what is printed.
 */
public final class Judgements {
  private Judgements() {}

  /** What figures rest on. */
  private record Basis(Digest holdout, Digest taxonomy, Integer level, Grades grades) {
    String digest() {
      return Digest.of(ContractJson.writeLine(this)).value();
    }
  }

  /** What figures of the model must rest on now. */
  public static String basis(ClassifierModelSpec spec) {
    return new Basis(
            new Digest(spec.holdout().digest()),
            new Digest(spec.taxonomy().digest()),
            spec.taxonomy().level(),
            spec.grades())
        .digest();
  }

  /** A judgement as text. */
  public static JudgementStatus toStatus(Judgement judgement) {
    return new JudgementStatus(
        new Basis(judgement.holdout(), judgement.taxonomy(), judgement.level(), judgement.grades())
            .digest(),
        judgement.figures().entrySet().stream()
            .map(e -> new Figure(e.getKey(), e.getValue().toString()))
            .toList(),
        judgement.comparisons().stream().map(Judgements::toStatus).toList());
  }

  private static ComparisonStatus toStatus(Comparison c) {
    return new ComparisonStatus(
        c.metric(),
        c.baseline().value(),
        c.confidence(),
        text(c.difference()),
        text(c.lower()),
        text(c.upper()),
        c.documents(),
        c.obstacle());
  }

  /**
   * Both together: the newer one, and the comparisons of the older one that the newer does not
   * have. If they rest on different things the newer one replaces the older.
   */
  public static JudgementStatus merge(JudgementStatus older, JudgementStatus newer) {
    if (older == null || !newer.basis().equals(older.basis())) {
      return newer;
    }
    var comparisons = new ArrayList<>(newer.comparisons());
    var known = newer.comparisons().stream().map(c -> comparison(c).request()).toList();
    older.comparisons().stream()
        .filter(c -> !known.contains(comparison(c).request()))
        .forEach(comparisons::add);
    return new JudgementStatus(newer.basis(), newer.figures(), comparisons);
  }

  /** The figures as numbers. */
  public static Map<Metric, Double> figures(JudgementStatus judgement) {
    var figures = new EnumMap<Metric, Double>(Metric.class);
    judgement.figures().forEach(f -> figures.put(f.name(), Double.valueOf(f.value())));
    return figures;
  }

  /** The comparisons as numbers. */
  public static List<Comparison> comparisons(JudgementStatus judgement) {
    return judgement.comparisons().stream().map(Judgements::comparison).toList();
  }

  private static Comparison comparison(ComparisonStatus c) {
    return new Comparison(
        c.metric(),
        new Digest(c.baseline()),
        c.confidence(),
        number(c.difference()),
        number(c.lower()),
        number(c.upper()),
        c.documents(),
        c.obstacle());
  }

  /** A figure for people, or null if it was not measured. */
  public static String print(JudgementStatus judgement, Metric metric) {
    if (judgement == null) {
      return null;
    }
    var value = figures(judgement).get(metric);
    return value == null ? null : Gates.print(metric, value);
  }

  private static String text(Double value) {
    return value == null ? null : value.toString();
  }

  private static Double number(String text) {
    return text == null ? null : Double.valueOf(text);
  }
}
