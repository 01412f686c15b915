package hu.mtmt.besorol.inference.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import hu.mtmt.besorol.contract.Classification;
import hu.mtmt.besorol.corpus.Document;
import hu.mtmt.besorol.inference.Baseline;
import hu.mtmt.besorol.inference.InferenceConfig;
import hu.mtmt.besorol.inference.Meters;
import hu.mtmt.besorol.inference.Model;
import hu.mtmt.besorol.inference.Newest;
import hu.mtmt.besorol.inference.Selection;
import hu.mtmt.besorol.inference.ServedModel;
import io.quarkiverse.resteasy.problem.HttpProblem;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Gatherers;
import org.jboss.logging.Logger;

/**
 * Sorts documents into subjects. A client that is slow to send or to read holds nothing but its
 * connection. A short request is answered by the event loop that has received it: handing it to
 * another thread and back would cost half as much as the answer. Streams and what takes longer run
 * on virtual threads, of which as many compute at a time as there are cores.
 */
@Path("/v1/classify")
public class ClassifyResource {
  private static final Logger LOG = Logger.getLogger(ClassifyResource.class);
  private static final int CORES = Runtime.getRuntime().availableProcessors();

  /** Enough lines between input and output that no core waits for a line that takes longer. */
  private static final int WINDOW = 8 * CORES;

  /** Most bytes of a request that an event loop answers itself: about a millisecond's work. */
  private static final int SHORT_BODY = 1 << 14;

  private final ServedModel served;
  private final Meters meters;
  private final Newest newest;
  private final Baseline baseline;
  private final ObjectMapper json;
  private final RequestBody requestBody;
  private final DocumentReader documents;
  private final OrderedLines lines;
  private final long lineSize;
  private final Admission requests;
  private final Admission streams;

  ClassifyResource(
      ServedModel served,
      Meters meters,
      Newest newest,
      Baseline baseline,
      ObjectMapper json,
      Vertx vertx,
      InferenceConfig config) {
    var limits = config.limits();
    this.served = served;
    this.meters = meters;
    this.newest = newest;
    this.baseline = baseline;
    this.json = json;
    this.requestBody = new RequestBody(vertx, limits);
    this.documents = new DocumentReader(limits.documents(), limits.textCharacters());
    this.lineSize = limits.lineSize().asLongValue();
    this.lines = new OrderedLines(WINDOW, Math.toIntExact(lineSize));
    this.requests = new Admission(limits.concurrentRequests());
    this.streams = new Admission(limits.concurrentStreams());
    meters.inFlight("/v1/classify", requests::inFlight);
    meters.inFlight("/v1/classify/stream", streams::inFlight);
  }

  /** One document gives one classification, an array an array. */
  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces(MediaType.APPLICATION_JSON)
  public CompletionStage<byte[]> classify(
      @Context HttpServerRequest request,
      @QueryParam("limit") String limit,
      @QueryParam("threshold") String threshold,
      @QueryParam("explain") String explain) {
    var model = model();
    var selection = Selections.of(limit, threshold, explain);
    return requestBody
        .read(request)
        .thenCompose(
            body ->
                isQuick(body, selection)
                    ? CompletableFuture.completedStage(answer(model, body, selection))
                    : CompletableFuture.supplyAsync(
                        () -> answer(model, body, selection), Thread::startVirtualThread));
  }

  private static boolean isQuick(RequestBody.Body body, Selection selection) {
    return body.size() <= SHORT_BODY && !body.beginsWith('[') && !selection.explain();
  }

  private byte[] answer(Model model, RequestBody.Body body, Selection selection) {
    try (body;
        var _ = requests.admit()) {
      var read = documents.read(body.bytes(), 1);
      return write(
          read.array()
              ? classify(model, read.documents(), selection)
              : classify(model, read.documents().getFirst(), selection));
    }
  }

  /** Every line that is a document gives a line that is a classification or a problem. */
  @POST
  @Path("stream")
  @Consumes({"application/x-ndjson", "application/jsonl", MediaType.APPLICATION_OCTET_STREAM})
  @Produces("application/x-ndjson")
  @RunOnVirtualThread
  public StreamingOutput stream(
      InputStream body,
      @Context HttpServerRequest request,
      @QueryParam("limit") String limit,
      @QueryParam("threshold") String threshold,
      @QueryParam("explain") String explain) {
    var model = model();
    var selection = Selections.of(limit, threshold, explain);
    var permit = streams.admit();
    return out -> {
      try (permit) {
        lines.run(body, out, line -> answerLine(model, line, selection));
      } catch (IOException e) {
        LOG.debug("A stream broke off", e);
        request.connection().close(); // the client must not take what it has for all
      }
    };
  }

  private byte[] answerLine(Model model, LineReader.Line line, Selection selection) {
    try {
      if (line.tooLong()) {
        throw Problems.lineTooLong(lineSize);
      }
      var read = documents.read(line.bytes(), line.number());
      if (read.array()) {
        throw Problems.badRequest("The line is an array: write one document, a JSON object.");
      }
      return write(classify(model, read.documents().getFirst(), selection));
    } catch (HttpProblem problem) {
      meters.refusedLine();
      return write(HttpProblem.builder(problem).with("line", line.number()).build());
    } catch (RuntimeException e) {
      LOG.error("A document of a stream cannot be answered", e);
      return write(HttpProblem.builder(Problems.internal()).with("line", line.number()).build());
    }
  }

  private List<Classification> classify(Model model, List<Document> several, Selection selection) {
    return several.stream()
        .gather(Gatherers.mapConcurrent(CORES, d -> classify(model, d, selection)))
        .toList();
  }

  private Classification classify(Model model, Document document, Selection selection) {
    var start = System.nanoTime();
    var classification = model.classify(document, selection);
    var nanos = System.nanoTime() - start;
    meters.answered(nanos, classification.suggestions().size());
    newest.document(nanos, classification);
    baseline.document(document, selection, classification);
    return classification;
  }

  private Model model() {
    return served.get().orElseThrow(Problems::notReady);
  }

  private byte[] write(Object answer) {
    try {
      return json.writeValueAsBytes(answer);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an answer is always JSON", e);
    }
  }
}
