package hu.mtmt.besorol.operator.event;

import hu.mtmt.besorol.api.ClassifierModelStatus;
import hu.mtmt.besorol.api.ClassifierModelStatus.ModelVersion;
import hu.mtmt.besorol.api.ClassifierModelStatus.Verdict;
import hu.mtmt.besorol.operator.status.ClassifierModelStatuses;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What happened to a model between two statuses. */
public final class ModelHappenings {
  private ModelHappenings() {}

  /** The events of the change from {@code before} to {@code after}. */
  public static List<Happening> between(ClassifierModelStatus before, ClassifierModelStatus after) {
    var happenings = new ArrayList<Happening>();
    var known =
        before.versions().stream()
            .collect(Collectors.toMap(ModelVersion::version, Function.identity()));
    after.versions().reversed().forEach(v -> happenings.addAll(of(v, known.get(v.version()))));
    var kept = after.versions().stream().map(ModelVersion::version).collect(Collectors.toSet());
    before.versions().stream()
        .filter(v -> !kept.contains(v.version()))
        .forEach(
            v ->
                happenings.add(
                    Happening.normal(
                        "VersionPruned",
                        "Version %s was removed from the store."
                            .formatted(ClassifierModelStatuses.abbreviated(v.version())))));
    Happening.readyChanged(before.conditions(), after.conditions()).ifPresent(happenings::add);
    return happenings;
  }

  private static List<Happening> of(ModelVersion v, ModelVersion before) {
    var happenings = new ArrayList<Happening>();
    var name = ClassifierModelStatuses.abbreviated(v.version());
    if (before == null) {
      happenings.add(
          Happening.normal(
              "VersionRecorded",
              "Version %s of run %s was recorded.".formatted(name, v.trainingRun())));
    }
    var verdict = before == null ? null : before.verdict();
    if (v.verdict() == verdict) {
      return happenings;
    }
    if (v.verdict() == Verdict.PASSED) {
      happenings.add(
          Happening.normal("VersionPassed", "Version %s passes every gate.".formatted(name)));
    } else if (v.verdict() == Verdict.REJECTED) {
      happenings.add(
          Happening.warning(
              "VersionRejected", "Version %s does not pass %s.".formatted(name, failed(v))));
    }
    return happenings;
  }

  private static String failed(ModelVersion v) {
    return v.gates().stream()
        .filter(g -> Objects.equals(g.passed(), false))
        .map(g -> "gate %s (%s, wanted %s)".formatted(g.name(), g.value(), g.wanted()))
        .collect(Collectors.joining(" and "));
  }
}
