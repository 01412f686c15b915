package hu.mtmt.besorol.classifiers.bonsai;

import hu.mtmt.besorol.classifiers.Checkpoints;
import hu.mtmt.besorol.classifiers.ClassifierFamily;
import hu.mtmt.besorol.classifiers.Labels;
import hu.mtmt.besorol.classifiers.ModelFiles;
import hu.mtmt.besorol.classifiers.Scorer;
import hu.mtmt.besorol.classifiers.TrainingContext;
import hu.mtmt.besorol.classifiers.TrainingSet;
import hu.mtmt.besorol.classifiers.linear.LaneSolver;
import hu.mtmt.besorol.classifiers.text.Centroids;
import hu.mtmt.besorol.classifiers.text.DocumentVectors;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.BonsaiParameters;
import hu.mtmt.besorol.contract.BonsaiParameters.Partition;
import hu.mtmt.besorol.contract.LinearParameters;
import hu.mtmt.besorol.contract.Progress.Stage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The family {@code Bonsai}: trees of labels with linear classifiers in their nodes (Prabhu et al.
 * 2018, "Parabel"; Khandagale, Xiao and Babbar 2020, "Bonsai: diverse and shallow trees for extreme
 * multi-label classification").
 */
public final class BonsaiFamily implements ClassifierFamily<BonsaiParameters> {
  /** Entries of a label's centroid by which it is clustered. */
  private static final int CLUSTERED_BY = 500;

  private static final int LEAF_SIZE = 200;

  /** Subjects times documents up to which a tree is one node, if no leaf size is given. */
  private static final long UNDIVIDED = 10_000_000;

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
    var trees = trees(parameters, set.labels(), vectors, present, context);
    trees.forEach(BonsaiFamily::refuseWideNodes);
    var checkpoints = Checkpoints.open(context, parameters, vectors.checksum(), LaneSolver.LANES);
    var linear =
        new LinearParameters(
            parameters.loss(),
            parameters.cost(),
            parameters.tolerance(),
            parameters.maximumEpochs(),
            parameters.features());
    var training = new TreeTraining(linear, vectors, documentsByLabel, context);
    var trained = new ArrayList<PackedNode[]>();
    for (int t = 0; t < trees.size(); t++) {
      int before = t;
      trained.add(
          training.train(
              trees.get(t),
              t,
              checkpoints,
              share ->
                  context
                      .listener()
                      .at(Stage.TRAINING, (before + share) / trees.size(), null, null)));
    }
    if (!context.team().leads()) {
      return;
    }
    try {
      files.write(parameters.features(), vectors.vocabulary());
      TreesFile.write(files.path(TreesFile.NAME), vectors.features(), labels, trained);
    } catch (IOException e) {
      throw files.unwritable(e);
    }
  }

  /** The shapes of the trees; one only where others would be the same. */
  private static List<LabelTree> trees(
      BonsaiParameters parameters,
      Labels labels,
      DocumentVectors vectors,
      int[] present,
      TrainingContext context) {
    if (parameters.partition() == Partition.TAXONOMY) {
      return List.of(TaxonomyTree.of(labels, present));
    }
    int leafSize = leafSize(parameters, present.length, vectors.size());
    if (present.length <= leafSize || parameters.maximumDepth() == 1) {
      return List.of(LabelTree.of(LabelTree.branchOf(Arrays.stream(present))));
    }
    var centroids =
        Centroids.of(vectors, labels.size(), CLUSTERED_BY, context.threads(), context.cancelled());
    return IntStream.range(0, parameters.trees())
        .mapToObj(
            t ->
                LabelClusters.tree(
                    centroids,
                    vectors.features(),
                    present,
                    parameters,
                    leafSize,
                    context.seed() + ((long) t << Integer.SIZE),
                    context.threads(),
                    context.cancelled()))
        .toList();
  }

  /** Dividing saves time and costs quality: it is not worth it where little is to be learnt. */
  private static int leafSize(BonsaiParameters parameters, int labels, int documents) {
    if (parameters.leafSize() != null) {
      return parameters.leafSize();
    }
    return (long) labels * documents <= UNDIVIDED ? labels : LEAF_SIZE;
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
      var trees = TreesFile.map(files.path(TreesFile.NAME));
      files.requireFitting(TreesFile.NAME, trees.labels(), trees.features(), space);
      return new BonsaiScorer(space, trees, files.labels().size(), parameters.beam());
    } catch (IOException e) {
      throw files.unreadable(e);
    }
  }
}
