package hu.mtmt.besorol.classifiers.bonsai;

import hu.mtmt.besorol.classifiers.Checkpoints;
import hu.mtmt.besorol.classifiers.ClassifierFamily;
import hu.mtmt.besorol.classifiers.ModelFiles;
import hu.mtmt.besorol.classifiers.Scorer;
import hu.mtmt.besorol.classifiers.TrainingContext;
import hu.mtmt.besorol.classifiers.TrainingSet;
import hu.mtmt.besorol.classifiers.linear.LaneSolver;
import hu.mtmt.besorol.classifiers.text.Centroids;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.BonsaiParameters;
import hu.mtmt.besorol.contract.BonsaiParameters.Partition;
import hu.mtmt.besorol.contract.LinearParameters;
import hu.mtmt.besorol.contract.Progress.Stage;
import java.io.IOException;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * The family {@code Bonsai}: trees of labels with linear classifiers in their nodes (Prabhu et al.
 * 2018, "Parabel"; Khandagale, Xiao and Babbar 2020, "Bonsai: diverse and shallow trees for extreme
 * multi-label classification").
 */
public final class BonsaiFamily implements ClassifierFamily<BonsaiParameters> {
  /** Entries of a label's centroid by which it is clustered. */
  private static final int CLUSTERED_BY = 500;

  @Override
  public void train(
      BonsaiParameters parameters, TrainingSet set, TrainingContext context, ModelFiles files) {
    if (parameters.loss() == LinearParameters.Loss.CRAMMER_SINGER) {
      throw BesorolException.plan(
          "Bonsai does not learn with the loss CrammerSinger: take SquaredHinge, Logistic or"
              + " PassiveAggressive.");
    }
    var vectors = set.vectors(parameters.features());
    int labels = set.labels().size();
    var documentsByLabel = vectors.documentsByLabel(labels);
    var present = IntStream.range(0, labels).filter(l -> documentsByLabel[l].length > 0).toArray();
    context.listener().at(Stage.TRAINING, 0, null, null);
    IntFunction<LabelTree> trees;
    int count;
    if (parameters.partition() == Partition.TAXONOMY) {
      var tree = TaxonomyTree.of(set.labels(), present);
      trees = t -> tree;
      count = 1;
    } else {
      var centroids =
          Centroids.of(vectors, labels, CLUSTERED_BY, context.threads(), context.cancelled());
      trees =
          t ->
              LabelClusters.tree(
                  centroids,
                  vectors.features(),
                  present,
                  parameters,
                  context.seed() + ((long) t << Integer.SIZE),
                  context.threads(),
                  context.cancelled());
      count = parameters.trees();
    }
    var checkpoints = Checkpoints.open(context, parameters, vectors.checksum(), LaneSolver.LANES);
    var linear =
        new LinearParameters(
            parameters.loss(),
            parameters.cost(),
            parameters.tolerance(),
            parameters.maximumEpochs(),
            parameters.features());
    var training = new TreeTraining(linear, vectors, documentsByLabel, context);
    try {
      files.write(parameters.features(), vectors.vocabulary());
      for (int t = 0; t < count; t++) {
        int number = t;
        var tree = trees.apply(t);
        refuseWideNodes(tree);
        var nodes =
            training.train(
                tree,
                t,
                checkpoints,
                share ->
                    context.listener().at(Stage.TRAINING, (number + share) / count, null, null));
        TreeFile.write(files.path(TreeFile.name(t)), vectors.features(), labels, nodes);
      }
    } catch (IOException e) {
      throw files.unwritable(e);
    }
  }

  private static void refuseWideNodes(LabelTree tree) {
    for (var outputs : tree.outputs()) {
      if (outputs.length > PackedNode.MAXIMUM_OUTPUTS) {
        throw BesorolException.plan(
            "A node of the tree would choose among %d subjects or groups of subjects, but %d are possible: with partition Clusters raise maximumDepth or branching, or lower leafSize; with partition Taxonomy take Clusters."
                .formatted(outputs.length, PackedNode.MAXIMUM_OUTPUTS));
      }
    }
  }

  @Override
  public Scorer load(BonsaiParameters parameters, ModelFiles files) {
    try {
      var space = files.features(parameters.features());
      int count = parameters.partition() == Partition.TAXONOMY ? 1 : parameters.trees();
      var trees = new TreeFile[count];
      for (int t = 0; t < count; t++) {
        var name = TreeFile.name(t);
        trees[t] = TreeFile.map(files.path(name));
        if (trees[t].labels() != files.labels().size()) {
          throw new IOException(
              "%s has %d subjects, the package %d"
                  .formatted(name, trees[t].labels(), files.labels().size()));
        }
        if (trees[t].features() != space.size()) {
          throw new IOException(
              "the vocabulary has %d features, %s %d"
                  .formatted(space.size(), name, trees[t].features()));
        }
      }
      return new BonsaiScorer(space, trees, files.labels().size(), parameters.beam());
    } catch (IOException e) {
      throw files.unreadable(e);
    }
  }
}
