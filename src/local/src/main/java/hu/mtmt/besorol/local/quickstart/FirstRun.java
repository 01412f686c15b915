package hu.mtmt.besorol.local.quickstart;

import hu.mtmt.besorol.api.ClassifierModel;
import hu.mtmt.besorol.api.ClassifierModelStatus.ModelVersion;
import hu.mtmt.besorol.api.ClassifierModelStatus.Verdict;
import hu.mtmt.besorol.api.Conditions;
import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.FailureKind;
import hu.mtmt.besorol.local.BesorolInstallation;
import hu.mtmt.besorol.local.LocalCluster;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Predicate;

/** From two resources to a served version: applies them, shows what happens, and tells the end. */
final class FirstRun {
  /** So often the operator may end before it is given up. */
  private static final int OPERATOR_RESTARTS = 3;

  private final LocalCluster cluster;
  private final BesorolInstallation installation;
  private final String namespace;
  private final Screen screen;

  FirstRun(
      LocalCluster cluster, BesorolInstallation installation, String namespace, Screen screen) {
    this.cluster = cluster;
    this.installation = installation;
    this.namespace = namespace;
    this.screen = screen;
  }

  /**
   * How it ended.
   *
   * @param version what was trained
   * @param model the model with the version in its status
   */
  record Outcome(ModelVersion version, ClassifierModel model) {
    boolean serves() {
      return version.verdict() == Verdict.SERVING;
    }

    String url() {
      return model.getStatus().url();
    }
  }

  /**
   * Runs {@code input} to its end.
   *
   * @throws BesorolException with the sentence of the resource's condition if there is no version
   */
  Outcome run(QuickstartInput input) {
    submit(input);
    var run =
        await(
            TrainingRun.class,
            input.run().getMetadata().getName(),
            r -> {
              screen.progress(r);
              return hasEnded(r);
            });
    failIfStalled(run.getStatus().conditions(), failureKind(run));
    var version = run.getStatus().result().version();
    var model =
        await(
            ClassifierModel.class,
            input.model().getMetadata().getName(),
            m -> isDecided(m, version));
    var decided = version(model, version).orElseThrow();
    if (decided.verdict() != Verdict.REJECTED) {
      failIfStalled(model.getStatus().conditions(), FailureKind.PLAN_INVALID);
    }
    return new Outcome(decided, model);
  }

  /** Puts the data into its volume and applies the manifests. */
  void submit(QuickstartInput input) {
    fillVolume(input);
    input.objects().forEach(this::apply);
  }

  /** Links, not copies: the files may be large. */
  private void fillVolume(QuickstartInput input) {
    var directory = cluster.volumes().of(namespace, input.dataClaim());
    try {
      Files.createDirectories(directory);
      for (var file : input.files().entrySet()) {
        var link = directory.resolve(file.getKey());
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, file.getValue());
      }
    } catch (IOException e) {
      throw BesorolException.machine(
          "The data cannot be put into %s: %s".formatted(directory, e.getMessage()), e);
    }
  }

  private void apply(HasMetadata object) {
    client()
        .resource(object)
        .inNamespace(namespace)
        .fieldManager(BesorolInstallation.MANAGER)
        .forceConflicts()
        .serverSideApply();
  }

  private KubernetesClient client() {
    return cluster.client();
  }

  /** Waits for as long as the operator works. */
  private <T extends HasMetadata> T await(Class<T> type, String name, Predicate<T> wanted) {
    var arrived =
        client()
            .resources(type)
            .inNamespace(namespace)
            .withName(name)
            .informOnCondition(all -> all.stream().anyMatch(wanted));
    var broken =
        client()
            .pods()
            .inNamespace(installation.namespace())
            .informOnCondition(pods -> pods.stream().anyMatch(FirstRun::hasGivenUp));
    try {
      CompletableFuture.anyOf(arrived, broken).join();
      if (!arrived.isDone()) {
        throw operatorFailed(broken.join());
      }
      return arrived.join().getFirst();
    } catch (CompletionException e) {
      throw BesorolException.machine("The local cluster failed: " + e.getCause(), e);
    } finally {
      arrived.cancel(true);
      broken.cancel(true);
    }
  }

  private static boolean hasGivenUp(Pod pod) {
    return pod.getStatus() != null
        && pod.getStatus().getContainerStatuses().stream()
            .anyMatch(c -> c.getRestartCount() >= OPERATOR_RESTARTS);
  }

  private BesorolException operatorFailed(List<Pod> pods) {
    var name = pods.getFirst().getMetadata().getName();
    return new BesorolException(
        FailureKind.PROGRAM_FAILED,
        "The operator ends again and again; the end of its output:\n"
            + cluster.logs().tail(installation.namespace(), name, "operator", 20));
  }

  private static boolean hasEnded(TrainingRun run) {
    return run.getStatus() != null
        && (isTrue(run.getStatus().conditions(), Conditions.Type.STALLED)
            || isTrue(run.getStatus().conditions(), Conditions.Type.FAILED)
            || run.getStatus().result() != null
                && isTrue(run.getStatus().conditions(), Conditions.Type.COMPLETE));
  }

  private static boolean isDecided(ClassifierModel model, String version) {
    if (model.getStatus() == null) {
      return false;
    }
    var conditions = model.getStatus().conditions();
    return version(model, version)
        .filter(v -> v.verdict() != Verdict.JUDGING)
        .filter(
            v ->
                v.verdict() == Verdict.REJECTED
                    || isTrue(conditions, Conditions.Type.READY)
                    || isTrue(conditions, Conditions.Type.STALLED))
        .isPresent();
  }

  private static Optional<ModelVersion> version(ClassifierModel model, String version) {
    return model.getStatus().versions().stream()
        .filter(v -> v.version().equals(version))
        .findFirst();
  }

  private static void failIfStalled(List<Condition> conditions, FailureKind kind) {
    for (var type : List.of(Conditions.Type.FAILED, Conditions.Type.STALLED)) {
      if (isTrue(conditions, type)) {
        throw new BesorolException(kind, find(conditions, type).orElseThrow().getMessage());
      }
    }
  }

  private static FailureKind failureKind(TrainingRun run) {
    var reason =
        run.getStatus().lastFailure() == null ? "" : run.getStatus().lastFailure().reason();
    return Arrays.stream(FailureKind.values())
        .filter(k -> k.written().equals(reason))
        .findFirst()
        .orElse(FailureKind.PROGRAM_FAILED);
  }

  private static boolean isTrue(List<Condition> conditions, Conditions.Type type) {
    return find(conditions, type).filter(c -> Objects.equals(c.getStatus(), "True")).isPresent();
  }

  private static Optional<Condition> find(List<Condition> conditions, Conditions.Type type) {
    return conditions.stream().filter(c -> c.getType().equals(type.written())).findFirst();
  }
}
