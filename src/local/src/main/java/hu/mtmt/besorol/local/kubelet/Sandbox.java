package hu.mtmt.besorol.local.kubelet;

import hu.mtmt.besorol.local.controller.VolumeDirectories;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The directory of a pod. Its containers find their absolute paths below a directory each; a
 * mounted volume is a symbolic link there. A volume that is mounted for reading can be written to
 * all the same: nothing on this machine forbids it.
 *
 * @param directory of this pod alone
 */
record Sandbox(Path directory) {
  private static final String CONTAINERS = "containers";
  private static final String PROCESS = "process";

  /** The sandbox of {@code pod} below {@code all}. */
  static Sandbox of(Path all, Pod pod) {
    var metadata = pod.getMetadata();
    return new Sandbox(
        all.resolve(prefix(metadata.getNamespace(), metadata.getName()) + metadata.getUid()));
  }

  /** The sandbox of the pod of that name, if it has one: names cannot contain an underscore. */
  static Optional<Sandbox> find(Path all, String namespace, String pod) {
    return inDirectory(all).stream()
        .filter(s -> s.directory().getFileName().toString().startsWith(prefix(namespace, pod)))
        .findFirst();
  }

  /** All sandboxes below {@code all}. */
  static List<Sandbox> inDirectory(Path all) {
    try (var files = Files.list(all)) {
      return files.map(Sandbox::new).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String prefix(String namespace, String pod) {
    return namespace + "_" + pod + "_";
  }

  /** The unique identifier of the pod. */
  String uid() {
    var name = directory.getFileName().toString();
    return name.substring(name.lastIndexOf('_') + 1);
  }

  /** The processes of its containers that still run. */
  List<ProcessHandle> livingProcesses() {
    try (var containers = Files.list(directory.resolve(CONTAINERS))) {
      return containers.flatMap(c -> ProcessNote.living(c.resolve(PROCESS)).stream()).toList();
    } catch (IOException e) {
      return List.of(); // it has not come to containers
    }
  }

  /** Where the absolute paths of that container lie. */
  Path root(String container) {
    return container(container).resolve("root");
  }

  /** Where the output of that container's {@code restarts}th restart is written to. */
  Path log(String container, int restarts) {
    return container(container).resolve(restarts + ".log");
  }

  /** The output of the container's newest restart that has any, or of the one before it. */
  Optional<Path> newestLog(String container, boolean previous) {
    var newest = 0;
    while (Files.exists(log(container, newest + 1))) {
      newest++;
    }
    return Optional.of(log(container, previous ? newest - 1 : newest)).filter(Files::exists);
  }

  /** Where the container's present process is noted. */
  Path process(String container) {
    return container(container).resolve(PROCESS);
  }

  /** Where the container writes what it has to say at its end. */
  Path terminationMessage(Container container) {
    return inside(container.getName(), container.getTerminationMessagePath());
  }

  private Path container(String name) {
    return directory.resolve(CONTAINERS).resolve(name);
  }

  private Path inside(String container, String absolute) {
    return root(container).resolve(Path.of("/").relativize(Path.of(absolute).normalize()));
  }

  /**
   * Makes the volumes and the container's view of them.
   *
   * @throws LaunchException if a volume is missing or of a kind that is not known here
   */
  void prepare(Pod pod, Container container, KubernetesClient client, VolumeDirectories claims)
      throws IOException, LaunchException {
    Files.createDirectories(root(container.getName()));
    var volumes =
        pod.getSpec().getVolumes().stream().collect(Collectors.toMap(Volume::getName, v -> v));
    for (var mount : container.getVolumeMounts()) {
      mount(mount, container, volume(pod, volumes.get(mount.getName()), client, claims));
    }
    var message = terminationMessage(container);
    Files.createDirectories(message.getParent());
    Files.write(message, new byte[0]);
  }

  private void mount(VolumeMount mount, Container container, Path volume)
      throws IOException, LaunchException {
    var target = mount.getSubPath() == null ? volume : volume.resolve(mount.getSubPath());
    if (!target.normalize().startsWith(volume)) {
      throw new LaunchException(
          "CreateContainerConfigError",
          "subPath %s leaves the volume".formatted(mount.getSubPath()));
    }
    if (!Files.exists(target)) {
      Files.createDirectories(target);
    }
    var link = inside(container.getName(), mount.getMountPath());
    for (var p = link.getParent(); !p.equals(root(container.getName())); p = p.getParent()) {
      if (Files.isSymbolicLink(p)) {
        throw new LaunchException(
            "CreateContainerConfigError",
            "%s lies inside another mounted volume, which cannot be done on this machine: mount it elsewhere"
                .formatted(mount.getMountPath()));
      }
    }
    Files.createDirectories(link.getParent());
    if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
      Files.createSymbolicLink(link, target);
    }
  }

  private Path volume(Pod pod, Volume volume, KubernetesClient client, VolumeDirectories claims)
      throws IOException, LaunchException {
    var namespace = pod.getMetadata().getNamespace();
    if (volume.getPersistentVolumeClaim() != null) {
      var claim = volume.getPersistentVolumeClaim().getClaimName();
      var present = client.persistentVolumeClaims().inNamespace(namespace).withName(claim).get();
      if (present == null
          || present.getStatus() == null
          || !"Bound".equals(present.getStatus().getPhase())) {
        throw new LaunchException(
            "ContainerCreating",
            "persistentvolumeclaim \"%s\" is %s"
                .formatted(claim, present == null ? "not found" : "not bound"));
      }
      var directory = claims.of(namespace, claim);
      Files.createDirectories(directory);
      return directory.toRealPath();
    }
    var directory = directory().resolve("volumes").resolve(volume.getName());
    Files.createDirectories(directory);
    if (volume.getConfigMap() != null) {
      var source = volume.getConfigMap();
      var map = client.configMaps().inNamespace(namespace).withName(source.getName()).get();
      if (map == null && !Boolean.TRUE.equals(source.getOptional())) {
        throw new LaunchException(
            "ContainerCreating", "configmap \"%s\" not found".formatted(source.getName()));
      }
      if (map != null) {
        var paths =
            source.getItems().stream()
                .collect(Collectors.toMap(KeyToPath::getKey, KeyToPath::getPath));
        for (var entry : contents(map).entrySet()) {
          var path = paths.isEmpty() ? entry.getKey() : paths.get(entry.getKey());
          if (path != null) {
            var file = directory.resolve(path);
            Files.createDirectories(file.getParent());
            Files.write(file, entry.getValue());
          }
        }
      }
    } else if (volume.getSecret() != null) {
      var name = volume.getSecret().getSecretName();
      var secret = client.secrets().inNamespace(namespace).withName(name).get();
      if (secret == null) {
        throw new LaunchException("ContainerCreating", "secret \"%s\" not found".formatted(name));
      }
      for (var entry : secret.getData().entrySet()) {
        Files.write(
            directory.resolve(entry.getKey()), Base64.getDecoder().decode(entry.getValue()));
      }
    } else if (volume.getEmptyDir() == null) {
      throw new LaunchException(
          "CreateContainerConfigError",
          "volume %s is of a kind that is not known on this machine: use persistentVolumeClaim, configMap, secret or emptyDir"
              .formatted(volume.getName()));
    }
    return directory.toRealPath();
  }

  private static Map<String, byte[]> contents(ConfigMap map) {
    var contents = new LinkedHashMap<String, byte[]>();
    if (map.getData() != null) {
      map.getData().forEach((k, v) -> contents.put(k, v.getBytes(StandardCharsets.UTF_8)));
    }
    if (map.getBinaryData() != null) {
      map.getBinaryData().forEach((k, v) -> contents.put(k, Base64.getDecoder().decode(v)));
    }
    return contents;
  }

  /** Removes the directory; what links in it point to stays. */
  void delete() throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path dir, IOException e) throws IOException {
            Files.delete(dir);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
