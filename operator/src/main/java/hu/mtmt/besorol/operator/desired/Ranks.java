package hu.mtmt.besorol.operator.desired;

import hu.mtmt.besorol.api.Labels;
import hu.mtmt.besorol.api.Labels.Component;
import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.contract.ProcessGroup;
import hu.mtmt.besorol.operator.observe.Gang;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Makes several pods, one a node, of a Job that trains: each knows its rank, how many there are and
 * where the first is, as {@link ProcessGroup} says. A pod that fails is replaced alone; {@code
 * backoffLimit} counts the failures of all.
 */
final class Ranks {
  private static final String RENDEZVOUS = "rendezvous";
  private static final String HOSTNAME = "kubernetes.io/hostname";
  private static final String FIRST = "0";

  private Ranks() {}

  /** The same Job of so many pods, and the Service by which they find the first. */
  static PlannedJob join(PlannedJob alone, TrainingRun run, int nodes) {
    var job = alone.job();
    var selector = new TreeMap<String, String>();
    selector.put(Labels.RUN, run.getMetadata().getName());
    selector.put(Labels.COMPONENT, Component.TRAINING.value());
    var address =
        "%s-%s.%s.%s.svc:%d"
            .formatted(
                job.getMetadata().getName(),
                FIRST,
                Names.ranks(run),
                run.getMetadata().getNamespace(),
                ProcessGroup.PORT);
    var joined =
        new JobBuilder(job)
            .editSpec()
            .withCompletionMode("Indexed")
            .withCompletions(nodes)
            .withParallelism(nodes)
            // The first ends when all is done; whoever is started again after that would seek it in
            // vain.
            .withNewSuccessPolicy()
            .addNewRule()
            .withSucceededIndexes(FIRST)
            .endRule()
            .endSuccessPolicy()
            .editTemplate()
            .editSpec()
            .withSubdomain(Names.ranks(run))
            .editFirstContainer()
            .addNewPort()
            .withName(RENDEZVOUS)
            .withContainerPort(ProcessGroup.PORT)
            .withProtocol("TCP")
            .endPort()
            .addNewEnv()
            .withName(ProcessGroup.RANK)
            .withNewValueFrom()
            .withNewFieldRef()
            .withFieldPath("metadata.annotations['%s']".formatted(Gang.INDEX))
            .endFieldRef()
            .endValueFrom()
            .endEnv()
            .addNewEnv()
            .withName(ProcessGroup.WORLD_SIZE)
            .withValue(String.valueOf(nodes))
            .endEnv()
            .addNewEnv()
            .withName(ProcessGroup.RENDEZVOUS)
            .withValue(address)
            .endEnv()
            .endContainer()
            .withNewAffinity()
            .withNewPodAntiAffinity()
            .addNewRequiredDuringSchedulingIgnoredDuringExecution()
            .withTopologyKey(HOSTNAME)
            .withNewLabelSelector()
            .withMatchLabels(selector)
            .endLabelSelector()
            .endRequiredDuringSchedulingIgnoredDuringExecution()
            .endPodAntiAffinity()
            .endAffinity()
            .endSpec()
            .endTemplate()
            .endSpec()
            .build();
    return new PlannedJob(alone.plan(), joined, Optional.of(service(run, alone, selector)));
  }

  private static Service service(TrainingRun run, PlannedJob alone, Map<String, String> selector) {
    return new ServiceBuilder()
        .withMetadata(
            Metadata.ownedBy(run, Names.ranks(run))
                .withLabels(alone.job().getMetadata().getLabels())
                .build())
        .withNewSpec()
        .withClusterIP("None")
        // They seek each other while they start.
        .withPublishNotReadyAddresses(true)
        .withSelector(selector)
        .addNewPort()
        .withName(RENDEZVOUS)
        .withPort(ProcessGroup.PORT)
        .withProtocol("TCP")
        .endPort()
        .endSpec()
        .build();
  }
}
