package hu.mtmt.besorol.classifiers;

import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.Suggestion;
import hu.mtmt.besorol.corpus.Document;
import io.fabric8.generator.annotation.Required;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Documents with the answers that the trained model gave: {@value #FILE} of a package, a JSON line
 * for each. Whoever loads the package answers them too and so knows that it computes the same.
 */
final class SelfTest {
  /** The file's name in a package. */
  static final String FILE = "selftest.jsonl";

  /** How many subjects of each document are kept. */
  static final int RANKED = 5;

  private SelfTest() {}

  /**
   * A document and what was answered.
   *
   * @param document its text
   * @param suggestions the best ranked subjects, the best first
   */
  record Case(@Required Document document, @Required List<Suggestion> suggestions) {}

  static byte[] write(List<Case> cases) {
    var lines = new ByteArrayOutputStream();
    for (var c : cases) {
      lines.writeBytes(ContractJson.writeLine(c));
      lines.write('\n');
    }
    return lines.toByteArray();
  }

  static List<Case> read(byte[] lines) {
    var cases = new ArrayList<Case>();
    for (var line : new String(lines, StandardCharsets.UTF_8).lines().toList()) {
      var name = FILE + ":" + (cases.size() + 1);
      cases.add(ContractJson.readPart(line.getBytes(StandardCharsets.UTF_8), Case.class, name));
    }
    return cases;
  }
}
