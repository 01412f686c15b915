package hu.mtmt.besorol.taxonomy;

import hu.mtmt.besorol.files.InputFile;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.eclipse.rdf4j.model.Literal;
import org.eclipse.rdf4j.model.Resource;
import org.eclipse.rdf4j.model.Statement;
import org.eclipse.rdf4j.model.Value;
import org.eclipse.rdf4j.model.vocabulary.OWL;
import org.eclipse.rdf4j.model.vocabulary.RDF;
import org.eclipse.rdf4j.model.vocabulary.SKOS;
import org.eclipse.rdf4j.rio.RDFHandlerException;
import org.eclipse.rdf4j.rio.RDFParseException;
import org.eclipse.rdf4j.rio.RDFParser;
import org.eclipse.rdf4j.rio.helpers.AbstractRDFHandler;
import org.eclipse.rdf4j.rio.helpers.XMLParserSettings;
import org.eclipse.rdf4j.rio.rdfxml.RDFXMLParser;
import org.eclipse.rdf4j.rio.turtle.TurtleParser;

/**
 * Subjects as SKOS concepts (W3C 2009), in Turtle or RDF/XML. Loaded only when such a file is read:
 * nothing else in the program needs RDF.
 *
 * <p>A subject is what has the type {@code skos:Concept}. Its id is its URI, as written in the
 * documents' {@code subjects} too; notations are not used. Its parent is its {@code skos:broader},
 * or what has it as {@code skos:narrower}; several are a problem, because subjects form a tree. The
 * first {@code prefLabel} of a language is its name, further ones and {@code altLabel}s are other
 * names, {@code definition} (for want of one {@code scopeNote}) is its description, {@code
 * owl:deprecated} is kept. Of language tags the first part counts: {@code en-GB} is {@code en}.
 */
final class SkosTaxonomy {
  private SkosTaxonomy() {}

  static void read(InputFile file, SubjectCollector subjects) {
    var concepts = new Concepts();
    var parser = parser(file.extension());
    parser.setRDFHandler(concepts);
    parser.setParseLocationListener((line, _) -> concepts.line = line);
    try (var content = file.content(TaxonomyFile.MAXIMUM_BYTES)) {
      if (parser instanceof TurtleParser) {
        parser.parse(new InputStreamReader(content, StandardCharsets.UTF_8.newDecoder()));
      } else { // XML says itself how it is encoded
        parser.parse(content);
      }
    } catch (RDFParseException e) {
      subjects.problem(
          Math.max(e.getLineNumber(), 0),
          "not %s: %s".formatted(parser.getRDFFormat().getName(), e.getMessage()));
      return;
    } catch (IOException e) {
      throw file.failure(e);
    }
    concepts.addTo(subjects);
  }

  /** Entities that a file declares itself are common in RDF/XML; none are fetched. */
  private static RDFParser parser(String extension) {
    if (extension.equals("ttl")) {
      return new TurtleParser();
    }
    var parser = new RDFXMLParser();
    parser.set(XMLParserSettings.SECURE_PROCESSING, true);
    parser.set(XMLParserSettings.DISALLOW_DOCTYPE_DECL, false);
    parser.set(XMLParserSettings.EXTERNAL_GENERAL_ENTITIES, false);
    parser.set(XMLParserSettings.EXTERNAL_PARAMETER_ENTITIES, false);
    parser.set(XMLParserSettings.LOAD_EXTERNAL_DTD, false);
    return parser;
  }

  /** What is said of one resource. */
  private static final class Draft {
    final long line;
    boolean concept;
    boolean deprecated;
    final Set<String> broader = new LinkedHashSet<>();
    final Map<String, String> labels = new TreeMap<>();
    final Map<String, List<String>> alternativeLabels = new TreeMap<>();
    final Map<String, String> definitions = new TreeMap<>();
    final Map<String, String> scopeNotes = new TreeMap<>();

    Draft(long line) {
      this.line = line;
    }

    Subject subject(String id) {
      scopeNotes.forEach(definitions::putIfAbsent);
      return new Subject(
          id,
          broader.stream().findFirst().orElse(null),
          labels,
          alternativeLabels,
          definitions,
          deprecated);
    }
  }

  /** Collects statements by what they are about. */
  private static final class Concepts extends AbstractRDFHandler {
    private final Map<Resource, Draft> drafts = new LinkedHashMap<>();
    private long line;

    @Override
    public void handleStatement(Statement statement) throws RDFHandlerException {
      var property = statement.getPredicate();
      var value = statement.getObject();
      if (property.equals(SKOS.NARROWER) && value instanceof Resource narrower) {
        draft(narrower).broader.add(statement.getSubject().stringValue());
      } else if (property.equals(RDF.TYPE)) {
        draft(statement.getSubject()).concept |= value.equals(SKOS.CONCEPT);
      } else if (property.equals(SKOS.BROADER)) {
        draft(statement.getSubject()).broader.add(value.stringValue());
      } else if (value instanceof Literal literal) {
        handleLiteral(draft(statement.getSubject()), property, literal);
      }
    }

    private Draft draft(Resource resource) {
      return drafts.computeIfAbsent(resource, _ -> new Draft(line));
    }

    private static void handleLiteral(Draft draft, Value property, Literal literal) {
      var language = language(literal);
      var text = literal.getLabel().strip();
      if (property.equals(SKOS.PREF_LABEL)) {
        var first = draft.labels.putIfAbsent(language, text);
        if (first != null && !first.equals(text)) {
          alternativeLabels(draft, language).add(text);
        }
      } else if (property.equals(SKOS.ALT_LABEL)) {
        alternativeLabels(draft, language).add(text);
      } else if (property.equals(SKOS.DEFINITION)) {
        draft.definitions.putIfAbsent(language, text);
      } else if (property.equals(SKOS.SCOPE_NOTE)) {
        draft.scopeNotes.putIfAbsent(language, text);
      } else if (property.equals(OWL.DEPRECATED)) {
        draft.deprecated = text.equals("true") || text.equals("1");
      }
    }

    private static List<String> alternativeLabels(Draft draft, String language) {
      return draft.alternativeLabels.computeIfAbsent(language, _ -> new ArrayList<>());
    }

    private static String language(Literal literal) {
      return literal
          .getLanguage()
          .map(tag -> tag.split("[-_]")[0].toLowerCase(Locale.ROOT))
          .orElse(Subject.NO_LANGUAGE);
    }

    void addTo(SubjectCollector subjects) {
      drafts.forEach(
          (resource, draft) -> {
            if (draft.concept && resource.isBNode()) {
              subjects.problem(draft.line, "a skos:Concept has no URI: give it one, it is its id");
            } else if (draft.concept) {
              if (draft.broader.size() > 1) {
                subjects.problem(
                    draft.line,
                    "%s has %d broader concepts (%s), but subjects form a tree: keep one"
                        .formatted(
                            resource,
                            draft.broader.size(),
                            draft.broader.stream().limit(3).collect(Collectors.joining(", "))));
              }
              subjects.add(draft.line, draft.subject(resource.stringValue()));
            }
          });
    }
  }
}
