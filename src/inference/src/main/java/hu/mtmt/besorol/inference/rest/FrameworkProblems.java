package hu.mtmt.besorol.inference.rest;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.quarkiverse.resteasy.problem.postprocessing.ProblemContext;
import io.quarkiverse.resteasy.problem.postprocessing.ProblemPostProcessor;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.WebApplicationException;

/** Says in a sentence what to do where the framework refuses a request before a route sees it. */
@ApplicationScoped
public class FrameworkProblems implements ProblemPostProcessor {
  @Override
  public HttpProblem apply(HttpProblem problem, ProblemContext context) {
    if (!(context.cause instanceof WebApplicationException)) {
      return problem.getStatusCode() == 500
          ? HttpProblem.builder(problem).withDetail(Problems.internal().getDetail()).build()
          : problem;
    }
    var detail =
        switch (problem.getStatusCode()) {
          case 404 ->
              "There is no such route: the routes are /v1/classify, /v1/classify/stream, /v1/model"
                  + " and /v1/subjects, described in /q/openapi.";
          case 405 -> "The route does not take this method: documents are sent with POST.";
          case 406 ->
              "The route cannot answer in the type that the header Accept asks for: leave the"
                  + " header out.";
          case 415 ->
              "The route does not take a body of this type: send the header Content-Type:"
                  + " application/json (application/x-ndjson to /v1/classify/stream).";
          default -> problem.getDetail();
        };
    return HttpProblem.builder(problem).withDetail(detail).build();
  }
}
