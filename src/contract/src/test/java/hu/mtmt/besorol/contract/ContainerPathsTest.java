package hu.mtmt.besorol.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContainerPathsTest {
  @Test
  void areWhatTheySayInAContainer() {
    assertThat(ContainerPaths.of(Map.of()).resolve(JobPlan.PATH)).isEqualTo(Path.of(JobPlan.PATH));
    assertThat(ContainerPaths.of(Map.of(ContainerPaths.VARIABLE, " ")).resolve("/a"))
        .isEqualTo(Path.of("/a"));
  }

  @Test
  void lieBelowTheMountPointOutsideAContainer() {
    var paths = ContainerPaths.of(Map.of(ContainerPaths.VARIABLE, "/pods/x"));

    assertThat(paths.resolve(JobPlan.PATH)).isEqualTo(Path.of("/pods/x/etc/besorol/plan.json"));
    assertThat(paths.resolve("/")).isEqualTo(Path.of("/pods/x"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "", "/../a", "/a/../../b", "/a/./b"})
  void mustNotLeaveTheContainer(String path) {
    var paths = ContainerPaths.of(Map.of(ContainerPaths.VARIABLE, "/pods/x"));

    assertThatThrownBy(() -> paths.resolve(path))
        .isInstanceOf(BesorolException.class)
        .hasMessageContaining("'%s' must be an absolute path".formatted(path));
  }
}
