package hu.mtmt.besorol.operator.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What an installation of the operator may choose; everything has a default. */
@ConfigMapping(prefix = "besorol")
public interface OperatorConfig {

  /** The container images of what the operator starts. */
  Images images();

  /**
   * Hosts from which data may be read by {@code https:}, as {@code host} or {@code host:port}.
   * None: data comes from volumes only.
   */
  Optional<List<String>> allowedHosts();

  /**
   * Services of the S3 protocol from which data may be read and in which packages may be kept, as
   * {@code https://host} or {@code http://host:port}, just as resources name them. None: no
   * buckets.
   */
  Optional<List<String>> allowedS3Endpoints();

  /** How often the progress of a training is asked for, and at most how often it is written. */
  @WithDefault("3s")
  Duration progressInterval();

  /**
   * ConfigMap with the machines' flavors, in the operator's own namespace. Absent: one flavor
   * {@code default} of 2 CPUs and 4 GiB that runs on any node.
   */
  Optional<String> flavors();

  /** The operator's own namespace. Absent: that of its service account. */
  Optional<String> namespace();

  /** What pods get and how they run. */
  Pods pods();

  /** Which of several replicas of the operator acts. */
  LeaderElection leaderElection();

  /** The container images of what the operator starts. */
  interface Images {
    /** Trains, judges and prunes. */
    @WithDefault("localhost/besorol-trainer:latest")
    String trainer();

    /** Answers. */
    @WithDefault("localhost/besorol-inference:latest")
    String inference();

    /** As {@code imagePullPolicy} of a container. */
    @WithDefault("IfNotPresent")
    String pullPolicy();
  }

  /** What pods get and how they run. */
  interface Pods {
    /**
     * Group that owns the volumes' files, so that processes that are not root can write. Absent:
     * the cluster chooses, as OpenShift does.
     */
    OptionalLong fsGroup();

    /** A pod that judges a version. */
    Resources evaluation();

    /** A pod that removes versions. */
    Resources pruning();

    /** A pod that answers. */
    Resources inference();

    /** Which pods go first where there is no room for all. */
    PriorityClasses priorityClasses();
  }

  /** Names of PriorityClasses of the cluster. Absent: the one that the cluster has as default. */
  interface PriorityClasses {
    /** Of pods that answer. */
    Optional<String> serving();

    /** Of pods that train, judge and prune. */
    Optional<String> jobs();
  }

  /** Requests of a pod; the memory is its limit too. */
  interface Resources {
    /** A quantity of Kubernetes, such as 500m. */
    String cpu();

    /** A quantity of Kubernetes, such as 2Gi. */
    String memory();
  }

  /** Which of several replicas of the operator acts. */
  interface LeaderElection {
    /** False only where another instance can never be started, such as in a local cluster. */
    @WithDefault("true")
    boolean enabled();

    @WithDefault("besorol-operator")
    String leaseName();

    /** Absent: the operator's own namespace. */
    Optional<String> namespace();

    /** How long a leader that was not heard of stays leader. */
    @WithDefault("15s")
    Duration leaseDuration();

    /** How long a leader tries to renew before it gives up. */
    @WithDefault("10s")
    Duration renewDeadline();

    /** How often replicas try to become leader. */
    @WithDefault("2s")
    Duration retryPeriod();
  }
}
