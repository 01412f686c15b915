package hu.mtmt.besorol.operator.desired;

import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.FailureKind;
import hu.mtmt.besorol.contract.JobPlan;
import hu.mtmt.besorol.operator.config.OperatorConfig;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Job and the ConfigMap with its plan. They are created once and never changed: what a pod does
 * was decided when the Job was created.
 *
 * @param plan holds {@code plan.json}
 * @param job mounts it
 * @param service by which pods of the Job that work together find each other
 */
public record PlannedJob(ConfigMap plan, Job job, Optional<Service> service) {
  /** The ConfigMap's only key. */
  public static final String PLAN_FILE = Path.of(JobPlan.PATH).getFileName().toString();

  private static final String PLAN_VOLUME = "plan";

  /**
   * Environment variable of a Job's pod: hosts from which it may read, separated by commas; a pod
   * without it reads from none.
   */
  public static final String ALLOWED_HOSTS = "BESOROL_ALLOWED_HOSTS";

  /** What distinguishes one Job from another. */
  record Settings(
      HasMetadata owner,
      String name,
      Map<String, String> labels,
      Map<String, String> annotations,
      JobPlan plan,
      PodVolumes volumes,
      ResourceRequirements resources,
      Map<String, String> nodeLabels,
      List<Toleration> tolerations,
      int backoffLimit,
      Long activeDeadlineSeconds,
      Integer ttlSecondsAfterFinished,
      boolean suspend) {}

  static PlannedJob of(Settings settings, OperatorConfig config) {
    return new PlannedJob(planOf(settings), jobOf(settings, config), Optional.empty());
  }

  private static ConfigMap planOf(Settings settings) {
    return new ConfigMapBuilder()
        .withMetadata(
            Metadata.ownedBy(settings.owner(), settings.name())
                .withLabels(settings.labels())
                .build())
        .withImmutable(true)
        .addToData(
            PLAN_FILE, new String(ContractJson.write(settings.plan()), StandardCharsets.UTF_8))
        .build();
  }

  private static Job jobOf(Settings settings, OperatorConfig config) {
    var container =
        Pods.container(config, config.images().trainer(), settings.resources(), settings.volumes())
            .withArgs("job")
            .addNewVolumeMount()
            .withName(PLAN_VOLUME)
            .withMountPath(Path.of(JobPlan.PATH).getParent().toString())
            .withReadOnly(true)
            .endVolumeMount();
    config
        .allowedHosts()
        .ifPresent(
            hosts ->
                container
                    .addNewEnv()
                    .withName(ALLOWED_HOSTS)
                    .withValue(String.join(",", hosts))
                    .endEnv());
    var pod =
        Pods.pod(config, container.build(), settings.volumes())
            .addNewVolume()
            .withName(PLAN_VOLUME)
            .withNewConfigMap()
            .withName(settings.name())
            .endConfigMap()
            .endVolume()
            .withRestartPolicy("Never")
            .withPriorityClassName(config.pods().priorityClasses().jobs().orElse(null))
            .withNodeSelector(settings.nodeLabels().isEmpty() ? null : settings.nodeLabels())
            .withTolerations(settings.tolerations())
            .build();
    return new JobBuilder()
        .withMetadata(
            Metadata.ownedBy(settings.owner(), settings.name())
                .withLabels(settings.labels())
                .withAnnotations(settings.annotations())
                .build())
        .withNewSpec()
        .withSuspend(settings.suspend())
        .withBackoffLimit(settings.backoffLimit())
        .withActiveDeadlineSeconds(settings.activeDeadlineSeconds())
        .withTtlSecondsAfterFinished(settings.ttlSecondsAfterFinished())
        // A pod is replaced when it has ended, not while it still writes its checkpoint.
        .withPodReplacementPolicy("Failed")
        .withNewPodFailurePolicy()
        .addNewRule()
        .withAction("FailJob")
        .withNewOnExitCodes()
        .withContainerName(Pods.CONTAINER)
        .withOperator("In")
        .withValues(
            FailureKind.PLAN_INVALID.exitCode(),
            FailureKind.DATA_INVALID.exitCode(),
            FailureKind.DEVICE_MEMORY_EXHAUSTED.exitCode())
        .endOnExitCodes()
        .endRule()
        // Asked to stop and stopped properly: not a failure, whoever asked.
        .addNewRule()
        .withAction("Ignore")
        .withNewOnExitCodes()
        .withContainerName(Pods.CONTAINER)
        .withOperator("In")
        .withValues(FailureKind.INTERRUPTED.exitCode())
        .endOnExitCodes()
        .endRule()
        .addNewRule()
        .withAction("Ignore")
        .addNewOnPodCondition()
        .withType("DisruptionTarget")
        .withStatus("True")
        .endOnPodCondition()
        .endRule()
        .endPodFailurePolicy()
        .withNewTemplate()
        .withNewMetadata()
        .withLabels(settings.labels())
        .endMetadata()
        .withSpec(pod)
        .endTemplate()
        .endSpec()
        .build();
  }
}
