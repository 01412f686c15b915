package hu.mtmt.besorol.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The tests of the class run against a real kube-apiserver, one for all such classes of a module:
 * they take a {@link RealApiServer} as parameter and use namespaces of their own. Where none can be
 * had they are skipped, by name.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RealApiServerExtension.class)
public @interface RealApiServerTest {}
