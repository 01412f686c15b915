package hu.mtmt.besorol.evaluation;

import hu.mtmt.besorol.contract.Grades;
import java.util.Collection;

/**
 * How often each subject, by its number, is true, answered, and both.
 *
 * @param truth documents that have it
 * @param answered documents that it was answered for
 * @param right those of the answered that have it
 */
record SubjectCounts(int[] truth, int[] answered, int[] right) {

  /** Counts over {@code documents} for subjects 0 to {@code subjects} − 1. */
  static SubjectCounts of(Collection<Judged> documents, int subjects) {
    var counts = new SubjectCounts(new int[subjects], new int[subjects], new int[subjects]);
    documents.forEach(counts::add);
    return counts;
  }

  private void add(Judged judged) {
    for (int s : judged.truth()) {
      truth[s]++;
    }
    for (int i = 0; i < judged.answered(); i++) {
      int s = judged.ranked()[i];
      answered[s]++;
      right[s] += judged.isTrue(s) ? 1 : 0;
    }
  }

  double precision(int subject) {
    return Formula.share(right[subject], answered[subject]);
  }

  double recall(int subject) {
    return Formula.share(right[subject], truth[subject]);
  }

  double f1(int subject) {
    return Formula.share(2.0 * right[subject], (double) truth[subject] + answered[subject]);
  }

  Grades.Grade grade(int subject, Grades grades) {
    return grades.grade(truth[subject], f1(subject));
  }

  /** Mean F1 of the subjects that some document has; 0 if there are none. */
  double macroF1() {
    double sum = 0;
    int subjects = 0;
    for (int s = 0; s < truth.length; s++) {
      if (truth[s] > 0) {
        sum += f1(s);
        subjects++;
      }
    }
    return Formula.share(sum, subjects);
  }

  /** How many subjects have that grade. */
  int graded(Grades.Grade wanted, Grades grades) {
    int count = 0;
    for (int s = 0; s < truth.length; s++) {
      count += grade(s, grades) == wanted ? 1 : 0;
    }
    return count;
  }
}
