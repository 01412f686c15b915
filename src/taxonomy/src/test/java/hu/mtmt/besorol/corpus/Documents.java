package hu.mtmt.besorol.corpus;

/** Documents for tests. */
final class Documents {
  private Documents() {}

  static Document of(String id, String title, String abstractText) {
    return new Document(id, title, abstractText, null, null, null, null, null);
  }
}
