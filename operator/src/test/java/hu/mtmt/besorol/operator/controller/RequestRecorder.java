package hu.mtmt.besorol.operator.controller;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/** Notes which rights the requests of a client need. */
final class RequestRecorder implements Interceptor {
  private static final int CREATED = 201;

  private final Set<Right> used = new ConcurrentSkipListSet<>();

  /** A right as a rule of RBAC grants it. */
  record Right(String group, String resource, String verb) implements Comparable<Right> {
    /** Whether it is to get an object of that kind. */
    boolean isGetOf(HasMetadata object) {
      return verb.equals("get") && resource.equals(object.getPlural());
    }

    @Override
    public int compareTo(Right other) {
      return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
      return "%s %s %s".formatted(group, resource, verb);
    }
  }

  /** A client whose requests are noted; the caller closes it. */
  KubernetesClient client(Path kubeconfig) {
    return new KubernetesClientBuilder()
        .withConfig(Config.fromKubeconfig(kubeconfig.toFile()))
        .withHttpClientBuilderConsumer(http -> http.addOrReplaceInterceptor("recorder", this))
        .build();
  }

  /** What was used so far. */
  Set<Right> used() {
    return Set.copyOf(used);
  }

  @Override
  public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
    note(request.uri(), request.method(), false);
  }

  @Override
  public void after(
      HttpRequest request, HttpResponse<?> response, AsyncBody.Consumer<List<ByteBuffer>> body) {
    note(request.uri(), request.method(), response.code() == CREATED);
  }

  private void note(URI uri, String method, boolean created) {
    var path = List.of(uri.getPath().substring(1).split("/"));
    var core = path.getFirst().equals("api");
    if (path.size() < (core ? 3 : 4)) {
      return; // which APIs there are, everybody may ask
    }
    var rest = path.subList(core ? 2 : 3, path.size());
    if (rest.isEmpty()) {
      return; // what kinds there are, which everybody may ask
    }
    if (rest.size() > 2 && rest.getFirst().equals("namespaces")) {
      rest = rest.subList(2, rest.size());
    }
    var resource = rest.size() > 2 ? rest.get(0) + "/" + rest.get(2) : rest.get(0);
    var group = core ? "" : path.get(1);
    var watch = uri.getQuery() != null && uri.getQuery().contains("watch=true");
    var verb =
        switch (method) {
          case "GET" -> watch ? "watch" : rest.size() == 1 ? "list" : "get";
          case "POST" -> "create";
          case "PUT" -> "update";
          case "PATCH" -> "patch";
          case "DELETE" -> rest.size() == 1 ? "deletecollection" : "delete";
          default -> throw new IllegalArgumentException(method);
        };
    used.add(new Right(group, resource, verb));
    if (created && method.equals("PATCH")) {
      used.add(new Right(group, resource, "create")); // as the server asks for where nothing was
    }
  }
}
