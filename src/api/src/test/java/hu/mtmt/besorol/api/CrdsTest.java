package hu.mtmt.besorol.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CrdsTest {
  private static final Path COMMITTED = Path.of("../../crds");

  @ParameterizedTest
  @ValueSource(
      strings = {"classifiermodels.besorol.mtmt.hu-v1.yml", "trainingruns.besorol.mtmt.hu-v1.yml"})
  void committedFileIsWhatTheTypesSay(String file, @TempDir Path generated) throws IOException {
    CrdSchemas.generate(generated);
    if (Boolean.getBoolean("crds.update")) {
      Files.copy(
          generated.resolve(file), COMMITTED.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }
    assertThat(COMMITTED.resolve(file))
        .as("crds/ is stale: run ./mvnw -q -pl src/api -am test -Dcrds.update=true and commit it")
        .hasSameTextualContentAs(generated.resolve(file));
  }

  @Test
  void everyFieldIsDescribed(@TempDir Path generated) throws IOException {
    CrdSchemas.generate(generated);
    var missing = new ArrayList<String>();
    try (var files = Files.list(generated)) {
      for (var file : files.toList()) {
        var crd = Serialization.unmarshal(Files.readString(file), CustomResourceDefinition.class);
        var root = crd.getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema();
        collectUndescribed(crd.getSpec().getNames().getKind(), root, missing);
      }
    }
    assertThat(missing).as("kubectl explain would say nothing of these").isEmpty();
  }

  private static void collectUndescribed(
      String path, JSONSchemaProps schema, List<String> missing) {
    if (schema.getProperties() == null) {
      return;
    }
    schema
        .getProperties()
        .forEach(
            (name, child) -> {
              var place = path + "." + name;
              if (child.getDescription() == null || child.getDescription().isBlank()) {
                missing.add(place);
              }
              collectUndescribed(place, child, missing);
              if (child.getItems() != null) {
                collectUndescribed(place + "[]", child.getItems().getSchema(), missing);
              }
            });
  }
}
