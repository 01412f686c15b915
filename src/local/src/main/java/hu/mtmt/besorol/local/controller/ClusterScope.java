package hu.mtmt.besorol.local.controller;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The part of the cluster that is cared for: all of it, or one namespace.
 *
 * @param client reads and writes all of it
 * @param namespace the only namespace that is cared for, or empty for all
 */
public record ClusterScope(KubernetesClient client, Optional<String> namespace) {

  /**
   * Calls {@code changed} for every object of {@code type} that is there, comes, changes or goes.
   * It ends when the informer or the client is closed.
   */
  public <T extends HasMetadata> SharedIndexInformer<T> watch(Class<T> type, Consumer<T> changed) {
    return watch(
        type,
        new ResourceEventHandler<>() {
          @Override
          public void onAdd(T object) {
            changed.accept(object);
          }

          @Override
          public void onUpdate(T before, T after) {
            changed.accept(after);
          }

          @Override
          public void onDelete(T object, boolean lastStateUnknown) {
            changed.accept(object);
          }
        });
  }

  /** As the other one, where coming, changing and going make a difference. */
  public <T extends HasMetadata> SharedIndexInformer<T> watch(
      Class<T> type, ResourceEventHandler<T> handler) {
    MixedOperation<T, KubernetesResourceList<T>, Resource<T>> all = client.resources(type);
    return namespace.isPresent()
        ? all.inNamespace(namespace.get()).inform(handler)
        : all.inAnyNamespace().inform(handler);
  }

  /** The objects of {@code type} in the namespace of {@code key}. */
  public <T extends HasMetadata>
      NonNamespaceOperation<T, KubernetesResourceList<T>, Resource<T>> in(
          ObjectKey key, Class<T> type) {
    return client.resources(type).inNamespace(key.namespace());
  }

  /** The object of {@code type} and {@code key} as the API server has it now, or null. */
  public <T extends HasMetadata> T get(ObjectKey key, Class<T> type) {
    return in(key, type).withName(key.name()).get();
  }
}
