package hu.mtmt.besorol.corpus;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * A scientific publication as far as its subjects can be told from it. Every field may be absent;
 * fields that are not named here are ignored.
 *
 * @param id its id in the database that it comes from
 * @param title its title
 * @param abstractText its abstract
 * @param keywords its authors' keywords; never null
 * @param journal where it appeared
 * @param language ISO 639-1 code of the language of its text, such as {@code en}
 * @param year of publication
 * @param subjects ids of its true subjects; never null, empty if not known
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Document(
    String id,
    String title,
    @JsonProperty("abstract") String abstractText,
    List<String> keywords,
    String journal,
    String language,
    Integer year,
    List<String> subjects) {

  public Document {
    keywords = keywords == null ? List.of() : List.copyOf(keywords);
    subjects = subjects == null ? List.of() : List.copyOf(subjects);
  }

  /** Whether there is no text at all to tell subjects from. */
  public boolean withoutText() {
    return isBlank(title)
        && isBlank(abstractText)
        && isBlank(journal)
        && keywords.stream().allMatch(Document::isBlank);
  }

  private static boolean isBlank(String text) {
    return text == null || text.isBlank();
  }
}
