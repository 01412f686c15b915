package hu.mtmt.besorol.inference.rest;

import hu.mtmt.besorol.contract.EvaluationReport;
import hu.mtmt.besorol.contract.EvaluationReport.SubjectResult;
import hu.mtmt.besorol.inference.Model;
import hu.mtmt.besorol.inference.ServedModel;
import hu.mtmt.besorol.inference.rest.SubjectPage.Entry;
import hu.mtmt.besorol.taxonomy.Subject;
import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Says what is served. */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
@NonBlocking
public class ModelResource {
  private static final int MAXIMUM_PAGE = 1000;

  private final ServedModel served;

  ModelResource(ServedModel served) {
    this.served = served;
  }

  /** The model that is served. */
  @GET
  @Path("model")
  public ModelDescription model() {
    return ModelDescription.of(served.get().orElseThrow(Problems::notReady));
  }

  /** The subjects that are told apart, page by page. */
  @GET
  @Path("subjects")
  public SubjectPage subjects(
      @QueryParam("query") String query,
      @QueryParam("language") String language,
      @QueryParam("level") String level,
      @QueryParam("offset") @DefaultValue("0") String offset,
      @QueryParam("limit") @DefaultValue("100") String limit) {
    var model = served.get().orElseThrow(Problems::notReady);
    var target = model.modelPackage().target();
    var taxonomy = target.taxonomy();
    var wantedLevel =
        level == null ? null : (Integer) Selections.number("level", level, 1, Integer.MAX_VALUE);
    var named = named(query, language);
    var wanted =
        IntStream.range(0, taxonomy.size())
            .filter(target::contains)
            .filter(s -> wantedLevel == null || taxonomy.level(s) == wantedLevel)
            .filter(s -> named.test(taxonomy.subject(s)))
            .toArray();
    var first = Selections.number("offset", offset, 0, Integer.MAX_VALUE);
    var results = results(model);
    var page =
        IntStream.of(wanted)
            .skip(first)
            .limit(Selections.number("limit", limit, 1, MAXIMUM_PAGE))
            .mapToObj(
                s -> {
                  var subject = taxonomy.subject(s);
                  return new Entry(
                      subject.id(),
                      labels(subject, language),
                      taxonomy.pathIds(s),
                      taxonomy.level(s),
                      model.answers(subject.id()),
                      results.get(subject.id()));
                })
            .toList();
    return new SubjectPage(wanted.length, first, page);
  }

  private static Map<String, SubjectResult> results(Model model) {
    return model
        .modelPackage()
        .evaluation()
        .map(EvaluationReport::subjects)
        .orElse(List.of())
        .stream()
        .collect(Collectors.toMap(SubjectResult::subject, r -> r));
  }

  /** Whether a subject's id or a label contains the query, upper or lower case. */
  private static Predicate<Subject> named(String query, String language) {
    if (query == null || query.isBlank()) {
      return s -> true;
    }
    var part = query.strip().toLowerCase(Locale.ROOT);
    return s ->
        s.id().toLowerCase(Locale.ROOT).contains(part)
            || labels(s, language).values().stream()
                .anyMatch(l -> l.toLowerCase(Locale.ROOT).contains(part));
  }

  private static Map<String, String> labels(Subject subject, String language) {
    return language == null
        ? subject.labels()
        : subject.labels().containsKey(language)
            ? Map.of(language, subject.labels().get(language))
            : Map.of();
  }
}
