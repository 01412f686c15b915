package hu.mtmt.besorol.classifiers.ensemble;

import hu.mtmt.besorol.classifiers.ClassifierFamily;
import hu.mtmt.besorol.classifiers.ModelFiles;
import hu.mtmt.besorol.classifiers.Scorer;
import hu.mtmt.besorol.classifiers.TrainingContext;
import hu.mtmt.besorol.classifiers.TrainingSet;
import hu.mtmt.besorol.contract.Algorithm;
import hu.mtmt.besorol.contract.AlgorithmParameters;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.EnsembleParameters;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** The family {@code Ensemble}: members whose scores become one. */
public final class EnsembleFamily implements ClassifierFamily<EnsembleParameters> {
  /** What was learnt beside the members. */
  private static final String FILE = "combination.bin";

  /** In the directory of a member: what it learnt with. */
  private static final String ALGORITHM = "algorithm.json";

  private static final long MAGIC = 0x42455345_4E533031L; // "BESENS01"

  @Override
  public void train(
      EnsembleParameters parameters, TrainingSet set, TrainingContext context, ModelFiles files) {
    var sources =
        MemberSources.of(parameters.membersFor(set.size()), set.labels(), context.store());
    try {
      new EnsembleTraining(parameters, sources, set, context, files).train();
    } catch (IOException e) {
      throw files.unwritable(e);
    }
  }

  /** Writes what was learnt beside the members. */
  static void write(Mixture mixture, Combination combination, ModelFiles files) throws IOException {
    try (var out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(files.path(FILE))))) {
      out.writeLong(MAGIC);
      mixture.write(out);
      combination.write(out);
    }
  }

  /** Notes what a member learnt with: the ensemble's own parameters need not say it. */
  static void note(AlgorithmParameters parameters, int member, ModelFiles files)
      throws IOException {
    Files.write(
        files.path(Members.directory(member)).resolve(ALGORITHM),
        ContractJson.write(Algorithm.of(parameters)));
  }

  @Override
  public Scorer load(EnsembleParameters parameters, ModelFiles files) {
    try (var in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(files.path(FILE))))) {
      var members = parametersOfMembers(files.directory());
      if (in.readLong() != MAGIC) {
        throw new IOException(FILE + " is not of this format");
      }
      var mixture = Mixture.read(in);
      if (mixture.members() != members.size()) {
        throw new IOException(
            "%s has %d members instead of %d".formatted(FILE, mixture.members(), members.size()));
      }
      var labels = files.labels();
      var combination =
          switch (parameters.combination()) {
            case MEAN -> new MeanCombination();
            case STACKED -> StackedCombination.read(in, labels, members.size());
            case NEURAL -> NeuralCombination.read(in, labels.size(), members.size());
          };
      return new EnsembleScorer(
          members, Members.load(members, files), mixture, combination, labels.size());
    } catch (IOException e) {
      throw files.unreadable(e);
    }
  }

  /**
   * The directories of the members of a package, in order, by what explanations call them; none if
   * it is no ensemble.
   */
  public static SequencedMap<String, Path> members(Path directory) throws IOException {
    var names = MemberNames.of(parametersOfMembers(directory));
    var members = new LinkedHashMap<String, Path>();
    for (int m = 0; m < names.size(); m++) {
      members.put(names.get(m), directory.resolve(Members.directory(m)));
    }
    return members;
  }

  private static List<AlgorithmParameters> parametersOfMembers(Path directory) throws IOException {
    var members = new ArrayList<AlgorithmParameters>();
    for (Path of; Files.isDirectory(of = directory.resolve(Members.directory(members.size()))); ) {
      var file = of.resolve(ALGORITHM);
      members.add(
          ContractJson.readPart(Files.readAllBytes(file), Algorithm.class, file.toString())
              .parameters());
    }
    return members;
  }
}
