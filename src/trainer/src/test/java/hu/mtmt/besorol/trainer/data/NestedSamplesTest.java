package hu.mtmt.besorol.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.trainer.TinyCorpus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NestedSamplesTest {
  @TempDir Path directory;
  private TinyCorpus corpus;

  @BeforeEach
  void write() {
    corpus = TinyCorpus.in(directory.resolve("data"), 6, 40);
  }

  private List<String> sample(double share, long seed) throws IOException {
    var sources = new LocalSources();
    var files = PlanFiles.read(corpus.plan(), sources, () -> false, _ -> {}, _ -> {});
    var samples = NestedSamples.of(files, sources, seed);
    var source = samples.write(share, directory.resolve("sample.jsonl"));
    var lines = Files.readAllLines(Path.of(source.location()));
    assertThat(lines).hasSize(samples.size(share));
    return lines;
  }

  @Test
  void growsByWhatIsAdded() throws IOException {
    var all = corpus.lines("train.jsonl");
    var before = new LinkedHashSet<String>();
    for (double share : new double[] {.1, .25, .6, 1}) {
      var sample = sample(share, 1);
      assertThat(sample).containsAll(before).isSubsetOf(all);
      assertThat(sample.size()).isBetween((int) (240 * share) - 6, (int) (240 * share) + 6);
      before.addAll(sample);
    }
    assertThat(sample(1, 1)).as("in the order of the file").isEqualTo(all);
  }

  /** Each of the six strata has 40 documents or so, and a sample s·n of them, rounded. */
  @Test
  void growsEvenlyInEverySubject() throws IOException {
    for (double share : new double[] {.1, .3, .5}) {
      var sample = sample(share, 2);
      for (int subject = 0; subject < 6; subject++) {
        var only = "\"subjects\":[\"" + TinyCorpus.id(subject) + "\"]";
        double there = corpus.lines("train.jsonl").stream().filter(l -> l.contains(only)).count();
        double here = sample.stream().filter(l -> l.contains(only)).count();
        assertThat(here).isBetween(share * there - 4, share * there + 4).isPositive();
      }
    }
  }

  @Test
  void dependsOnTheSeedAlone() throws IOException {
    assertThat(sample(.3, 7)).isEqualTo(sample(.3, 7)).isNotEqualTo(sample(.3, 8));
  }

  @Test
  void leavesOutWhatIsNotLearnt() throws IOException {
    var lines = new ArrayList<>(corpus.lines("train.jsonl"));
    lines.add(3, "{\"id\":\"empty\",\"subjects\":[\"A.0\"]}");
    lines.add(9, "");
    lines.add("{\"id\":\"unlabelled\",\"title\":\"a text without subjects\"}");
    corpus.write("train.jsonl", lines);

    assertThat(sample(1, 1))
        .hasSize(240)
        .noneMatch(l -> l.contains("empty") || l.contains("unlab"));
  }
}
