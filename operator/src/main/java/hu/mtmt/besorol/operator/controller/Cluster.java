package hu.mtmt.besorol.operator.controller;

import hu.mtmt.besorol.operator.observe.RunObservation;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.SSABasedGenericKubernetesResourceMatcher;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.net.HttpURLConnection;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What the reconciler of one resource writes. Whatever was written is in the caches at once, so
 * that the next look does not miss it.
 *
 * @param <P> the kind that is reconciled
 */
final class Cluster<P extends CustomResource<?, ?>> {
  /** Owner of all fields that the operator writes. */
  static final String FIELD_MANAGER = "besorol-operator";

  /** No object ever has this version: an object that is applied with it is only ever created. */
  private static final String ABSENT = "1";

  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withFieldManager(FIELD_MANAGER)
          .withForce(true)
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .build();

  private final P primary;
  private final Context<P> context;

  Cluster(P primary, Context<P> context) {
    this.primary = primary;
    this.context = context;
  }

  /**
   * Creates an object that is never changed afterwards. If it is there already nothing happens.
   *
   * @throws NameTakenException if something else has its name
   */
  <R extends HasMetadata> void createOnce(R desired, Class<R> type) {
    if (cached(desired, type).isEmpty()) {
      createOnly(desired).ifPresent(created -> remember(created, null, type));
    }
  }

  /**
   * The same for an object that no cache holds.
   *
   * @throws NameTakenException if something else has its name
   */
  void createUnseen(HasMetadata desired) {
    createOnly(desired);
  }

  /** Less work for the server than to apply: who owns which field of it is never asked. */
  private <R extends HasMetadata> Optional<R> createOnly(R desired) {
    return tryToCreate(desired, () -> context.getClient().resource(desired).create());
  }

  /**
   * Brings an object to what is desired by server-side apply, unless it is so already.
   *
   * @throws NameTakenException if something else has its name
   */
  @SuppressWarnings("unchecked") // builders build objects of that very class
  <R extends HasMetadata> void apply(R desired) {
    var type = (Class<R>) desired.getClass();
    var actual = cached(desired, type);
    if (actual.isEmpty()) {
      create(desired, type);
    } else if (!SSABasedGenericKubernetesResourceMatcher.<R>getInstance()
        .matches(actual.get(), desired, context)) {
      remember(context.getClient().resource(desired).patch(APPLY), actual.get(), type);
    }
  }

  private <R extends HasMetadata> void create(R desired, Class<R> type) {
    var absent = context.getClient().getKubernetesSerialization().clone(desired);
    absent.getMetadata().setResourceVersion(ABSENT);
    tryToCreate(desired, () -> context.getClient().resource(absent).patch(APPLY))
        .ifPresent(created -> remember(created, null, type));
  }

  /** Empty if it was there already. */
  private <R extends HasMetadata> Optional<R> tryToCreate(R desired, Supplier<R> creation) {
    try {
      return Optional.of(creation.get());
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
      refuseForeign(desired, e);
      return Optional.empty();
    }
  }

  /** Suspends or resumes a Job. Its other fields were decided when it was created. */
  void suspend(Job job, boolean suspend) {
    var patched =
        context
            .getClient()
            .resource(job)
            .patch(
                new PatchContext.Builder()
                    .withFieldManager(FIELD_MANAGER)
                    .withPatchType(PatchType.JSON_MERGE)
                    .build(),
                "{\"spec\":{\"suspend\":%b}}".formatted(suspend));
    remember(patched, job, Job.class);
  }

  /** Deletes an object as it was seen, and what it owns after it. */
  void delete(HasMetadata seen) {
    context.getClient().resource(seen).lockResourceVersion().delete();
  }

  /** Deletes an object once everything that it owns is gone. */
  void deleteLast(HasMetadata seen) {
    context
        .getClient()
        .resource(seen)
        .withPropagationPolicy(DeletionPropagation.FOREGROUND)
        .delete();
  }

  /**
   * Writes the status by server-side apply, based on the resource as it was seen: a status that was
   * computed from something outdated is refused, and the next try sees the newer state.
   *
   * @param fresh an empty resource with nothing but the status
   */
  void writeStatus(P fresh) {
    fresh.setMetadata(
        new ObjectMetaBuilder()
            .withName(primary.getMetadata().getName())
            .withNamespace(primary.getMetadata().getNamespace())
            .withResourceVersion(primary.getMetadata().getResourceVersion())
            .build());
    var written = context.getClient().resource(fresh).subresource("status").patch(APPLY);
    context
        .eventSourceRetriever()
        .getControllerEventSource()
        .handleRecentResourceUpdate(ResourceID.fromResource(primary), written, primary);
  }

  private <R extends HasMetadata> Optional<R> cached(R desired, Class<R> type) {
    return context
        .getSecondaryResourcesAsStream(type)
        .filter(r -> r.getMetadata().getName().equals(desired.getMetadata().getName()))
        .filter(r -> RunObservation.controls(primary, r))
        .findFirst();
  }

  private void refuseForeign(HasMetadata desired, KubernetesClientException conflict) {
    var existing = context.getClient().resource(desired).get();
    if (existing == null) {
      throw conflict; // it has gone meanwhile: no event will tell, but the next try creates it
    }
    if (!RunObservation.controls(primary, existing)) {
      throw new NameTakenException(
          "%s %s exists in this namespace and does not belong to %s %s: delete it, or give the %s another name."
              .formatted(
                  existing.getKind(),
                  existing.getMetadata().getName(),
                  primary.getKind(),
                  primary.getMetadata().getName(),
                  primary.getKind()));
    }
  }

  @SuppressWarnings("unchecked")
  private <R extends HasMetadata> void remember(R written, R previous, Class<R> type) {
    var source = (InformerEventSource<R, P>) context.eventSourceRetriever().getEventSourceFor(type);
    var id = ResourceID.fromResource(written);
    if (previous == null) {
      source.handleRecentResourceCreate(id, written);
    } else {
      source.handleRecentResourceUpdate(id, written, previous);
    }
  }

  /** Something else has the name of what is to be created. */
  static final class NameTakenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NameTakenException(String message) {
      super(message);
    }
  }
}
