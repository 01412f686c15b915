package hu.mtmt.besorol.inference;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/** The process. */
@QuarkusMain
public final class Main {
  private Main() {}

  /** Starts the service, and what it can begin with before the framework is there. */
  public static void main(String[] arguments) {
    HeadStart.during(() -> Quarkus.run(arguments), System.getenv());
  }
}
