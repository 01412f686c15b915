package hu.mtmt.besorol.operator.event;

import hu.mtmt.besorol.api.ClassifierModelStatus;
import hu.mtmt.besorol.api.ClassifierModelStatus.CanaryStatus;
import hu.mtmt.besorol.api.ClassifierModelStatus.ModelVersion;
import hu.mtmt.besorol.api.ClassifierModelStatus.Verdict;
import hu.mtmt.besorol.operator.status.ClassifierModelStatuses;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
    step(before.canary(), after.canary()).ifPresent(happenings::add);
    Happening.readyChanged(before.conditions(), after.conditions()).ifPresent(happenings::add);
    return happenings;
  }

  private static Optional<Happening> step(CanaryStatus before, CanaryStatus after) {
    return after == null || before != null && before.step().equals(after.step())
        ? Optional.empty()
        : Optional.of(
            Happening.normal(
                "CanaryStep",
                "Version %s is at step %d of its canary."
                    .formatted(
                        ClassifierModelStatuses.abbreviated(after.version()), after.step())));
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
    if (v.verdict() == Verdict.PASSED && v.verdict() != verdict) {
      happenings.add(
          Happening.normal("VersionPassed", "Version %s passes every gate.".formatted(name)));
    } else if (v.verdict() == Verdict.REJECTED && v.verdict() != verdict) {
      happenings.add(
          Happening.warning(
              "VersionRejected",
              "Version %s does not pass %s.".formatted(name, ClassifierModelStatuses.why(v))));
    }
    if (v.forced() != null && (before == null || !v.forced().equals(before.forced()))) {
      happenings.add(
          Happening.warning(
              "VersionForced",
              "Version %s is to serve though it has not passed %s: %s"
                  .formatted(
                      name,
                      v.withdrawn() == null
                          ? ClassifierModelStatuses.describe(v.forced().gates())
                          : "its canary",
                      v.forced().reason())));
    }
    return happenings;
  }
}
