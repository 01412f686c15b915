package hu.mtmt.besorol.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import hu.mtmt.besorol.api.ClassifierModelStatus.Platform;
import hu.mtmt.besorol.contract.Gate;
import hu.mtmt.besorol.contract.Grades;
import hu.mtmt.besorol.contract.Rules;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** What must be true of the classifier that is served. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ClassifierModelSpec(
    @Required
        @JsonPropertyDescription(
            "The subjects: JSON lines, CSV or SKOS (RDF/XML or Turtle), told apart by the file's"
                + " name.")
        TaxonomySource taxonomy,
    @Required
        @JsonPropertyDescription(
            "Frozen documents that every version is judged on. They are never learnt.")
        DataSource holdout,
    @Required @JsonPropertyDescription("Where the packages of all versions are kept.") Store store,
    @Size(max = 32)
        @Default("[]")
        @JsonPropertyDescription(
            "What a version must reach before it may serve. All gates must be passed. None: every"
                + " version may serve.")
        List<Gate> gates,
    @Default(Grades.DEFAULT)
        @JsonPropertyDescription(
            "From which F1 on a subject counts as learnt; GreenSubjects and RedSubjects count by"
                + " it.")
        Grades grades,
    @Default("{}") @JsonPropertyDescription("Who decides which version serves.")
        Promotion promotion,
    @Default("{}") @JsonPropertyDescription("How the version is served.") Serving serving,
    @Default("10")
        @Min(1)
        @Max(100)
        @JsonPropertyDescription(
            "How many versions are kept, the serving one among them. The packages of older ones are"
                + " removed from the store.")
        Integer retainedVersions) {

  public ClassifierModelSpec {
    gates = gates == null ? List.of() : List.copyOf(gates);
  }

  /** Where packages are kept. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @ValidationRule(
      value = "has(self.persistentVolumeClaim) != has(self.s3)",
      message = "name one place for the packages: either persistentVolumeClaim or s3")
  @ValidationRule(
      value = "!has(self.cache) || has(self.s3)",
      message = "cache is for packages in s3: leave it out where the store is a volume itself")
  public record Store(
      @JsonPropertyDescription(
              "Volume of the store. It is mounted for writing by training pods and for reading by"
                  + " inference pods, so on a cluster of several nodes it must be ReadWriteMany.")
          PersistentVolumeClaimReference persistentVolumeClaim,
      @JsonPropertyDescription(
              "Bucket of the store. Its keys must allow to list, read, write and delete.")
          BucketReference s3,
      @Size(min = 1, max = 512)
          @ValidationRule(value = FileRules.PATH, message = FileRules.PATH_MESSAGE)
          @JsonPropertyDescription(
              "Directory on the volume, relative to its root, or prefix in the bucket. Absent: the"
                  + " root. Every model has a directory of its own name in it.")
          String path,
      @JsonPropertyDescription(
              "Where pods keep the packages that they have fetched from s3. Absent: each pod for"
                  + " itself.")
          Cache cache) {

    /** A store on a volume. */
    public Store(PersistentVolumeClaimReference persistentVolumeClaim, String path) {
      this(persistentVolumeClaim, null, path, null);
    }
  }

  /** Where fetched packages are kept. */
  public record Cache(
      @Required
          @JsonPropertyDescription(
              "Volume of the cache, mounted for writing by all pods that open packages. What a"
                  + " volume has, no pod that mounts it fetches again. Everything on it can be"
                  + " lost; what was not used for longest is deleted above 16 GiB.")
          PersistentVolumeClaimReference persistentVolumeClaim) {}

  /** Who decides which version serves. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @ValidationRule(
      value = "!has(self.version) || self.mode == 'Manual'",
      message = "promotion.version is for mode Manual: write mode: Manual, or leave version out")
  @ValidationRule(
      value = "!has(self.force) || !self.force || has(self.version) && has(self.reason)",
      message =
          "promotion.force needs the version that is to serve and why: write version and reason, or"
              + " leave force out")
  @ValidationRule(
      value = "!has(self.reason) || has(self.force) && self.force",
      message =
          "promotion.reason says why a version is forced: write force: true, or leave reason out")
  public record Promotion(
      @Default("Automatic")
          @JsonPropertyDescription(
              "Automatic: the newest version that passes every gate serves. Manual: the version"
                  + " named here serves, once it has passed every gate.")
          PromotionMode mode,
      @Size(min = Rules.DIGEST_LENGTH, max = Rules.DIGEST_LENGTH)
          @ValidationRule(value = Rules.DIGEST, message = Rules.DIGEST_MESSAGE)
          @JsonPropertyDescription(
              "The version that is to serve, in mode Manual. status.versions lists those that can"
                  + " be named. Absent: none is promoted.")
          String version,
      @Default("false")
          @JsonPropertyDescription(
              "true: the named version serves at once, whatever the gates say of it. It is judged"
                  + " all the same, and status.versions keeps why it was forced and which gates it"
                  + " had not passed.")
          Boolean force,
      @Size(min = 1, max = 512)
          @ValidationRule(
              value = "self.matches('\\\\S')",
              message = "write why the version is forced")
          @JsonPropertyDescription("Why the version is forced, in a sentence for people.")
          String reason) {

    /** A promotion that forces nothing. */
    public Promotion(PromotionMode mode, String version) {
      this(mode, version, false, null);
    }
  }

  /** Who decides which version serves. */
  public enum PromotionMode {
    @JsonProperty("Automatic")
    AUTOMATIC,
    @JsonProperty("Manual")
    MANUAL
  }

  /** How the version is served. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @ValidationRule(
      value = "self.platform != 'Deployment' || self.replicas.minimum > 0",
      message =
          "replicas.minimum 0 ends all pods while nobody asks, which a Deployment cannot: write"
              + " platform: Knative, or a minimum of at least 1")
  @ValidationRule(
      value =
          "self.platform != 'Deployment' || !has(self.replicas.maximum) && !has(self.concurrency)",
      message =
          "replicas.maximum and concurrency are for Knative, which starts pods as requests come:"
              + " write platform: Knative, or leave them out")
  @ValidationRule(
      value = "self.platform != 'Knative' || !has(self.route)",
      message =
          "a route needs Deployments, as Knative has an ingress of its own: write platform:"
              + " Deployment, or leave route out")
  public record Serving(
      @Default("Auto")
          @JsonPropertyDescription(
              "What runs the pods. Deployment: always as many as replicas.minimum. Knative: as many"
                  + " as requests need, none if replicas.minimum is 0. Auto: Knative where its API"
                  + " is installed and there is no route, otherwise Deployment. It can be changed"
                  + " while the model serves.")
          PlatformChoice platform,
      @Default("{}") @JsonPropertyDescription("How many pods answer.") Replicas replicas,
      @Min(1)
          @Max(1000)
          @JsonPropertyDescription(
              "How many requests a pod works on at once, on Knative: more wait, and start another"
                  + " pod. Absent: Knative's own target, and no bound.")
          Integer concurrency,
      @Default("{}") @JsonPropertyDescription("How a version takes over from another one.")
          RolloutPolicy rollout,
      @JsonPropertyDescription(
              "Where clients ask from outside the cluster, by an HTTPRoute of the Gateway API. Its"
                  + " weights give a canary its share. Absent: there is none, and a canary has its"
                  + " share by the number of its pods.")
          Route route) {

    /** By Deployments without a route. */
    public Serving(Replicas replicas, RolloutPolicy rollout) {
      this(PlatformChoice.DEPLOYMENT, replicas, null, rollout, null);
    }

    public Serving {
      platform = platform == null ? PlatformChoice.AUTO : platform;
      rollout = rollout == null ? RolloutPolicy.DEFAULT : rollout;
    }
  }

  /** What a manifest may say of the platform. */
  public enum PlatformChoice {
    @JsonProperty("Auto")
    AUTO,
    @JsonProperty("Knative")
    KNATIVE,
    @JsonProperty("Deployment")
    DEPLOYMENT
  }

  /** Where clients ask from outside the cluster. */
  public record Route(
      @Required @JsonPropertyDescription("The Gateway that the route belongs to.")
          GatewayReference gateway,
      @Required
          @Size(min = 1, max = 16)
          @ValidationRule(
              value =
                  "self.all(h,"
                      + " h.matches('^([*][.])?[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$'))",
              message = "write hostnames such as classify.example.org or *.example.org")
          @JsonPropertyDescription("The names that clients ask, each of one model only.")
          List<@Size(min = 1, max = 253) String> hostnames) {

    public Route {
      hostnames = hostnames == null ? List.of() : List.copyOf(hostnames);
    }
  }

  /** A Gateway of the Gateway API. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record GatewayReference(
      @Required @Size(min = 1, max = 253) @JsonPropertyDescription("Its name.") String name,
      @Size(min = 1, max = 63) @JsonPropertyDescription("Its namespace. Absent: that of the model.")
          String namespace) {}

  /** How a version takes over from another one. */
  public record RolloutPolicy(
      @Default("RollingUpdate")
          @JsonPropertyDescription(
              "RollingUpdate: all requests go to the new version when all its pods answer. Canary:"
                  + " it gets a part of them first, and what it does with them is held against the"
                  + " serving version; outside the bounds it is taken back and Rejected. A forced"
                  + " version, and one that is older than the serving one, is no canary.")
          RolloutStrategy strategy,
      @Default("[10, 50]")
          @Size(min = 1, max = 9)
          @ValidationRule(
              value =
                  "[0, 1, 2, 3, 4, 5, 6, 7].all(i, i + 1 >= self.size() || self[i] < self[i + 1])",
              message = "write the steps of a canary in ascending order, such as [10, 50]")
          @JsonPropertyDescription(
              "What percentage of the requests a canary gets, step by step. After the last one it"
                  + " gets all. With a route they are its weights, and on Knative those of its"
                  + " traffic; otherwise they are reached by the number of pods: see"
                  + " docs/operations.md.")
          List<@Min(1) @Max(99) Integer> steps,
      @Default("300")
          @Min(1)
          @Max(86_400)
          @JsonPropertyDescription("How long each step of a canary is held.")
          Integer stepSeconds,
      @Default("3600")
          @Min(0)
          @Max(604_800)
          @JsonPropertyDescription(
              "How long the pods of the version that served before go on running, so that it can"
                  + " serve again at once. They end earlier when the next version comes. 0: they"
                  + " end when all requests go to the new one.")
          Integer keepPreviousSeconds,
      @Default("{}") @JsonPropertyDescription("What a canary must keep to.") CanaryBounds bounds) {

    /** What a manifest that says nothing gets. */
    public static final RolloutPolicy DEFAULT = new RolloutPolicy(null, null, null, null, null);

    public RolloutPolicy {
      strategy = strategy == null ? RolloutStrategy.ROLLING_UPDATE : strategy;
      steps = steps == null ? List.of(10, 50) : List.copyOf(steps);
      stepSeconds = stepSeconds == null ? 300 : stepSeconds;
      keepPreviousSeconds = keepPreviousSeconds == null ? 3600 : keepPreviousSeconds;
      bounds = bounds == null ? CanaryBounds.DEFAULT : bounds;
    }
  }

  /** How a version takes over. */
  public enum RolloutStrategy {
    @JsonProperty("RollingUpdate")
    ROLLING_UPDATE,
    @JsonProperty("Canary")
    CANARY
  }

  /** What a canary must keep to, held against the serving version. */
  public record CanaryBounds(
      @Default("0.01")
          @Size(min = 1, max = Rules.DECIMAL_LENGTH)
          @ValidationRule(value = Rules.SHARE, message = Rules.SHARE_MESSAGE)
          @JsonPropertyDescription(
              "By how much the share of its requests that fail (status 500 and above) may be larger"
                  + " than the serving version's.")
          String errorRatio,
      @Default("2")
          @Size(min = 1, max = Rules.DECIMAL_LENGTH)
          @ValidationRule(value = Rules.POSITIVE, message = Rules.POSITIVE_MESSAGE)
          @JsonPropertyDescription(
              "How many times as long the 95th percentile of its times for a document may be.")
          String latencyRatio,
      @Default("0.5")
          @Size(min = 1, max = Rules.DECIMAL_LENGTH)
          @ValidationRule(value = Rules.SHARE, message = Rules.SHARE_MESSAGE)
          @JsonPropertyDescription(
              "The least share of documents for which both versions have the same best subject: of"
                  + " those that both packages test themselves with, and of those of clients that"
                  + " the canary answers with both.")
          String agreement,
      @Default("0.2")
          @Size(min = 1, max = Rules.DECIMAL_LENGTH)
          @ValidationRule(value = Rules.SHARE, message = Rules.SHARE_MESSAGE)
          @JsonPropertyDescription(
              "The largest Jensen-Shannon divergence, in bits, between the best subjects of the"
                  + " documents that both answer.")
          String divergence) {

    /** What a manifest that says nothing gets. */
    public static final CanaryBounds DEFAULT = new CanaryBounds("0.01", "2", "0.5", "0.2");
  }

  /** How many pods answer. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @ValidationRule(
      value = "!has(self.maximum) || self.maximum >= self.minimum",
      message = "replicas.maximum must not be less than replicas.minimum")
  public record Replicas(
      @Default("2")
          @Min(0)
          @Max(100)
          @JsonPropertyDescription(
              "Fewest pods that answer, also while a new version replaces the old one. 0, on"
                  + " Knative: none while nobody asks; the next request starts one and waits for"
                  + " it. Under Auto a Deployment has one pod then.")
          Integer minimum,
      @Min(1)
          @Max(1000)
          @JsonPropertyDescription("Most pods, on Knative. Absent: as many as requests need.")
          Integer maximum) {

    /** As many pods, always. */
    public Replicas(Integer minimum) {
      this(minimum, null);
    }

    /** The fewest pods on a platform. */
    public int fewest(Platform platform) {
      return switch (platform) {
        case DEPLOYMENT -> Math.max(1, minimum);
        case KNATIVE -> minimum;
      };
    }
  }
}
