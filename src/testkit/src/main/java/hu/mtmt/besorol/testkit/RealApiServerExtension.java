package hu.mtmt.besorol.testkit;

import hu.mtmt.besorol.testkit.RealApiServer.UnavailableException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Starts the server before the first test that wants one; it ends with the tests' process. */
final class RealApiServerExtension implements BeforeAllCallback, ParameterResolver {
  private static final ExtensionContext.Namespace STORE =
      ExtensionContext.Namespace.create(RealApiServerExtension.class);

  @Override
  public void beforeAll(ExtensionContext context) {
    if (server(context) instanceof UnavailableException reason) {
      Assumptions.abort(reason.getMessage());
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == RealApiServer.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return server(context);
  }

  /** The store of the root closes what is closeable when all tests have ended. */
  private static Object server(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(STORE)
        .getOrComputeIfAbsent("server", key -> startedOrReason());
  }

  /** Remembered either way: a download that fails is not tried again for every class. */
  private static Object startedOrReason() {
    try {
      return RealApiServer.start();
    } catch (UnavailableException e) {
      return e;
    }
  }
}
