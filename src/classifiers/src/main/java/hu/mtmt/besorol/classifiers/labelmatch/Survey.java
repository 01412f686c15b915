package hu.mtmt.besorol.classifiers.labelmatch;

import hu.mtmt.besorol.classifiers.TrainingSet;
import hu.mtmt.besorol.classifiers.text.Hashes;
import hu.mtmt.besorol.classifiers.text.Languages;
import java.util.Arrays;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What must be known of training documents before they are matched.
 *
 * @param languages theirs, ISO 639-1
 * @param documents how many there are
 * @param checksum a number that other documents would hardly have too
 */
record Survey(SortedSet<String> languages, int documents, long checksum) {

  static Survey of(TrainingSet set) {
    var languages = new TreeSet<String>();
    int size = 0;
    long checksum = 0;
    try (var documents = set.documents()) {
      for (var iterator = documents.iterator(); iterator.hasNext(); size++) {
        var example = iterator.next();
        var d = example.document();
        if (d.language() != null && Languages.isKnown(d.language())) {
          languages.add(d.language());
        }
        int text =
            Objects.hash(d.title(), d.abstractText(), d.keywords(), d.journal(), d.language());
        checksum = Hashes.join(checksum, text);
        checksum = Hashes.join(checksum, Arrays.hashCode(example.labels()));
      }
    }
    return new Survey(languages, size, checksum);
  }
}
