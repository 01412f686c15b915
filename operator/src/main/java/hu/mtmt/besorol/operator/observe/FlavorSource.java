package hu.mtmt.besorol.operator.observe;

import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.operator.event.EventPublisher;
import hu.mtmt.besorol.operator.event.Happening;
import hu.mtmt.besorol.operator.placement.Flavors;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The flavors of machines, from a ConfigMap in the operator's own namespace. A change holds at
 * once, for all runs that have no machine yet. A document that is wrong is refused, with an event
 * at the ConfigMap, and what held before holds on.
 */
public final class FlavorSource extends AbstractEventSource<Flavors, TrainingRun> {
  /** Key of the ConfigMap under which the flavors stand. */
  public static final String KEY = "flavors.yaml";

  /** Key of the ConfigMap under which quotas stand; it may be missing. */
  public static final String QUOTAS = "quotas.yaml";

  private static final Logger LOG = LoggerFactory.getLogger(FlavorSource.class);

  private final Optional<String> name;
  private final String namespace;
  private final KubernetesClient client;
  private final EventPublisher events;
  private final Supplier<Stream<TrainingRun>> runs;
  private volatile Flavors known;
  private SharedIndexInformer<ConfigMap> informer;

  /**
   * @param name of the ConfigMap; empty for {@link Flavors#DEFAULT}
   * @param namespace of the ConfigMap
   * @param runs that a change may matter to
   */
  public FlavorSource(
      Optional<String> name,
      String namespace,
      KubernetesClient client,
      EventPublisher events,
      Supplier<Stream<TrainingRun>> runs) {
    super(Flavors.class, "flavors");
    this.name = name;
    this.namespace = namespace;
    this.client = client;
    this.events = events;
    this.runs = runs;
    this.known = name.map(n -> Flavors.NONE.insteadOf(missing(n))).orElse(Flavors.DEFAULT);
  }

  /** Those that hold now. */
  public Flavors known() {
    return known;
  }

  @Override
  public Set<Flavors> getSecondaryResources(TrainingRun run) {
    return Set.of(known);
  }

  @Override
  public synchronized void start() {
    if (isRunning()) {
      return;
    }
    if (name.isPresent()) {
      informer =
          client
              .configMaps()
              .inNamespace(namespace)
              .withName(name.get())
              .inform(
                  new ResourceEventHandler<>() {
                    @Override
                    public void onAdd(ConfigMap map) {
                      read(map);
                    }

                    @Override
                    public void onUpdate(ConfigMap old, ConfigMap map) {
                      read(map);
                    }

                    @Override
                    public void onDelete(ConfigMap map, boolean unknown) {
                      tell(known.insteadOf(missing(name.get())));
                    }
                  });
      informer.getStore().list().forEach(this::read); // handlers are told a little later
    }
    super.start();
  }

  @Override
  public synchronized void stop() {
    if (!isRunning()) {
      return;
    }
    super.stop();
    if (informer != null) {
      informer.stop();
    }
  }

  private void read(ConfigMap map) {
    try {
      var text = map.getData() == null ? null : map.getData().get(KEY);
      if (text == null) {
        throw BesorolException.plan(
            "ConfigMap %s has no key %s: write the list of flavors there."
                .formatted(map.getMetadata().getName(), KEY));
      }
      var quotas = map.getData().get(QUOTAS);
      var read = Flavors.parse(text, KEY);
      tell(quotas == null ? read : read.withQuotas(quotas, QUOTAS));
    } catch (BesorolException e) {
      var problem =
          "ConfigMap %s/%s is refused, and the flavors from before hold on: %s"
              .formatted(namespace, map.getMetadata().getName(), e.getMessage());
      if (!known.problem().equals(Optional.of(problem))) {
        LOG.warn(problem);
        events.publish(map, new Happening(true, "FlavorsRefused", problem));
      }
      tell(known.insteadOf(problem));
    }
  }

  private String missing(String map) {
    return "There is no ConfigMap %s/%s with the flavors of machines (besorol.flavors): create it."
        .formatted(namespace, map);
  }

  private void tell(Flavors now) {
    var changed = !now.equals(known);
    known = now;
    if (changed && isRunning()) {
      runs.get().forEach(r -> getEventHandler().handleEvent(new Event(ResourceID.fromResource(r))));
    }
  }
}
