package hu.mtmt.besorol.local.service;

import hu.mtmt.besorol.local.controller.ClusterScope;
import hu.mtmt.besorol.local.controller.ControlLoop;
import hu.mtmt.besorol.local.controller.ObjectKey;
import hu.mtmt.besorol.local.controller.Pods;
import hu.mtmt.besorol.local.controller.Ports;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Makes the first port of every Service with a selector reachable on a port of 127.0.0.1, and says
 * in the Service's annotation {@value #URL} where: what kube-proxy and an ingress are elsewhere.
 * The address stays the same for as long as the Service is there, also over restarts.
 */
public final class ServiceProxy implements AutoCloseable {
  /** The annotation that tells under which address a Service can be reached. */
  public static final String URL = "besorol.mtmt.hu/url";

  private final ClusterScope cluster;
  private final Ports ports;
  private final Optional<Integer> firstPort;
  private final Map<ObjectKey, TcpForwarder> forwarders = new ConcurrentHashMap<>();
  private final ControlLoop loop = new ControlLoop("service-proxy", this::reconcile);
  private final List<SharedIndexInformer<?>> informers = new ArrayList<>();

  private ServiceProxy(ClusterScope cluster, Ports ports, Optional<Integer> firstPort) {
    this.cluster = cluster;
    this.ports = ports;
    this.firstPort = firstPort;
  }

  /**
   * Starts.
   *
   * @param firstPort the port of the first Service that comes, if it is free; empty for any
   */
  public static ServiceProxy start(ClusterScope cluster, Ports ports, Optional<Integer> firstPort) {
    var proxy = new ServiceProxy(cluster, ports, firstPort);
    var services =
        cluster.watch(Service.class, service -> proxy.loop.enqueue(ObjectKey.of(service)));
    var pods =
        cluster.watch(
            Pod.class,
            pod ->
                services.getStore().list().stream()
                    .map(ObjectKey::of)
                    .filter(s -> s.namespace().equals(pod.getMetadata().getNamespace()))
                    .forEach(proxy.loop::enqueue));
    proxy.informers.addAll(List.of(services, pods));
    return proxy;
  }

  private Optional<Duration> reconcile(ObjectKey key) {
    var service = cluster.get(key, Service.class);
    if (service == null) {
      Optional.ofNullable(forwarders.remove(key)).ifPresent(TcpForwarder::close);
    } else if (service.getSpec().getSelector() != null
        && !service.getSpec().getSelector().isEmpty()
        && !service.getSpec().getPorts().isEmpty()) {
      var forwarder = forwarders.computeIfAbsent(key, k -> open(service));
      forwarder.forwardTo(endpoints(key, service));
      publish(key, service, "http://127.0.0.1:" + forwarder.port());
    }
    return Optional.empty();
  }

  private TcpForwarder open(Service service) {
    var free =
        Stream.concat(
                portBefore(service).stream(),
                forwarders.isEmpty() ? firstPort.stream() : Stream.of())
            .filter(Ports::isFree)
            .findFirst()
            .orElseGet(ports::next);
    try {
      return TcpForwarder.open(free);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<Integer> portBefore(Service service) {
    return Optional.ofNullable(service.getMetadata().getAnnotations())
        .map(a -> a.get(URL))
        .map(url -> URI.create(url).getPort());
  }

  private void publish(ObjectKey key, Service service, String url) {
    var annotations = service.getMetadata().getAnnotations();
    if (annotations == null || !url.equals(annotations.get(URL))) {
      cluster
          .in(key, Service.class)
          .withName(key.name())
          .edit(
              s ->
                  new ServiceBuilder(s)
                      .editMetadata()
                      .addToAnnotations(URL, url)
                      .endMetadata()
                      .build());
    }
  }

  /** Where the ready pods listen that were not asked to end. */
  private List<InetSocketAddress> endpoints(ObjectKey key, Service service) {
    var port = service.getSpec().getPorts().getFirst();
    return cluster
        .in(key, Pod.class)
        .withLabels(service.getSpec().getSelector())
        .list()
        .getItems()
        .stream()
        .filter(p -> Pods.ready(p) && !Pods.terminating(p))
        .flatMap(p -> address(p, port).stream())
        .toList();
  }

  private static Optional<InetSocketAddress> address(Pod pod, ServicePort port) {
    var target = Objects.requireNonNullElse(port.getTargetPort(), new IntOrString(port.getPort()));
    var number =
        target.getIntVal() != null
            ? Optional.of(target.getIntVal())
            : pod.getSpec().getContainers().stream()
                .flatMap(c -> c.getPorts().stream())
                .filter(p -> target.getStrVal().equals(p.getName()))
                .map(ContainerPort::getContainerPort)
                .findFirst();
    return number.map(n -> new InetSocketAddress(pod.getStatus().getPodIP(), n));
  }

  @Override
  public void close() {
    informers.forEach(SharedIndexInformer::close);
    loop.close();
    forwarders.values().forEach(TcpForwarder::close);
  }
}
