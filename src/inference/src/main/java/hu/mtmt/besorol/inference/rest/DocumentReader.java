package hu.mtmt.besorol.inference.rest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import hu.mtmt.besorol.classifiers.text.Languages;
import hu.mtmt.besorol.corpus.Document;
import io.quarkiverse.resteasy.problem.HttpProblem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads documents out of JSON, token by token: so every mistake has its place, limits hold while
 * reading and not afterwards, and nothing of it needs reflection.
 */
final class DocumentReader {
  /** More mistakes than these are counted, not told. */
  private static final int MISTAKES_TOLD = 20;

  private static final JsonFactory FACTORY =
      JsonFactory.builder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();

  private final int maximumDocuments;
  private final int maximumCharacters;

  /**
   * @param maximumDocuments most documents in an array
   * @param maximumCharacters most characters of all texts of a document
   */
  DocumentReader(int maximumDocuments, int maximumCharacters) {
    this.maximumDocuments = maximumDocuments;
    this.maximumCharacters = maximumCharacters;
  }

  /**
   * What a body holds.
   *
   * @param array whether it is an array; otherwise there is one document
   */
  record Body(boolean array, List<Document> documents) {}

  /**
   * Reads one document, or an array of documents.
   *
   * @param firstLine number of the first line, for messages
   * @throws HttpProblem if it is neither, naming every place
   */
  Body read(byte[] json, long firstLine) {
    try (var parser = FACTORY.createParser(json)) {
      var reading = new Reading(parser, firstLine - 1);
      var body =
          switch (parser.nextToken()) {
            case null ->
                throw Problems.badRequest(
                    "The body is empty: send a document as a JSON object, or an array of them.");
            case START_OBJECT -> new Body(false, List.of(reading.document(null)));
            case START_ARRAY -> new Body(true, reading.documents());
            default ->
                throw Problems.badRequest(
                    "The body is no document: send a JSON object, or an array of them.");
          };
      if (parser.nextToken() != null) {
        throw malformed("the document ends before this", parser.currentTokenLocation(), firstLine);
      }
      reading.throwMistakes();
      return body;
    } catch (JsonProcessingException e) {
      throw malformed(withoutInternals(e.getOriginalMessage()), e.getLocation(), firstLine);
    } catch (IOException e) {
      throw new UncheckedIOException("bytes in memory cannot fail", e);
    }
  }

  private static HttpProblem malformed(String what, JsonLocation at, long firstLine) {
    return Problems.malformed(what, firstLine - 1 + at.getLineNr(), at.getColumnNr());
  }

  /** Without Jackson's remarks on its own classes and settings. */
  private static String withoutInternals(String message) {
    return message.lines().findFirst().orElse("").replaceAll(" \\(start marker at .*", "");
  }

  /** The reading of one body. */
  private final class Reading {
    private final JsonParser parser;
    private final long linesBefore;
    private final List<Mistake> mistakes = new ArrayList<>();
    private int mistakesFound;
    private Integer index;

    Reading(JsonParser parser, long linesBefore) {
      this.parser = parser;
      this.linesBefore = linesBefore;
    }

    void throwMistakes() {
      if (mistakesFound > 0) {
        throw Problems.invalidDocuments(mistakes, mistakesFound);
      }
    }

    List<Document> documents() throws IOException {
      var documents = new ArrayList<Document>();
      for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
        if (i == maximumDocuments) {
          throw Problems.tooManyDocuments(maximumDocuments);
        }
        if (parser.currentToken() == JsonToken.START_OBJECT) {
          documents.add(document(i));
        } else {
          index = i;
          mistake(null, "write a document as a JSON object");
          parser.skipChildren();
        }
      }
      return documents;
    }

    /** Reads the object that the parser stands at. */
    Document document(Integer documentIndex) throws IOException {
      index = documentIndex;
      var before = mistakesFound;
      var start = parser.currentTokenLocation();
      String id = null;
      String title = null;
      String abstractText = null;
      List<String> keywords = null;
      String journal = null;
      String language = null;
      Integer year = null;
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        var field = parser.currentName();
        parser.nextToken();
        switch (field) {
          case "id" -> id = text(field);
          case "title" -> title = text(field);
          case "abstract" -> abstractText = text(field);
          case "keywords" -> keywords = texts(field);
          case "journal" -> journal = text(field);
          case "language" -> language = language(field);
          case "year" -> year = year(field);
          default -> parser.skipChildren();
        }
      }
      var document = new Document(id, title, abstractText, keywords, journal, language, year, null);
      if (mistakesFound == before && document.withoutText()) {
        mistake(
            null,
            "it has no text: give it at least a title, an abstract, keywords or a journal",
            start);
      }
      checkLength(document);
      return document;
    }

    private void checkLength(Document document) {
      var characters =
          length(document.title())
              + length(document.abstractText())
              + length(document.journal())
              + document.keywords().stream().mapToLong(String::length).sum();
      if (characters > maximumCharacters) {
        throw Problems.textTooLong(Mistake.place(index, null), characters, maximumCharacters);
      }
    }

    private static long length(String text) {
      return text == null ? 0 : text.length();
    }

    /** Whole numbers are taken as texts, as in files of documents. */
    private String text(String field) throws IOException {
      return switch (parser.currentToken()) {
        case VALUE_STRING, VALUE_NUMBER_INT -> parser.getText();
        case VALUE_NULL -> null;
        default -> wrong(field, "write text in quotes");
      };
    }

    private List<String> texts(String field) throws IOException {
      return switch (parser.currentToken()) {
        case START_ARRAY -> {
          var texts = new ArrayList<String>();
          while (parser.nextToken() != JsonToken.END_ARRAY) {
            var place = field + "[" + texts.size() + "]";
            if (parser.currentToken() == JsonToken.VALUE_NULL) {
              mistake(place, "write text in quotes");
            }
            var text = text(place);
            texts.add(text == null ? "" : text);
          }
          yield texts;
        }
        case VALUE_NULL -> null;
        default -> wrong(field, "write an array of texts");
      };
    }

    private String language(String field) throws IOException {
      var language = text(field);
      return language == null || Languages.isKnown(language)
          ? language
          : wrong(
              field,
              "it is no language code of ISO 639-1: write one such as en or hu, or leave the field"
                  + " out");
    }

    private Integer year(String field) throws IOException {
      return switch (parser.currentToken()) {
        case VALUE_NUMBER_INT -> {
          var year = parser.getLongValue();
          yield year == (int) year ? (Integer) (int) year : wrong(field, "write a year");
        }
        case VALUE_NULL -> null;
        default -> wrong(field, "write a whole number");
      };
    }

    /** Notes a mistake, skips the value and gives null for it. */
    private <T> T wrong(String field, String detail) throws IOException {
      mistake(field, detail);
      parser.skipChildren();
      return null;
    }

    private void mistake(String field, String detail) {
      mistake(field, detail, parser.currentTokenLocation());
    }

    private void mistake(String field, String detail, JsonLocation at) {
      mistakesFound++;
      if (mistakes.size() < MISTAKES_TOLD) {
        mistakes.add(
            new Mistake(index, field, detail, linesBefore + at.getLineNr(), at.getColumnNr()));
      }
    }
  }
}
