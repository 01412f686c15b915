package hu.mtmt.besorol.api;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.api.Labels.Component;
import hu.mtmt.besorol.testkit.KubernetesBinaries;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Who may speak with whom by the NetworkPolicies in {@code kubernetes/}, as a cluster that enforces
 * them reads them: one may if the policies of both sides allow it, and who has no policy may.
 */
class NetworkPoliciesTest {
  private static final Path KUBERNETES = KubernetesBinaries.repository().resolve("kubernetes");
  private static final String OPERATORS = "besorol";
  private static final String MODELS = "library";
  private static final Map<String, String> CLIENT = Map.of("besorol.mtmt.hu/client", "true");
  private static final List<Placed> VOLUMES_ONLY =
      policies("base/network/operator.yaml", "workspace/networkpolicies.yaml");

  /** A pod with its namespace; a null name is an address outside the cluster. */
  private record Peer(
      String namespace, Map<String, String> namespaceLabels, Map<String, String> pod) {
    static final Peer OUTSIDE = new Peer(null, Map.of(), Map.of());
    static final Peer OPERATOR =
        new Peer(OPERATORS, Map.of(), Map.of(Labels.NAME, "besorol-operator"));

    static Peer of(Component component) {
      return new Peer(
          MODELS,
          Map.of(),
          Map.of(Labels.COMPONENT, component.value(), Labels.PART_OF, Labels.BESOROL));
    }

    static Peer other(String namespace, Map<String, String> labels) {
      return new Peer(namespace, labels, Map.of("app", "other"));
    }

    boolean inNamespaceOf(LabelSelector selector) {
      return namespace != null
          && (selector.getMatchLabels() == null
              || selector.getMatchLabels().entrySet().stream()
                  .allMatch(
                      l ->
                          l.getValue()
                              .equals(
                                  l.getKey().equals("kubernetes.io/metadata.name")
                                      ? namespace
                                      : namespaceLabels.get(l.getKey()))));
    }

    boolean matches(LabelSelector selector) {
      return (selector.getMatchLabels() == null
              || selector.getMatchLabels().entrySet().stream()
                  .allMatch(l -> l.getValue().equals(pod.get(l.getKey()))))
          && (selector.getMatchExpressions() == null
              || selector.getMatchExpressions().stream()
                  .allMatch(e -> e.getValues().contains(pod.get(e.getKey()))));
    }
  }

  /** A policy in the namespace that it is applied to. */
  private record Placed(String namespace, NetworkPolicy policy) {
    boolean isFor(Peer peer, String type) {
      return namespace.equals(peer.namespace())
          && policy.getSpec().getPolicyTypes().contains(type)
          && peer.matches(policy.getSpec().getPodSelector());
    }

    boolean lets(Peer peer, String port, String type) {
      var spec = policy.getSpec();
      return type.equals("Ingress")
          ? spec.getIngress().stream()
              .anyMatch(r -> allows(r.getFrom(), peer) && open(r.getPorts(), port))
          : spec.getEgress().stream()
              .anyMatch(r -> allows(r.getTo(), peer) && open(r.getPorts(), port));
    }

    private boolean allows(List<NetworkPolicyPeer> peers, Peer peer) {
      return peers.isEmpty()
          || peers.stream()
              .anyMatch(
                  p ->
                      (p.getNamespaceSelector() == null
                              ? namespace.equals(peer.namespace())
                              : peer.inNamespaceOf(p.getNamespaceSelector()))
                          && (p.getPodSelector() == null || peer.matches(p.getPodSelector())));
    }

    private static boolean open(List<NetworkPolicyPort> ports, String port) {
      return ports.stream().anyMatch(p -> String.valueOf(p.getPort().getValue()).equals(port));
    }
  }

  private static boolean maySpeak(List<Placed> policies, Peer from, Peer to, String port) {
    return isAllowed(policies, from, to, port, "Egress")
        && isAllowed(policies, to, from, port, "Ingress");
  }

  private static boolean isAllowed(
      List<Placed> policies, Peer self, Peer other, String port, String type) {
    var own = policies.stream().filter(p -> p.isFor(self, type)).toList();
    return own.isEmpty() || own.stream().anyMatch(p -> p.lets(other, port, type));
  }

  private static List<Placed> policies(String... files) {
    return Stream.of(files)
        .flatMap(
            file ->
                Stream.of(text(KUBERNETES.resolve(file)).split("(?m)^---$"))
                    .map(part -> Serialization.unmarshal(part, NetworkPolicy.class))
                    .map(p -> new Placed(file.startsWith("base") ? OPERATORS : MODELS, p)))
        .toList();
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void operatorReachesTheApiServerAndWhatPodsTell() {
    assertThat(maySpeak(VOLUMES_ONLY, Peer.OPERATOR, Peer.OUTSIDE, "443")).isTrue();
    assertThat(maySpeak(VOLUMES_ONLY, Peer.OPERATOR, Peer.OUTSIDE, "6443")).isTrue();
    assertThat(maySpeak(VOLUMES_ONLY, Peer.OPERATOR, Peer.of(Component.TRAINING), "http")).isTrue();
    assertThat(maySpeak(VOLUMES_ONLY, Peer.OPERATOR, Peer.of(Component.INFERENCE), "http"))
        .isTrue();

    assertThat(maySpeak(VOLUMES_ONLY, Peer.OPERATOR, Peer.OUTSIDE, "80")).isFalse();
    assertThat(maySpeak(VOLUMES_ONLY, Peer.OPERATOR, Peer.of(Component.EVALUATION), "http"))
        .isFalse();
    assertThat(maySpeak(VOLUMES_ONLY, Peer.OPERATOR, Peer.other("x", Map.of()), "http")).isFalse();
  }

  @Test
  void metricsOfTheOperatorAreForAll() {
    assertThat(maySpeak(VOLUMES_ONLY, Peer.other("x", Map.of()), Peer.OPERATOR, "http")).isTrue();
    assertThat(maySpeak(VOLUMES_ONLY, Peer.other("x", Map.of()), Peer.OPERATOR, "443")).isFalse();
  }

  @Test
  void servicesAnswerTheirNamespaceAndThoseWithTheLabel() {
    var service = Peer.of(Component.INFERENCE);
    assertThat(maySpeak(VOLUMES_ONLY, Peer.other(MODELS, Map.of()), service, "http")).isTrue();
    assertThat(maySpeak(VOLUMES_ONLY, Peer.other("x", CLIENT), service, "http")).isTrue();

    assertThat(maySpeak(VOLUMES_ONLY, Peer.other("x", Map.of()), service, "http")).isFalse();
    assertThat(maySpeak(VOLUMES_ONLY, Peer.OUTSIDE, service, "http")).isFalse();
    assertThat(maySpeak(VOLUMES_ONLY, Peer.other(MODELS, Map.of()), service, "22")).isFalse();
  }

  @ParameterizedTest
  @EnumSource(Component.class)
  void nobodyElseReachesJobs(Component component) {
    if (component != Component.INFERENCE) {
      var job = Peer.of(component);
      assertThat(maySpeak(VOLUMES_ONLY, Peer.other(MODELS, Map.of()), job, "http")).isFalse();
      assertThat(maySpeak(VOLUMES_ONLY, Peer.other("x", Map.of()), job, "http")).isFalse();
      assertThat(maySpeak(VOLUMES_ONLY, Peer.other("x", CLIENT), job, "http")).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(Component.class)
  void trainingsReachEachOtherAtTheRendezvousOnly(Component component) {
    var training = Peer.of(Component.TRAINING);
    var other = Peer.of(component);
    assertThat(maySpeak(VOLUMES_ONLY, training, other, "rendezvous"))
        .isEqualTo(component == Component.TRAINING);
    assertThat(maySpeak(VOLUMES_ONLY, other, training, "rendezvous"))
        .isEqualTo(component == Component.TRAINING);
    assertThat(maySpeak(VOLUMES_ONLY, training, other, "http")).isFalse();
  }

  @Test
  void trainingsFindEachOtherByName() {
    var names =
        new Peer(
            "kube-system", Map.of(), Map.of("k8s-app", "kube-dns", Labels.PART_OF, "kubernetes"));
    assertThat(maySpeak(VOLUMES_ONLY, Peer.of(Component.TRAINING), names, "53")).isTrue();
    assertThat(maySpeak(VOLUMES_ONLY, Peer.of(Component.EVALUATION), names, "53")).isFalse();
  }

  @ParameterizedTest
  @EnumSource(Component.class)
  void podsReachNobodyUnlessStoresAreRemote(Component component) {
    var pod = Peer.of(component);
    var remote =
        Stream.of(VOLUMES_ONLY, policies("workspace/remote/networkpolicy.yaml"))
            .flatMap(List::stream)
            .toList();
    for (var port : List.of("80", "443", "http", "6443")) {
      assertThat(maySpeak(VOLUMES_ONLY, pod, Peer.OUTSIDE, port)).as(port).isFalse();
      assertThat(maySpeak(remote, pod, Peer.OUTSIDE, port))
          .as(port)
          .isEqualTo(Objects.equals(port, "443"));
      assertThat(maySpeak(remote, pod, Peer.OPERATOR, port)).as(port).isFalse();
    }
  }
}
