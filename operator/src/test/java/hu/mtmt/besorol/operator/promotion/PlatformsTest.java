package hu.mtmt.besorol.operator.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.api.ClassifierModelSpec.PlatformChoice;
import hu.mtmt.besorol.api.ClassifierModelSpec.Serving;
import hu.mtmt.besorol.api.ClassifierModelStatus.Platform;
import hu.mtmt.besorol.operator.Samples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlatformsTest {
  @ParameterizedTest
  @CsvSource({
    "AUTO, true, false, KNATIVE",
    "AUTO, true, true, DEPLOYMENT", // a route is for Deployments
    "AUTO, false, false, DEPLOYMENT",
    "KNATIVE, true, false, KNATIVE",
    "KNATIVE, false, false, KNATIVE",
    "DEPLOYMENT, true, false, DEPLOYMENT"
  })
  void autoFollowsTheApi(
      PlatformChoice choice, boolean installed, boolean routed, Platform platform) {
    assertThat(Platforms.of(serving(choice, routed), installed)).isEqualTo(platform);
  }

  @Test
  void knativeThatIsAskedForMustBeInstalled() {
    assertThat(Platforms.objection(serving(PlatformChoice.KNATIVE, false), false))
        .get()
        .asString()
        .contains("install Knative Serving", "or write platform: Deployment");
    assertThat(Platforms.objection(serving(PlatformChoice.KNATIVE, false), true)).isEmpty();
    assertThat(Platforms.objection(serving(PlatformChoice.AUTO, false), false)).isEmpty();
  }

  private static Serving serving(PlatformChoice choice, boolean routed) {
    var model = Samples.model("frascati");
    var serving = (routed ? Samples.routed(model) : model).getSpec().serving();
    return new Serving(choice, serving.replicas(), null, serving.rollout(), serving.route());
  }
}
