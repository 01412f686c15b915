package hu.mtmt.besorol.report;

import hu.mtmt.besorol.contract.EvaluationReport.Slice;
import hu.mtmt.besorol.contract.EvaluationReport.SubjectResult;
import hu.mtmt.besorol.contract.Grades.Grade;
import hu.mtmt.besorol.contract.Metric;
import hu.mtmt.besorol.evaluation.Calibration;
import hu.mtmt.besorol.evaluation.Confusions;
import hu.mtmt.besorol.evaluation.Evaluation;
import hu.mtmt.besorol.evaluation.PrecisionRecall;
import hu.mtmt.besorol.report.picture.GradeLook;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The report as one HTML file that loads nothing: style, script and data are in it, and a content
 * security policy forbids everything else. It holds no times and no names of machines: the same
 * input gives the same bytes.
 */
public final class HtmlReport {
  /** The report's name in a package. */
  public static final String FILE = "report.html";

  private static final int CURVE_POINTS = 200;

  /** A taxonomy without levels has as many branches as subjects. */
  private static final int BRANCHES = 200;

  /** So many of siblings and so many of others. */
  private static final int CONFUSIONS = 25;

  /** One document may be a slip; two of the same are worth a look. */
  private static final int CONFUSED_AT_LEAST = 2;

  private static final List<Metric> OF_SLICES =
      List.of(
          Metric.STRICT_PRECISION,
          Metric.STRICT_RECALL,
          Metric.STRICT_F1,
          Metric.LENIENT_F1,
          Metric.MACRO_F1,
          Metric.GREEN_SUBJECTS,
          Metric.RED_SUBJECTS);

  private final ReportInput input;
  private final Languages languages;
  private final Markup html = new Markup();

  private HtmlReport(ReportInput input) {
    this.input = input;
    this.languages = Languages.of(input.target().taxonomy(), input.language());
  }

  /** The report, in UTF-8. */
  public static byte[] write(ReportInput input) {
    return new HtmlReport(input).page().getBytes(StandardCharsets.UTF_8);
  }

  private String page() {
    var style = palette() + resource("report.css");
    var script = resource("report.js");
    header();
    html.open("main");
    section("picture", "Picture", null, this::picture);
    section("tables", "Levels and branches", null, this::levelsAndBranches);
    section("subjects", "Subjects", null, this::subjects);
    section("curves", "Scores", null, this::curves);
    section(
        "confusions",
        "Confusions worth knowing",
        "A subject answered where another one was missed; siblings (subjects of one parent) first.",
        this::confusions);
    section("slices", "By language and year", null, this::slices);
    section(
        "examples",
        "Wrong answers",
        "Where the classifier was surest and still wrong.",
        this::examples);
    html.close();
    return """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src '%s'; style-src '%s'; img-src data:; base-uri 'none'; form-action 'none'">
    <link rel="icon" href="data:,">
    %s
    <style>%s</style>
    </head>
    <body>
    %s
    <script type="application/json" id="data">%s</script>
    <script>%s</script>
    </body>
    </html>
    """
        .formatted(
            sha256(script),
            sha256(style),
            new Markup().element("title", input.title()),
            style,
            html,
            ReportData.json(input, languages),
            script);
  }

  /** Colours of the grades as properties of the style sheet. */
  private static String palette() {
    var palette = new StringBuilder(":root{");
    for (var look : GradeLook.values()) {
      palette.append(
          "--%1$s:%2$s;--%1$s-ink:%3$s;--%1$s-text:%4$s;"
              .formatted(look.id(), look.fill(), look.ink(), look.text()));
    }
    return palette.append("}\n").toString();
  }

  private void section(String id, String title, String caption, Runnable content) {
    html.open("section", "id", id, "aria-labelledby", id + "-title");
    html.element("h2", title, "id", id + "-title");
    if (caption != null) {
      html.element("p", caption, "class", "caption");
    }
    content.run();
    html.close();
  }

  private void header() {
    html.open("header", "class", "top");
    html.open("div", "class", "title");
    html.element("h1", input.title());
    html.open("div", "class", "switches");
    if (languages.all().size() > 1) {
      html.open("label").text("Labels in ").open("select", "id", "language");
      for (var language : languages.all()) {
        html.element("option", name(language), "value", language);
      }
      html.close().close();
    }
    html.element("button", "Dark", "id", "theme", "type", "button", "aria-pressed", "false");
    html.close().close();
    html.open("dl", "class", "facts");
    for (var fact : input.facts()) {
      html.open("div").element("dt", fact.name()).element("dd", fact.value()).close();
    }
    html.close();
    tiles();
    gradeBar();
    html.open("nav", "aria-label", "Parts of the report");
    for (var part :
        List.of(
            "picture Picture",
            "tables Levels and branches",
            "subjects Subjects",
            "curves Scores",
            "confusions Confusions",
            "slices Languages and years",
            "examples Wrong answers")) {
      var words = part.split(" ", 2);
      html.element("a", words[1], "href", "#" + words[0]);
    }
    html.close();
    html.element(
        "noscript", "The picture and the table of subjects are drawn by a script in this file.");
    html.close();
  }

  /** In English, which every JVM knows: other names are in a module that small ones leave out. */
  private static String name(String language) {
    var name = Locale.of(language).getDisplayLanguage(Locale.ENGLISH);
    return name.isEmpty() ? language : name;
  }

  private void tiles() {
    html.open("div", "class", "tiles");
    input
        .report()
        .overall()
        .metrics()
        .forEach(
            (metric, value) -> {
              if (metric.unit() == Metric.Unit.SHARE) {
                var kind = metric == Metric.STRICT_F1 ? "tile main" : "tile";
                html.open("div", "class", kind, "title", metric.written())
                    .element("span", title(metric), "class", "name")
                    .element("span", Chart.share(value), "class", "value")
                    .close();
              }
            });
    html.close();
  }

  /** How many subjects have each grade, as a bar. */
  private void gradeBar() {
    var subjects = input.report().subjects();
    long documents = subjects.stream().mapToLong(SubjectResult::documents).sum();
    html.open("ul", "class", "grades");
    for (var grade : Grade.values()) {
      var look = GradeLook.of(grade);
      var graded = subjects.stream().filter(s -> s.grade() == grade).toList();
      long have = graded.stream().mapToLong(SubjectResult::documents).sum();
      html.open("li", "class", look.id());
      badge(look);
      html.element("b", Integer.toString(graded.size())).text(" " + look.id());
      html.element(
          "small",
          look.meaning(input.grades())
              + (have == 0
                  ? ""
                  : ", " + Chart.percent((double) have / documents) + " of the data"));
      html.close();
    }
    html.close();
  }

  private void badge(GradeLook look) {
    html.element(
        "span",
        look.symbol(),
        "class",
        "badge " + look.id(),
        "role",
        "img",
        "aria-label",
        look.id());
  }

  private void picture() {
    html.element(
        "p",
        "Every bubble is a subject, inside the bubbles of the wider ones. Its area grows with the"
            + " documents that have it, learnt and judged; its colour and hatching are its grade."
            + " Click to go in, outside to go out, turn the wheel to zoom, drag to move.",
        "class",
        "caption");
    html.open("div", "class", "stage");
    html.open("div", "class", "controls");
    html.open("div", "class", "search", "role", "search");
    html.empty(
        "input",
        "id",
        "search",
        "type",
        "search",
        "placeholder",
        "Search a subject",
        "aria-label",
        "Search a subject by label or id",
        "autocomplete",
        "off",
        "role",
        "combobox",
        "aria-expanded",
        "false",
        "aria-controls",
        "matches",
        "aria-autocomplete",
        "list");
    html.element(
        "ul", "", "id", "matches", "role", "listbox", "aria-label", "Matches", "hidden", "");
    html.close();
    html.element("div", "", "id", "legend", "role", "group", "aria-label", "Show only some grades");
    html.open("div", "class", "zoom");
    button("in", "+", "Zoom in");
    button("out", "−", "Zoom out");
    button("whole", "Whole picture", "Show the whole picture");
    html.close().close();
    html.element("ol", "", "id", "path", "aria-label", "Where you are");
    html.open("div", "class", "view");
    html.element(
        "canvas",
        "",
        "id",
        "bubbles",
        "tabindex",
        "0",
        "role",
        "application",
        "aria-roledescription",
        "zoomable picture",
        "aria-label",
        "Subjects as bubbles. Left and right go to the next subject, Enter into it, Escape out of"
            + " it, plus and minus zoom. The same is in the table of subjects below.");
    html.element("aside", "", "id", "details", "aria-label", "Chosen subject");
    html.close();
    html.element("p", "", "id", "status", "class", "hidden", "role", "status");
    html.close();
  }

  private void button(String id, String text, String description) {
    html.element(
        "button",
        text,
        "type",
        "button",
        "id",
        id,
        "title",
        description,
        "aria-label",
        description);
  }

  private void levelsAndBranches() {
    sliceTable("By level of the taxonomy", "Level", input.report().levels(), html::text);
    var branches = input.report().branches();
    var largest =
        branches.stream()
            .sorted(Comparator.comparingLong(Slice::trueSubjects).reversed())
            .limit(BRANCHES)
            .collect(Collectors.toSet());
    sliceTable(
        "By branch", "Branch", branches.stream().filter(largest::contains).toList(), this::subject);
    if (largest.size() < branches.size()) {
      html.element(
          "p",
          "The %d of %d branches that most documents have; the table of subjects has all."
              .formatted(largest.size(), branches.size()),
          "class",
          "caption");
    }
  }

  private void sliceTable(
      String caption, String first, List<Slice> slices, Consumer<String> writeName) {
    html.open("div", "class", "scroll").open("table", "class", "sortable");
    html.element("caption", caption);
    html.open("thead").open("tr").element("th", first, "scope", "col");
    heads("Documents", "True", "Answered", "Right");
    OF_SLICES.forEach(metric -> heads(title(metric)));
    html.close().close().open("tbody");
    for (var slice : slices) {
      html.open("tr").open("th", "scope", "row");
      writeName.accept(slice.name());
      html.close();
      cell(Integer.toString(slice.documents()));
      cell(Long.toString(slice.trueSubjects()));
      cell(Long.toString(slice.answeredSubjects()));
      cell(Long.toString(slice.rightSubjects()));
      for (var metric : OF_SLICES) {
        var value = slice.metrics().get(metric);
        if (value == null) {
          cell("–");
        } else if (metric.unit() == Metric.Unit.COUNT) {
          cell("%.0f".formatted(value));
        } else {
          share(value, metric == Metric.STRICT_F1);
        }
      }
      html.close();
    }
    html.close().close().close();
  }

  /** A metric's name as people write it. */
  private static String title(Metric metric) {
    return switch (metric) {
      case STRICT_PRECISION -> "Precision";
      case STRICT_RECALL -> "Recall";
      case STRICT_F1 -> "F1";
      case NDCG_AT_10 -> "nDCG at 10";
      case GREEN_SUBJECTS -> "Green";
      case RED_SUBJECTS -> "Red";
      default -> metric.written().replaceAll("(?<=[a-z])(?=[A-Z0-9])", " ").replace("At", "at");
    };
  }

  private void heads(String... names) {
    for (var name : names) {
      html.element("th", name, "scope", "col", "class", "number");
    }
  }

  private void cell(String text) {
    html.element("td", text, "class", "number");
  }

  /** A share with a bar as long as it. */
  private void share(double value, boolean bar) {
    html.open("td", "class", "number");
    if (bar) {
      html.open("svg", "class", "bar", "width", "50", "height", "8", "aria-hidden", "true")
          .empty("rect", "width", "50", "height", "8", "class", "all")
          .empty("rect", "width", String.format(Locale.ROOT, "%.1f", 50 * value), "height", "8")
          .close();
    }
    html.text(Chart.share(value)).close();
  }

  /** A subject's label, which follows the language that is chosen. */
  private void subject(String id) {
    subject(input.target().taxonomy().indexOf(id));
  }

  private void subject(int subject) {
    var known = input.target().taxonomy().subject(subject);
    html.element(
        "a",
        known.label(languages.first()),
        "href",
        "#picture",
        "class",
        "subject",
        "data-subject",
        known.id());
  }

  private void subjects() {
    html.open("div", "class", "controls");
    html.empty(
        "input",
        "id",
        "filter",
        "type",
        "search",
        "placeholder",
        "Filter by label or id",
        "aria-label",
        "Filter subjects by label or id");
    select("filter-grade", "Grade");
    select("filter-branch", "Branch");
    select("filter-level", "Level");
    html.element(
        "output", "", "id", "shown", "for", "filter filter-grade filter-branch filter-level");
    html.close();
    html.open("div", "class", "scroll").element("table", "", "id", "subject-table").close();
    html.element("button", "Show more", "id", "more", "type", "button", "hidden", "");
  }

  private void select(String id, String name) {
    html.open("label").text(name + " ").element("select", "", "id", id).close();
  }

  private void curves() {
    var judged = input.judged();
    var metrics = input.report().overall().metrics();
    var curve = PrecisionRecall.curve(judged, CURVE_POINTS);
    html.open("div", "class", "charts");
    if (!curve.isEmpty()) {
      html.open("figure")
          .raw(
              Chart.precisionRecall(
                  curve,
                  metrics.getOrDefault(Metric.STRICT_PRECISION, 0.0),
                  metrics.getOrDefault(Metric.STRICT_RECALL, 0.0)))
          .open("figcaption")
          .element("b", "Precision and recall ")
          .text(
              "if one threshold on the score decided. ◆ is where the answers stand, ● the best F1"
                  + " of one threshold; thin lines join points of the same F1.")
          .close()
          .close();
    }
    var bins = Calibration.bins(judged);
    if (!bins.isEmpty()) {
      html.open("figure")
          .raw(Chart.reliability(bins))
          .open("figcaption")
          .element("b", "Calibration: ")
          .text(
              "the share of answered subjects that is right, by their score; on the dashed line a score can be taken at its word. Bars: how many answers have the score. Mean distance from the line: %s."
                  .formatted(Chart.share(metrics.getOrDefault(Metric.CALIBRATION_ERROR, 0.0))))
          .close()
          .close();
    }
    html.close();
    if (curve.isEmpty()) {
      html.element("p", "Nothing was answered, so there is no curve.");
    }
  }

  private void confusions() {
    var all = Confusions.of(input.target().taxonomy(), input.judged(), CONFUSED_AT_LEAST);
    if (all.isEmpty()) {
      html.element("p", "No two subjects were confused more than once.");
      return;
    }
    var confusions =
        Stream.concat(
                all.stream().filter(Confusions.Confusion::siblings).limit(CONFUSIONS),
                all.stream().filter(c -> !c.siblings()).limit(CONFUSIONS))
            .toList();
    html.open("div", "class", "scroll").open("table", "class", "sortable");
    html.open("thead")
        .open("tr")
        .element("th", "True", "scope", "col")
        .element("th", "Answered instead", "scope", "col")
        .element("th", "Related", "scope", "col");
    heads("Documents", "Share of the true one's");
    html.close().close().open("tbody");
    for (var confusion : confusions) {
      html.open("tr").open("td");
      subject(confusion.truth());
      html.close().open("td");
      subject(confusion.answered());
      html.close();
      html.element("td", relation(confusion));
      cell(Integer.toString(confusion.documents()));
      cell(Chart.percent(confusion.share()));
      html.close();
    }
    html.close().close().close();
  }

  private String relation(Confusions.Confusion confusion) {
    var taxonomy = input.target().taxonomy();
    if (confusion.siblings()) {
      return "siblings";
    }
    return taxonomy.root(confusion.truth()) == taxonomy.root(confusion.answered())
        ? "same branch"
        : "–";
  }

  private void slices() {
    groups("By language", "Language", JudgedDocument::language);
    groups("By year", "Year", d -> d.year() == null ? null : d.year().toString());
  }

  private void groups(String caption, String first, Function<JudgedDocument, String> group) {
    var groups = input.documents().stream().map(group).toList();
    long without = groups.stream().filter(g -> g == null).count();
    if (without < groups.size()) {
      sliceTable(
          caption,
          first,
          Evaluation.groups(input.target(), input.judged(), groups, input.grades()),
          html::text);
    }
    if (without > 0) {
      html.element(
          "p",
          "%s documents name no %s."
              .formatted(
                  without == groups.size() ? "The" : Long.toString(without),
                  first.toLowerCase(Locale.ROOT)),
          "class",
          "caption");
    }
  }

  private void examples() {
    if (input.examples().isEmpty()) {
      html.element("p", "No answer was wrong.");
    }
    html.open("div", "class", "cards");
    input.examples().forEach(this::example);
    html.close();
  }

  private void example(Example example) {
    var document = input.documents().get(example.document());
    var judged = document.judged();
    html.open("article")
        .element("h3", document.title() == null ? "Without title" : document.title());
    html.open("p", "class", "origin");
    html.text(
        String.join(
            " · ",
            Arrays.asList(
                    document.id(),
                    document.language(),
                    document.year() == null ? null : document.year().toString())
                .stream()
                .filter(part -> part != null)
                .toList()));
    html.close().open("ul", "class", "answers");
    for (int i = 0; i < judged.answered(); i++) {
      int subject = judged.ranked()[i];
      answer(judged.isTrue(subject) ? "right" : "wrong", subject, Chart.share(judged.scores()[i]));
    }
    for (int subject : judged.missed()) {
      answer("missed", subject, null);
    }
    html.close();
    for (var decided : example.decided()) {
      html.open("p", "class", "reason").text("What decided for ");
      subject(decided.subject());
      html.text(": ");
      for (var reason : decided.reasons()) {
        html.element(
            "span",
            "%s %s".formatted(reason.text(), String.format(Locale.ROOT, "%+.2f", reason.weight())),
            "class",
            reason.weight() < 0 ? "part against" : "part");
      }
      html.close();
    }
    html.close();
  }

  private void answer(String kind, int subject, String score) {
    html.open("li", "class", kind).element("b", kind).text(" ");
    subject(subject);
    if (score != null) {
      html.text(" ").element("small", score);
    }
    html.close();
  }

  private static String resource(String name) {
    try (InputStream in = HtmlReport.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a content security policy names inline text by. */
  private static String sha256(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return "sha256-"
          + Base64.getEncoder()
              .encodeToString(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
