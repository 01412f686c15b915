package hu.mtmt.besorol.e2e;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Starts the cluster before the first test that wants one; it ends with the tests' process. */
final class ClusterExtension
    implements ExecutionCondition,
        ParameterResolver,
        AfterTestExecutionCallback,
        AfterEachCallback {
  private static final ExtensionContext.Namespace STORE =
      ExtensionContext.Namespace.create(ClusterExtension.class);

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return Cluster.scripts().isPresent()
        ? ConditionEvaluationResult.enabled("there is a cluster")
        : ConditionEvaluationResult.disabled(
            "no cluster: set %s to a directory with up.sh and load-image.sh"
                .formatted(Cluster.VARIABLE));
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Cluster.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return cluster(context);
  }

  /** Before anything is cleaned up. */
  @Override
  public void afterTestExecution(ExtensionContext context) {
    context.getExecutionException().ifPresent(e -> System.err.println(cluster(context).describe()));
  }

  @Override
  public void afterEach(ExtensionContext context) {
    cluster(context).clean();
  }

  /** The store of the root closes it when all tests have ended. */
  private static Cluster cluster(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(STORE)
        .getOrComputeIfAbsent("cluster", key -> Cluster.start(), Cluster.class);
  }
}
