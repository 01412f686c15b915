package hu.mtmt.besorol.taxonomy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TaxonomyTest {
  /** Children stand before parents on purpose. */
  private static final Taxonomy TREE =
      Taxonomy.of(
          List.of(
              new Subject("a1x", "a1", null),
              new Subject("a", null, null),
              new Subject("a1", "a", null),
              new Subject("a2", "a", null),
              new Subject("b", null, null)));

  private static final int A1X = 0;
  private static final int A = 1;
  private static final int A1 = 2;
  private static final int A2 = 3;
  private static final int B = 4;

  @Test
  void numbersSubjectsInTheirOrder() {
    assertThat(TREE.size()).isEqualTo(5);
    assertThat(TREE.indexOf("a1")).isEqualTo(A1);
    assertThat(TREE.subject(A1).id()).isEqualTo("a1");
    assertThat(TREE.indexOf("nobody")).isEqualTo(-1);
  }

  @Test
  void knowsTheWayToTheRoot() {
    assertThat(TREE.level(A)).isEqualTo(1);
    assertThat(TREE.level(A1X)).isEqualTo(3);
    assertThat(TREE.depth()).isEqualTo(3);
    assertThat(TREE.parent(A1X)).isEqualTo(A1);
    assertThat(TREE.parent(B)).isEqualTo(-1);
    assertThat(TREE.root(A1X)).isEqualTo(A);
    assertThat(TREE.path(A1X)).containsExactly(A, A1, A1X);
    assertThat(TREE.pathIds(A1X)).containsExactly("a", "a1", "a1x");
  }

  @Test
  void takesSubjectsOfOneParentForSiblingsButNoRoots() {
    assertThat(TREE.siblings(A1, A2)).isTrue();
    assertThat(TREE.siblings(A1, A1)).isFalse();
    assertThat(TREE.siblings(A, B)).isFalse();
    assertThat(TREE.siblings(A1X, A2)).isFalse();
  }

  @Test
  void rollsUpToALevel() {
    var target = new TargetLevel(TREE, 2);

    assertThat(target.rollUp(A1X)).isEqualTo(A1);
    assertThat(target.rollUp(B)).isEqualTo(B);
    assertThat(target.rollUp(List.of("b", "a1x", "a1", "a"))).containsExactly(A, A1, B);
    assertThat(target.contains(A1X)).isFalse();
    assertThat(target.contains(A2)).isTrue();
    assertThatThrownBy(() -> target.rollUp(List.of("nobody"))).hasMessageContaining("nobody");
  }

  @Test
  void rollsNothingUpWithoutALevel() {
    assertThat(new TargetLevel(TREE, null).rollUp(List.of("a1x", "a1x", "a")))
        .containsExactly(A1X, A);
  }

  @Test
  void refusesWhatIsNoForest() {
    assertThatThrownBy(() -> Taxonomy.of(List.of(new Subject("a", "b", null))))
        .hasMessageContaining("parent b of a is missing");
    assertThatThrownBy(
            () -> Taxonomy.of(List.of(new Subject("a", null, null), new Subject("a", null, null))))
        .hasMessageContaining("id a");
    assertThatThrownBy(
            () -> Taxonomy.of(List.of(new Subject("a", "b", null), new Subject("b", "a", null))))
        .hasMessageContaining("cycle");
  }

  @Test
  void namesASubjectInTheLanguageAskedForOrAnother() {
    var subject = new Subject("id", null, Map.of("hu", "Matek", "en", "Maths"), null, null, false);

    assertThat(subject.label("hu")).isEqualTo("Matek");
    assertThat(subject.label("de")).isEqualTo("Maths");
    assertThat(new Subject("id", null, Map.of("hu", "Matek"), null, null, false).label("de"))
        .isEqualTo("Matek");
    assertThat(new Subject("id", null, null).label("hu")).isEqualTo("id");
  }
}
