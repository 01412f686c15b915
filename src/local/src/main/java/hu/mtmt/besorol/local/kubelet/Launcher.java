package hu.mtmt.besorol.local.kubelet;

import hu.mtmt.besorol.contract.ContainerPaths;
import hu.mtmt.besorol.local.controller.VolumeDirectories;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Starts containers as processes of this machine. */
final class Launcher {
  /** What a process inherits of the environment of this one. */
  private static final List<String> INHERITED =
      List.of("PATH", "HOME", "JAVA_HOME", "LANG", "TMPDIR");

  private static final Pattern REFERENCE = Pattern.compile("\\$\\(([A-Za-z_][A-Za-z0-9_]*)\\)");

  private final KubernetesClient client;
  private final Map<String, ContainerImage> images;
  private final VolumeDirectories claims;

  Launcher(KubernetesClient client, Map<String, ContainerImage> images, VolumeDirectories claims) {
    this.client = client;
    this.images = Map.copyOf(images);
    this.claims = claims;
  }

  /**
   * Starts a container.
   *
   * @throws LaunchException if it cannot be started as things are; that may change
   */
  Process start(Pod pod, Container container, Sandbox sandbox, int restarts)
      throws LaunchException {
    var image = images.get(container.getImage());
    if (image == null) {
      throw new LaunchException(
          "ErrImagePull",
          "no command of this machine stands for the image %s: it knows %s"
              .formatted(container.getImage(), new TreeMap<>(images).keySet()));
    }
    try {
      sandbox.prepare(pod, container, client, claims);
      var root = sandbox.root(container.getName());
      var environment = environment(pod, container, image, root);
      var command = new ArrayList<String>();
      command.addAll(
          container.getCommand().isEmpty() ? image.entrypoint() : container.getCommand());
      command.addAll(container.getArgs());
      command.replaceAll(word -> expand(word, environment));
      var builder =
          new ProcessBuilder(command)
              .directory(workingDirectory(container, root).toFile())
              .redirectErrorStream(true)
              .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
              .redirectOutput(sandbox.log(container.getName(), restarts).toFile());
      builder.environment().keySet().retainAll(INHERITED);
      builder.environment().putAll(environment);
      var process = builder.start();
      ProcessNote.of(process).write(sandbox.process(container.getName()));
      return process;
    } catch (IOException e) {
      throw new LaunchException("RunContainerError", e.toString());
    }
  }

  private static Path workingDirectory(Container container, Path root) throws IOException {
    return container.getWorkingDir() == null
        ? root
        : Files.createDirectories(
            root.resolve(Path.of("/").relativize(Path.of(container.getWorkingDir()))));
  }

  private Map<String, String> environment(
      Pod pod, Container container, ContainerImage image, Path root) throws LaunchException {
    var all = new TreeMap<>(image.environment());
    all.put("HOSTNAME", pod.getMetadata().getName());
    all.put(ContainerPaths.VARIABLE, root.toString());
    for (EnvVar variable : container.getEnv()) {
      var value =
          variable.getValueFrom() == null
              ? expand(variable.getValue() == null ? "" : variable.getValue(), all)
              : value(pod, variable.getName(), variable.getValueFrom());
      all.put(variable.getName(), value);
    }
    return all;
  }

  private String value(Pod pod, String name, EnvVarSource source) throws LaunchException {
    if (source.getFieldRef() != null) {
      switch (source.getFieldRef().getFieldPath()) {
        case "metadata.name" -> {
          return pod.getMetadata().getName();
        }
        case "metadata.namespace" -> {
          return pod.getMetadata().getNamespace();
        }
        case "metadata.uid" -> {
          return pod.getMetadata().getUid();
        }
        case "spec.nodeName" -> {
          return pod.getSpec().getNodeName();
        }
        case "status.podIP", "status.hostIP" -> {
          return PodStatuses.ADDRESS;
        }
        default -> {}
      }
    }
    throw new LaunchException(
        "CreateContainerConfigError",
        "the environment variable %s has a source that is not known on this machine: use value or a fieldRef to name, namespace, uid, nodeName or podIP"
            .formatted(name));
  }

  /** Kubernetes' own notation for variables in commands and values. */
  private static String expand(String text, Map<String, String> environment) {
    return REFERENCE
        .matcher(text)
        .replaceAll(m -> Matcher.quoteReplacement(environment.getOrDefault(m.group(1), m.group())));
  }
}
