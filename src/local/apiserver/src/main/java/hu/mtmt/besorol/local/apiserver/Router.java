package hu.mtmt.besorol.local.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.Function;

/** Finds out what a request is about, and has it done. */
final class Router implements Function<Request, Response> {
  private final Kinds kinds;
  private final Resources resources;
  private final Deletion deletion;
  private final Collections collections;
  private final Watches watches;
  private final Tables tables;
  private final Discovery discovery;
  private final OpenApi openApi;
  private final Logs logs;

  Router(
      Kinds kinds,
      Resources resources,
      Deletion deletion,
      Collections collections,
      Watches watches,
      Tables tables,
      Discovery discovery,
      OpenApi openApi,
      Logs logs) {
    this.kinds = kinds;
    this.resources = resources;
    this.deletion = deletion;
    this.collections = collections;
    this.watches = watches;
    this.tables = tables;
    this.discovery = discovery;
    this.openApi = openApi;
    this.logs = logs;
  }

  @Override
  public Response apply(Request request) {
    var path = request.path();
    return switch (path.isEmpty() ? "" : path.getFirst()) {
      case "healthz", "livez", "readyz" -> new Response.Text("ok");
      case "version" -> Response.ok(discovery.version());
      case "openapi" -> openApi.answer(request);
      case "api" -> underApi(request, 1);
      case "apis" -> underApi(request, 2);
      case "" -> Response.ok(discovery.paths());
      default -> throw Failure.noSuchPath();
    };
  }

  /**
   * @param groupVersion how many segments of the path name group and version
   */
  private Response underApi(Request request, int groupVersion) {
    if (!request.takesJson()) {
      throw Failure.notAcceptable(request.accept());
    }
    var path = request.path();
    int start = 1 + groupVersion;
    if (path.size() <= start) {
      return discovery.answer(request);
    }
    return resource(request, target(path, groupVersion));
  }

  private Target target(List<String> path, int groupVersion) {
    var group = groupVersion == 1 ? "" : path.get(1);
    var version = path.get(groupVersion);
    var rest = path.subList(1 + groupVersion, path.size());
    var namespace = "";
    if (rest.getFirst().equals("watch")) {
      throw Failure.notImplemented("paths with /watch/ are not served: write ?watch=true");
    }
    // namespaces/NAME/status is a namespace, namespaces/NAME/PLURAL... is something in it.
    if (rest.getFirst().equals("namespaces")
        && rest.size() > 2
        && !List.of("status", "finalize").contains(rest.get(2))) {
      namespace = rest.get(1);
      rest = rest.subList(2, rest.size());
    }
    var kind = kinds.find(group, version, rest.getFirst()).orElseThrow(Failure::noSuchPath);
    if (rest.size() > 3) {
      throw Failure.notImplemented("paths below " + String.join("/", rest) + " are not served");
    }
    return new Target(
        kind, namespace, rest.size() > 1 ? rest.get(1) : "", rest.size() > 2 ? rest.get(2) : "");
  }

  private Response resource(Request request, Target target) {
    var kind = target.kind();
    if (!target.subresource().isEmpty() && !kind.subresources().contains(target.subresource())) {
      throw switch (target.subresource()) {
        case "exec",
            "attach",
            "portforward",
            "proxy",
            "eviction",
            "binding",
            "token",
            "finalize",
            "ephemeralcontainers",
            "resize" ->
            Failure.notImplemented(
                target.subresource()
                    + " of "
                    + kind.plural()
                    + " is not done by the local cluster");
        default -> Failure.noSuchPath();
      };
    }
    return switch (target.subresource()) {
      case "log" -> logs.answer(request, target);
      case "scale" -> scale(request, target);
      default -> target.name().isEmpty() ? collection(request, target) : object(request, target);
    };
  }

  private static Response document(Resources.Result result) {
    return Response.document(result.code(), result.body(), result.warnings());
  }

  private Response scale(Request request, Target target) {
    return switch (request.method()) {
      case "GET", "HEAD" -> Response.ok(Scale.of(resources.get(target)));
      case "PUT", "PATCH" -> document(resources.scale(request, target));
      default -> throw Failure.methodNotAllowed();
    };
  }

  private Response collection(Request request, Target target) {
    boolean everywhere = target.kind().namespaced() && target.namespace().isEmpty();
    return switch (request.method()) {
      case "GET", "HEAD" ->
          request.flag("watch")
              ? watches.answer(request, target)
              : Response.ok(collections.list(request, target));
      case "POST" -> {
        if (everywhere) {
          throw Failure.methodNotAllowed();
        }
        yield show(request, target, resources.create(request, target));
      }
      case "DELETE" -> {
        if (everywhere) {
          throw Failure.methodNotAllowed();
        }
        yield Response.ok(collections.delete(request, target));
      }
      default -> throw Failure.methodNotAllowed();
    };
  }

  private Response object(Request request, Target target) {
    return switch (request.method()) {
      case "GET", "HEAD" ->
          request.flag("watch")
              ? watches.answer(request, target)
              : show(request, target, new Resources.Result(200, resources.get(target), List.of()));
      case "PUT" -> show(request, target, resources.update(request, target));
      case "PATCH" -> show(request, target, resources.patch(request, target));
      case "DELETE" -> {
        if (target.isStatus()) {
          throw Failure.methodNotAllowed();
        }
        yield show(request, target, deletion.delete(target, DeleteOptions.of(request)));
      }
      default -> throw Failure.methodNotAllowed();
    };
  }

  private Response show(Request request, Target target, Resources.Result result) {
    ObjectNode body = result.body();
    if (request.wantsTable() && body.path("kind").asText().equals(target.kind().kind())) {
      body = tables.table(request, target.kind(), List.of(body), body.path("metadata"));
    }
    return Response.document(result.code(), body, result.warnings());
  }
}
