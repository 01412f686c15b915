package hu.mtmt.besorol.trainer.commands;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Rows of text in columns that are as wide as need be: the first to the left, the others right. */
final class Table {
  private final List<List<String>> rows = new ArrayList<>();
  private final boolean numbers;

  private Table(boolean numbers) {
    this.numbers = numbers;
  }

  /** A name and a value a row. */
  static Table ofFacts() {
    return new Table(false);
  }

  /** A name and numbers a row, under a head if one is given. */
  static Table ofNumbers(String... head) {
    var table = new Table(true);
    return head.length == 0 ? table : table.row(head);
  }

  Table row(String... cells) {
    rows.add(List.of(cells));
    return this;
  }

  void print(PrintStream out) {
    int columns = rows.stream().mapToInt(List::size).max().orElse(0);
    var widths = new int[columns];
    for (var row : rows) {
      for (int i = 0; i < row.size(); i++) {
        widths[i] = Math.max(widths[i], width(row.get(i)));
      }
    }
    for (var row : rows) {
      var line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        var padding = " ".repeat(widths[i] - width(row.get(i)));
        line.append(i == 0 ? "" : "  ");
        line.append(i > 0 && numbers ? padding + row.get(i) : row.get(i) + padding);
      }
      out.println(line.toString().stripTrailing());
    }
  }

  /** Colours take no room. */
  private static int width(String text) {
    var visible = text.replaceAll("\u001b\\[[0-9;]*m", "");
    return visible.codePointCount(0, visible.length());
  }
}
