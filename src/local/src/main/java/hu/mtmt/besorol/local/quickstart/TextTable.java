package hu.mtmt.besorol.local.quickstart;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Rows of text in columns that are as wide as need be. */
final class TextTable {
  private final List<List<String>> rows = new ArrayList<>();

  TextTable(String... head) {
    rows.add(List.of(head));
  }

  TextTable row(String... cells) {
    rows.add(List.of(cells));
    return this;
  }

  /** One line a row, indented by two spaces. */
  List<String> lines() {
    var widths =
        IntStream.range(0, rows.getFirst().size())
            .map(i -> rows.stream().mapToInt(r -> width(r.get(i))).max().orElse(0))
            .toArray();
    return rows.stream()
        .map(
            r ->
                IntStream.range(0, r.size())
                    .mapToObj(i -> r.get(i) + " ".repeat(widths[i] - width(r.get(i))))
                    .collect(Collectors.joining("  ", "  ", ""))
                    .stripTrailing())
        .toList();
  }

  private static int width(String text) {
    return text.codePointCount(0, text.length());
  }
}
