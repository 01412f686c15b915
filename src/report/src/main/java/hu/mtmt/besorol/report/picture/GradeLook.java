package hu.mtmt.besorol.report.picture;

import hu.mtmt.besorol.contract.Grades;
import hu.mtmt.besorol.contract.Grades.Grade;

/**
 * How a grade is told from the others: by a colour of the palette of Okabe and Ito (2008), which
 * people with any colour vision can tell apart, by a hatching, and in text by a symbol.
 */
public enum GradeLook {
  GREEN(Grade.GREEN, "#009e73", "#004d38", Hatching.NONE, "✓"),
  YELLOW(Grade.YELLOW, "#f0e442", "#8a7d00", Hatching.STRIPES, "~"),
  RED(Grade.RED, "#d55e00", "#6e2f00", Hatching.CROSSES, "✕"),
  BLUE(Grade.BLUE, "#a6d5f2", "#0072b2", Hatching.DOTS, "?");

  /** What is drawn over the colour. */
  public enum Hatching {
    NONE,
    /** Rising diagonals. */
    STRIPES,
    /** Diagonals both ways. */
    CROSSES,
    DOTS
  }

  private final Grade grade;
  private final String fill;
  private final String ink;
  private final Hatching hatching;
  private final String symbol;

  GradeLook(Grade grade, String fill, String ink, Hatching hatching, String symbol) {
    this.grade = grade;
    this.fill = fill;
    this.ink = ink;
    this.hatching = hatching;
    this.symbol = symbol;
  }

  public static GradeLook of(Grade grade) {
    return valueOf(grade.name());
  }

  /** Colour of a bubble, {@code #rrggbb}. */
  public String fill() {
    return fill;
  }

  /** Colour of its border and hatching. */
  public String ink() {
    return ink;
  }

  /** Colour of text on it. */
  public String text() {
    return this == GREEN || this == RED ? "#ffffff" : "#1b1b1b";
  }

  public Hatching hatching() {
    return hatching;
  }

  /** A character that stands for it in text. */
  public String symbol() {
    return symbol;
  }

  /** Its name: {@code green}. */
  public String id() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  /** What it means. */
  public String meaning(Grades grades) {
    return switch (grade) {
      case GREEN -> "F1 at least " + grades.green();
      case YELLOW -> "F1 at least " + grades.yellow();
      case RED -> "F1 below " + grades.yellow();
      case BLUE ->
          grades.minimumDocuments() == 1
              ? "no data"
              : "no data: fewer than " + grades.minimumDocuments() + " documents";
    };
  }
}
