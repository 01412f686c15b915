package hu.mtmt.besorol.operator.desired;

import hu.mtmt.besorol.operator.config.OperatorConfig;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;

/**
 * What all pods have in common: no root, nothing writable but {@code /tmp} and the volumes, no
 * capabilities, no credentials of the API server.
 */
final class Pods {
  /** Name of the one container. */
  static final String CONTAINER = "besorol";

  /** Name of the port that progress and answers are served on. */
  static final String HTTP = "http";

  static final int PORT = 8080;

  /** Environment variable of a pod: the directory of packages that were fetched from a bucket. */
  private static final String CACHE = "BESOROL_CACHE";

  private static final String TMP = "tmp";

  private Pods() {}

  /** Requests and, of memory, limits. */
  static ResourceRequirements resources(String cpu, String memory) {
    return new ResourceRequirementsBuilder()
        .addToRequests("cpu", new Quantity(cpu))
        .addToRequests("memory", new Quantity(memory))
        .addToLimits("memory", new Quantity(memory))
        .build();
  }

  static ResourceRequirements resources(OperatorConfig.Resources resources) {
    return resources(resources.cpu(), resources.memory());
  }

  /** A container with what all have in common. */
  static ContainerBuilder container(
      OperatorConfig config, String image, ResourceRequirements resources, PodVolumes volumes) {
    var container =
        new ContainerBuilder()
            .withName(CONTAINER)
            .withImage(image)
            .withImagePullPolicy(config.images().pullPolicy())
            .withResources(resources)
            .addNewPort()
            .withName(HTTP)
            .withContainerPort(PORT)
            .withProtocol("TCP")
            .endPort()
            .withNewSecurityContext()
            .withAllowPrivilegeEscalation(false)
            .withReadOnlyRootFilesystem(true)
            .withNewCapabilities()
            .addToDrop("ALL")
            .endCapabilities()
            .endSecurityContext()
            .addAllToVolumeMounts(volumes.mounts())
            .addNewVolumeMount()
            .withName(TMP)
            .withMountPath("/tmp")
            .endVolumeMount();
    if (volumes.mounts().stream().anyMatch(m -> m.getMountPath().equals(PodVolumes.CACHE))) {
      container.addNewEnv().withName(CACHE).withValue(PodVolumes.CACHE).endEnv();
    }
    return container;
  }

  /** A pod of that container with what all have in common. */
  static PodSpecBuilder pod(OperatorConfig config, Container container, PodVolumes volumes) {
    var spec =
        new PodSpecBuilder()
            .withContainers(container)
            .addAllToVolumes(volumes.volumes())
            .addNewVolume()
            .withName(TMP)
            .withNewEmptyDir()
            .endEmptyDir()
            .endVolume()
            .withAutomountServiceAccountToken(false)
            .withEnableServiceLinks(false)
            .withTerminationGracePeriodSeconds(30L)
            .withNewSecurityContext()
            .withRunAsNonRoot(true)
            .withNewSeccompProfile()
            .withType("RuntimeDefault")
            .endSeccompProfile()
            .endSecurityContext();
    config
        .pods()
        .fsGroup()
        .ifPresent(
            group ->
                spec.editSecurityContext()
                    .withFsGroup(group)
                    .withFsGroupChangePolicy("OnRootMismatch")
                    .endSecurityContext());
    return spec;
  }
}
