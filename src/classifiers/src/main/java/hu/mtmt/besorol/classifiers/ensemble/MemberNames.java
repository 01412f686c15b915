package hu.mtmt.besorol.classifiers.ensemble;

import hu.mtmt.besorol.contract.Algorithm;
import hu.mtmt.besorol.contract.AlgorithmParameters;
import java.util.ArrayList;
import java.util.List;

/** What members are called in explanations. */
final class MemberNames {
  private MemberNames() {}

  /** The families' names, numbered where there are several of a family. */
  static List<String> of(List<AlgorithmParameters> parameters) {
    var families = parameters.stream().map(p -> Algorithm.of(p).type().written()).toList();
    var names = new ArrayList<String>();
    for (int m = 0; m < families.size(); m++) {
      var family = families.get(m);
      boolean only = families.stream().filter(family::equals).count() == 1;
      long number = families.subList(0, m + 1).stream().filter(family::equals).count();
      names.add(only ? family : family + " " + number);
    }
    return names;
  }
}
