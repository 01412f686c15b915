package hu.mtmt.besorol.contract;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.contract.Grades.Grade;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GradesTest {
  private static final Grades GRADES = new Grades("0.7", "0.4", 3);

  @ParameterizedTest
  @CsvSource({
    "3, 1,      GREEN",
    "3, 0.7,    GREEN",
    "3, 0.6999, YELLOW",
    "3, 0.4,    YELLOW",
    "3, 0.3999, RED",
    "3, 0,      RED",
    "2, 1,      BLUE",
    "0, 0,      BLUE"
  })
  void restOnF1AndOnEnoughDocuments(int documents, double f1, Grade grade) {
    assertThat(GRADES.grade(documents, f1)).isEqualTo(grade);
  }
}
