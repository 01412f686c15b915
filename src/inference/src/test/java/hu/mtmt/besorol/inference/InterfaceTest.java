package hu.mtmt.besorol.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import hu.mtmt.besorol.inference.rest.ClassifyResource;
import hu.mtmt.besorol.inference.rest.ModelResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.lang.reflect.Method;
import java.net.URI;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/openapi.yaml} says what the service does. */
@QuarkusTest
@QuarkusTestResource(TinyModelResource.class)
class InterfaceTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Interface specified = Interface.read();

  @TestHTTPResource("/q/openapi")
  URI served;

  @Test
  void isServedAsItStands() throws Exception {
    var document = new Service(served).text("/q/openapi");

    assertThatObject(new YAMLMapper().readTree(document)).isEqualTo(specified.document());
  }

  @Test
  void hasEveryRouteAndNoOther() {
    var routes =
        Stream.of(ClassifyResource.class, ModelResource.class)
            .flatMap(c -> Arrays.stream(c.getMethods()))
            .map(InterfaceTest::route)
            .flatMap(Optional::stream);

    assertThat(specified.operations()).containsExactlyInAnyOrderElementsOf(routes.toList());
  }

  private static Optional<String> route(Method method) {
    return Arrays.stream(method.getAnnotations())
        .map(a -> a.annotationType().getAnnotation(HttpMethod.class))
        .filter(m -> m != null)
        .findFirst()
        .map(
            m -> {
              var own = method.getAnnotation(Path.class);
              return "%s %s%s"
                  .formatted(
                      m.value(),
                      method.getDeclaringClass().getAnnotation(Path.class).value(),
                      own == null ? "" : "/" + own.value());
            });
  }

  @Test
  void hasExamplesThatKeepToTheirSchemas() throws Exception {
    int examples = 0;
    for (var content : specified.document().findValues("content")) {
      for (var type : content.properties()) {
        var media = type.getValue();
        for (var example : media.path("examples")) {
          assertThat(specified.check(media.path("schema"), example.path("value"))).isEmpty();
          examples++;
        }
        if (media.path("example").isTextual()) {
          for (var line : media.path("example").textValue().lines().toList()) {
            assertThat(specified.check(media.path("schema"), JSON.readTree(line))).isEmpty();
            examples++;
          }
        } else if (media.path("example") instanceof ObjectNode example) {
          assertThat(specified.check(media.path("schema"), example)).isEmpty();
          examples++;
        }
      }
    }
    assertThat(examples).isGreaterThan(5);
  }
}
