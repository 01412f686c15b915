package hu.mtmt.besorol.report;

import hu.mtmt.besorol.report.picture.Picture;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class HtmlReportTest {
  @Test
  void look() throws Exception {
    for (int n : new int[] {40, 3000}) {
      var input = Samples.of(n);
      var p = new Picture(input.target(), input.report(), input.grades(), "en");
      var dir = Files.createDirectories(Path.of("/tmp/report"));
      long t = System.nanoTime();
      Files.write(dir.resolve(n + ".html"), HtmlReport.write(input));
      System.err.println((System.nanoTime() - t) / 1e6);
      Files.writeString(dir.resolve(n + ".svg"), p.svg());
      Files.write(dir.resolve(n + ".png"), p.png(1600).bytes());
    }
  }
}
