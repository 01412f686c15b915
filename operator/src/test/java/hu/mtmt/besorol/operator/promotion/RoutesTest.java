package hu.mtmt.besorol.operator.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.api.ClassifierModel;
import hu.mtmt.besorol.operator.Samples;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoutesTest {
  /** A model with a route, as old as the second says. */
  private static ClassifierModel model(String namespace, int second, String gateway, String host) {
    var model =
        Serialization.unmarshal(
            Serialization.asYaml(Samples.model("frascati"))
                .replace(
                    "  serving:\n",
                    "  serving:\n    route: {gateway: {%s}, hostnames: [other.example.org, %s]}\n"
                        .formatted(gateway, host)),
            ClassifierModel.class);
    model.getMetadata().setNamespace(namespace);
    model.getMetadata().setCreationTimestamp("2026-01-01T00:00:%02dZ".formatted(second));
    return model;
  }

  @ParameterizedTest
  @CsvSource({
    // gateway of the other, age, hostname, whether it has the hostname
    "'name: a, namespace: gateways', 1, h.example.org, true",
    "'name: a, namespace: gateways', 3, h.example.org, false",
    "'name: a, namespace: gateways', 2, h.example.org, true",
    "'name: b, namespace: gateways', 1, h.example.org, false",
    "'name: a', 1, h.example.org, false",
    "'name: a, namespace: gateways', 1, i.example.org, true"
  })
  void hostnameBelongsToTheElder(String gateway, int second, String host, boolean taken) {
    var model = model("mine", 2, "name: a, namespace: gateways", "h.example.org");
    var other = model("library", second, gateway, host);
    var objection = Routes.objection(model, true, Stream.of(model, other));
    assertThat(objection.isPresent()).isEqualTo(taken);
    objection.ifPresent(
        sentence ->
            assertThat(sentence)
                .contains("of Gateway gateways/a belongs to model library/frascati"));
  }

  @Test
  void needsTheGatewayApi() {
    var model = model("mine", 2, "name: a", "h.example.org");
    assertThat(Routes.objection(model, false, Stream.of(model)))
        .get()
        .asString()
        .contains("needs the Gateway API");
    assertThat(Routes.objection(Samples.model("frascati"), false, Stream.of())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"Accepted, False, true", "Accepted, True, false", "ResolvedRefs, False, false"})
  void tellsWhatTheGatewayHasAgainstIt(String type, String status, boolean refused) {
    var route =
        Serialization.unmarshal(
            """
            status:
              parents:
              - conditions: [{type: %s, status: "%s", reason: NotAllowed, message: Not from here.}]
            """
                .formatted(type, status),
            HTTPRoute.class);
    assertThat(Routes.refusal(route).isPresent()).isEqualTo(refused);
    assertThat(Routes.refusal(new HTTPRoute())).isEmpty();
  }
}
