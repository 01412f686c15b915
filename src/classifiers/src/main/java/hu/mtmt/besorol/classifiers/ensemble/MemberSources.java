package hu.mtmt.besorol.classifiers.ensemble;

import hu.mtmt.besorol.classifiers.Labels;
import hu.mtmt.besorol.classifiers.ModelPackage;
import hu.mtmt.besorol.classifiers.ModelStore;
import hu.mtmt.besorol.contract.AlgorithmParameters;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.EnsembleMember;
import hu.mtmt.besorol.contract.EnsembleParameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Where members come from; all that can be refused is refused before anything is trained. */
final class MemberSources {
  private MemberSources() {}

  /**
   * A member.
   *
   * @param parameters what it learnt or will learn with
   * @param earlier the package that it is taken from; null if it is trained
   */
  record Source(AlgorithmParameters parameters, ModelPackage earlier) {}

  /**
   * The members of an ensemble.
   *
   * @param members as they were asked for
   * @param store has the packages of earlier versions; or null
   * @throws BesorolException if a version is not there or tells other subjects apart
   */
  static List<Source> of(List<EnsembleMember> members, Labels labels, ModelStore store) {
    var sources = new ArrayList<Source>();
    for (var member : members) {
      sources.add(
          member.version() == null
              ? new Source(member.parameters(), null)
              : earlier(member.versionDigest(), labels, store));
    }
    return sources;
  }

  private static Source earlier(Digest version, Labels labels, ModelStore store) {
    var model =
        Optional.ofNullable(store)
            .flatMap(s -> s.open(version))
            .orElseThrow(
                () ->
                    BesorolException.plan(
                        "The ensemble's member %s is not %s: name a version of this model that was not pruned, or train an algorithm instead."
                            .formatted(
                                version,
                                store == null ? "there, as no store is given" : "in " + store)));
    var parameters = model.manifest().algorithm().parameters();
    if (parameters instanceof EnsembleParameters) {
      throw BesorolException.plan(
          "The ensemble's member %s is an ensemble itself: name the versions or algorithms of its members instead."
              .formatted(version));
    }
    checkSubjects(version, model.labels(), labels);
    return new Source(parameters, model);
  }

  private static void checkSubjects(Digest version, Labels earlier, Labels labels) {
    var was = earlier.target();
    var is = labels.target();
    if (!Objects.equals(was.level(), is.level())) {
      throw BesorolException.plan(
          "The ensemble's member %s tells subjects apart down to %s, this training down to %s: train it at the same level."
              .formatted(version, written(was.level()), written(is.level())));
    }
    if (!was.taxonomy().subjects().equals(is.taxonomy().subjects())) {
      throw BesorolException.plan(
          "The ensemble's member %s learnt another taxonomy than that of this training: train it again with this one."
              .formatted(version));
    }
    var before = earlier.ids();
    var now = labels.ids();
    for (int label = 0; label < Math.max(before.size(), now.size()); label++) {
      var old = label < before.size() ? before.get(label) : "none";
      var wanted = label < now.size() ? now.get(label) : "none";
      if (!old.equals(wanted)) {
        throw BesorolException.plan(
            "The ensemble's member %s tells other subjects apart: its subject number %d is %s, that of this training %s. Train it again with these documents; beside LabelMatch it must be able to answer subjects without documents too."
                .formatted(version, label + 1, old, wanted));
      }
    }
  }

  private static String written(Integer level) {
    return level == null ? "the deepest" : "level " + level;
  }
}
