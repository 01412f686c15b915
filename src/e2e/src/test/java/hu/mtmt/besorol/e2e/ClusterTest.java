package hu.mtmt.besorol.e2e;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The tests of the class run on a real cluster, one for all such classes, with the images of this
 * build: they take a {@link Cluster} as parameter and leave it as empty as they found it. Where
 * none can be started they are skipped, by name.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(ClusterExtension.class)
@interface ClusterTest {}
