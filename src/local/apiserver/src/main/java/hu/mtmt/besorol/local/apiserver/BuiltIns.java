package hu.mtmt.besorol.local.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Defaults and checks of the built-in kinds, as far as clients of this cluster see them. */
final class BuiltIns {
  private static final KindBehaviour PLAIN = new KindBehaviour() {};
  private static final KindBehaviour CUSTOM =
      new KindBehaviour() {
        @Override
        public boolean hasGeneration() {
          return true;
        }

        @Override
        public boolean replacedUnconditionally() {
          return false;
        }
      };

  private final Map<String, KindBehaviour> behaviours;

  BuiltIns(ServiceAddresses addresses, CustomDefinitions customDefinitions) {
    behaviours = new HashMap<>();
    behaviours.put("namespaces", new NamespaceBehaviour());
    behaviours.put("pods", new PodBehaviour());
    behaviours.put("deployments.apps", new DeploymentBehaviour());
    behaviours.put("replicasets.apps", new ReplicaSetBehaviour());
    behaviours.put("jobs.batch", new JobBehaviour());
    behaviours.put("services", new ServiceBehaviour(addresses));
    behaviours.put("persistentvolumeclaims", new ClaimBehaviour());
    behaviours.put("configmaps", new ConfigMapBehaviour());
    behaviours.put("secrets", new SecretBehaviour());
    behaviours.put("poddisruptionbudgets.policy", new DisruptionBudgetBehaviour());
    behaviours.put("customresourcedefinitions." + Kinds.EXTENSIONS, customDefinitions);
    behaviours.put("leases.coordination.k8s.io", new LeaseBehaviour());
    behaviours.put("events", new EventBehaviour());
    behaviours.put("events.events.k8s.io", new EventBehaviour());
    behaviours.put("networkpolicies.networking.k8s.io", new NetworkPolicyBehaviour());
    behaviours.put("rolebindings.rbac.authorization.k8s.io", new BindingBehaviour());
    behaviours.put("clusterrolebindings.rbac.authorization.k8s.io", new BindingBehaviour());
    behaviours.put("serviceaccounts", returnedWhenDeleted());
  }

  KindBehaviour of(ResourceKind kind) {
    return kind.custom() ? CUSTOM : behaviours.getOrDefault(kind.qualifiedName(), PLAIN);
  }

  private static KindBehaviour returnedWhenDeleted() {
    return new KindBehaviour() {
      @Override
      public boolean returnedWhenDeleted() {
        return true;
      }
    };
  }

  /** Fields that must not change, each with the message of Kubernetes. */
  private static void immutable(
      JsonNode before, JsonNode after, String path, List<FieldError> errors) {
    var pointer = "/" + path.replace('.', '/');
    if (!before.at(pointer).equals(after.at(pointer))) {
      errors.add(FieldError.invalid(path, after.at(pointer), "field is immutable"));
    }
  }

  private static void required(JsonNode object, String path, List<FieldError> errors) {
    if (!Json.filled(object.at("/" + path.replace('.', '/')))) {
      errors.add(FieldError.required(path, ""));
    }
  }

  /** The labels of the template must be among those that are selected. */
  private static void selectorMatchesTemplate(JsonNode object, List<FieldError> errors) {
    var labels = object.at("/spec/template/metadata/labels");
    for (var wanted : object.at("/spec/selector/matchLabels").properties()) {
      if (!wanted.getValue().equals(labels.path(wanted.getKey()))) {
        errors.add(
            FieldError.invalid(
                "spec.template.metadata.labels",
                labels.isMissingNode() ? Json.MAPPER.nullNode() : labels,
                "`selector` does not match template `labels`"));
        return;
      }
    }
  }

  private static final class NamespaceBehaviour implements KindBehaviour {
    @Override
    public void setDefaults(ObjectNode namespace) {
      Json.ensure(namespace, "metadata", "labels")
          .put("kubernetes.io/metadata.name", Json.textAt(namespace, "metadata", "name"));
    }

    @Override
    public void prepareForCreate(ObjectNode namespace) {
      var finalizers = Json.ensure(namespace, "spec").withArrayProperty("finalizers");
      if (!Json.strings(finalizers).contains("kubernetes")) {
        finalizers.add("kubernetes");
      }
      namespace.putObject("status").put("phase", "Active");
    }

    @Override
    public void prepareForUpdate(ObjectNode before, ObjectNode after) {
      Json.copyFields(before, after, "spec");
    }
  }

  private static final class PodBehaviour implements KindBehaviour {
    @Override
    public void setDefaults(ObjectNode pod) {
      PodDefaults.applyToPod(pod);
      plural(pod, "podIP", "podIPs");
      plural(pod, "hostIP", "hostIPs");
    }

    /** The list of addresses begins with the one address of older clients. */
    private static void plural(ObjectNode pod, String one, String many) {
      var status = pod.path("status");
      var address = status.path(one).asText("");
      if (!address.isEmpty() && !status.path(many).path(0).path("ip").asText("").equals(address)) {
        ((ObjectNode) status).putArray(many).addObject().put("ip", address);
      }
    }

    @Override
    public void prepareForCreate(ObjectNode pod) {
      PodDefaults.admit(pod);
      pod.putObject("status")
          .put("phase", "Pending")
          .put("qosClass", PodDefaults.qualityOfService(pod.path("spec")));
    }

    @Override
    public void validate(ObjectNode before, ObjectNode after, List<FieldError> errors) {
      PodChecks.validate(after.path("spec"), "spec", errors);
      if (before != null) {
        PodChecks.validateUpdate(before, after, errors);
      }
    }

    @Override
    public boolean hasGeneration() {
      return true;
    }

    @Override
    public boolean returnedWhenDeleted() {
      return true;
    }

    @Override
    public boolean deletedGracefully() {
      return true;
    }

    @Override
    public long graceSeconds(ObjectNode pod, OptionalLong asked) {
      var phase = Json.textAt(pod, "status", "phase");
      if (Json.textAt(pod, "spec", "nodeName").isEmpty()
          || phase.equals("Failed")
          || phase.equals("Succeeded")) {
        return 0; // nothing runs
      }
      return asked.orElse(pod.at("/spec/terminationGracePeriodSeconds").asLong(30));
    }
  }

  private static final class DeploymentBehaviour implements KindBehaviour {
    @Override
    public void setDefaults(ObjectNode deployment) {
      var spec = Json.ensure(deployment, "spec");
      Json.setDefault(spec, "replicas", 1);
      Json.setDefault(spec, "revisionHistoryLimit", 10);
      Json.setDefault(spec, "progressDeadlineSeconds", 600);
      var strategy = Json.ensure(spec, "strategy");
      Json.setDefault(strategy, "type", "RollingUpdate");
      if (strategy.path("type").asText().equals("RollingUpdate")) {
        var rolling = Json.ensure(strategy, "rollingUpdate");
        Json.setDefault(rolling, "maxUnavailable", "25%");
        Json.setDefault(rolling, "maxSurge", "25%");
      }
      PodDefaults.apply(Json.ensure(spec, "template", "spec"));
    }

    @Override
    public void validate(ObjectNode before, ObjectNode after, List<FieldError> errors) {
      required(after, "spec.selector", errors);
      selectorMatchesTemplate(after, errors);
      PodChecks.validateTemplate(after, List.of("Always"), errors);
      if (after.at("/spec/strategy/type").asText().equals("Recreate")
          && after.at("/spec/strategy").has("rollingUpdate")) {
        errors.add(
            FieldError.forbidden(
                "spec.strategy.rollingUpdate",
                "may not be specified when strategy `type` is 'Recreate'"));
      }
      if (before != null) {
        immutable(before, after, "spec.selector", errors);
      }
    }

    @Override
    public boolean hasGeneration() {
      return true;
    }
  }

  private static final class ReplicaSetBehaviour implements KindBehaviour {
    @Override
    public void setDefaults(ObjectNode replicaSet) {
      var spec = Json.ensure(replicaSet, "spec");
      Json.setDefault(spec, "replicas", 1);
      PodDefaults.apply(Json.ensure(spec, "template", "spec"));
    }

    @Override
    public void prepareForCreate(ObjectNode replicaSet) {
      replicaSet.putObject("status").put("replicas", 0L);
    }

    @Override
    public void validate(ObjectNode before, ObjectNode after, List<FieldError> errors) {
      required(after, "spec.selector", errors);
      selectorMatchesTemplate(after, errors);
      PodChecks.validateTemplate(after, List.of("Always"), errors);
      if (before != null) {
        immutable(before, after, "spec.selector", errors);
      }
    }

    @Override
    public boolean hasGeneration() {
      return true;
    }
  }

  private static final class JobBehaviour implements KindBehaviour {
    @Override
    public void setDefaults(ObjectNode job) {
      var spec = Json.ensure(job, "spec");
      if (!spec.has("completions") && !spec.has("parallelism")) {
        spec.put("completions", 1L);
      }
      Json.setDefault(spec, "parallelism", 1);
      Json.setDefault(spec, "backoffLimit", 6);
      Json.setDefault(spec, "completionMode", "NonIndexed");
      Json.setDefault(spec, "suspend", false);
      Json.setDefault(spec, "manualSelector", false);
      Json.setDefault(
          spec,
          "podReplacementPolicy",
          spec.has("podFailurePolicy") ? "Failed" : "TerminatingOrFailed");
      for (var rule : Json.at(spec, "podFailurePolicy", "rules")) {
        for (var condition : rule.path("onPodConditions")) {
          Json.setDefault((ObjectNode) condition, "status", "True");
        }
      }
      PodDefaults.apply(Json.ensure(spec, "template", "spec"));
      labelLikeTemplate(job);
    }

    private static void labelLikeTemplate(ObjectNode job) {
      var labels = Json.at(job, "spec", "template", "metadata", "labels");
      if (!labels.isEmpty() && Json.at(job, "metadata", "labels").isEmpty()) {
        Json.metadata(job).set("labels", labels.deepCopy());
      }
    }

    @Override
    public void prepareForCreate(ObjectNode job) {
      var spec = Json.ensure(job, "spec");
      if (spec.path("manualSelector").asBoolean()) {
        return;
      }
      var uid = Json.textAt(job, "metadata", "uid");
      var name = Json.textAt(job, "metadata", "name");
      Json.ensure(spec, "template", "metadata", "labels")
          .put("controller-uid", uid)
          .put("job-name", name)
          .put("batch.kubernetes.io/controller-uid", uid)
          .put("batch.kubernetes.io/job-name", name);
      if (!spec.has("selector")) {
        Json.ensure(spec, "selector", "matchLabels").put("batch.kubernetes.io/controller-uid", uid);
      }
      labelLikeTemplate(job);
    }

    @Override
    public void validate(ObjectNode before, ObjectNode after, List<FieldError> errors) {
      PodChecks.validate(after.at("/spec/template/spec"), "spec.template.spec", errors);
      if (after.at("/spec/template/spec/restartPolicy").asText().equals("Always")) {
        errors.add(
            FieldError.required(
                "spec.template.spec.restartPolicy", "valid values: \"OnFailure\", \"Never\""));
      }
      if (after.at("/spec").has("podFailurePolicy")
          && !after.at("/spec/template/spec/restartPolicy").asText().equals("Never")) {
        errors.add(
            FieldError.invalid(
                "spec.template.spec.restartPolicy",
                after.at("/spec/template/spec/restartPolicy"),
                "only \"Never\" is supported when podFailurePolicy is specified"));
      }
      if (before != null) {
        immutable(before, after, "spec.selector", errors);
        immutable(before, after, "spec.completions", errors);
        immutable(before, after, "spec.completionMode", errors);
        immutable(before, after, "spec.podFailurePolicy", errors);
        boolean startsLater =
            before.at("/spec/suspend").asBoolean() && !before.at("/status").has("startTime");
        if (!startsLater) {
          immutable(before, after, "spec.template", errors);
        }
      }
    }

    @Override
    public boolean hasGeneration() {
      return true;
    }
  }

  private static final class ServiceBehaviour implements KindBehaviour {
    private final ServiceAddresses addresses;

    ServiceBehaviour(ServiceAddresses addresses) {
      this.addresses = addresses;
    }

    @Override
    public void setDefaults(ObjectNode service) {
      var spec = Json.ensure(service, "spec");
      Json.setDefault(spec, "sessionAffinity", "None");
      Json.setDefault(spec, "type", "ClusterIP");
      Json.setDefault(spec, "internalTrafficPolicy", "Cluster");
      for (var port : spec.path("ports")) {
        if (port instanceof ObjectNode object) {
          Json.setDefault(object, "protocol", "TCP");
          if (!Json.filled(object.get("targetPort"))) {
            object.set("targetPort", object.path("port"));
          }
        }
      }
    }

    @Override
    public void prepareForCreate(ObjectNode service) {
      Json.ensure(service, "status", "loadBalancer");
      allocate(Json.ensure(service, "spec"));
    }

    private void allocate(ObjectNode spec) {
      if (spec.path("type").asText().equals("ExternalName")) {
        return;
      }
      if (spec.path("clusterIP").asText("").isEmpty()) {
        spec.put("clusterIP", addresses.allocate());
      }
      if (!spec.has("clusterIPs")) {
        spec.putArray("clusterIPs").add(spec.path("clusterIP").asText());
      }
      if (!spec.has("ipFamilies")) {
        spec.putArray("ipFamilies").add("IPv4");
      }
      Json.setDefault(spec, "ipFamilyPolicy", "SingleStack");
    }

    @Override
    public void prepareForUpdate(ObjectNode before, ObjectNode after) {
      var spec = Json.ensure(after, "spec");
      var old = before.path("spec");
      for (var name : List.of("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy")) {
        if (!Json.filled(spec.path(name)) && old.has(name)) {
          spec.set(name, old.get(name).deepCopy());
        }
      }
      allocate(spec);
    }

    @Override
    public void validate(ObjectNode before, ObjectNode after, List<FieldError> errors) {
      var ports = after.at("/spec/ports");
      boolean headless = after.at("/spec/clusterIP").asText().equals("None");
      if (ports.isEmpty() && !headless && !after.at("/spec/type").asText().equals("ExternalName")) {
        errors.add(FieldError.required("spec.ports", ""));
      }
      for (int i = 0; i < ports.size(); i++) {
        var port = ports.get(i);
        var place = "spec.ports[" + i + "]";
        if (ports.size() > 1 && port.path("name").asText("").isEmpty()) {
          errors.add(FieldError.required(place + ".name", ""));
        }
        PodChecks.portNumber(port.path("port"), place + ".port", errors);
        PodChecks.portNumber(port.path("targetPort"), place + ".targetPort", errors);
      }
      if (before != null) {
        var old = before.at("/spec/clusterIP");
        if (Json.filled(old) && !old.equals(after.at("/spec/clusterIP"))) {
          errors.add(
              FieldError.invalid(
                  "spec.clusterIPs[0]", after.at("/spec/clusterIPs"), "may not change once set"));
        }
      }
    }

    @Override
    public boolean returnedWhenDeleted() {
      return true;
    }
  }

  private static final class ClaimBehaviour implements KindBehaviour {
    @Override
    public void setDefaults(ObjectNode claim) {
      Json.setDefault(Json.ensure(claim, "spec"), "volumeMode", "Filesystem");
    }

    @Override
    public void prepareForCreate(ObjectNode claim) {
      claim.putObject("status").put("phase", "Pending");
    }

    @Override
    public void validate(ObjectNode before, ObjectNode after, List<FieldError> errors) {
      if (after.at("/spec/accessModes").isEmpty()) {
        errors.add(FieldError.required("spec.accessModes", "at least 1 access mode is required"));
      }
      if (!after.at("/spec/resources/requests").has("storage")) {
        errors.add(FieldError.required("spec.resources[storage]", ""));
      }
    }

    @Override
    public boolean returnedWhenDeleted() {
      return true;
    }
  }

  /** Of ConfigMap, and of Secret but for the encoding. */
  private static class ConfigMapBehaviour implements KindBehaviour {
    @Override
    public void validate(ObjectNode before, ObjectNode after, List<FieldError> errors) {
      if (before == null || !before.path("immutable").asBoolean()) {
        return;
      }
      for (var field : List.of("data", "binaryData", "immutable")) {
        if (!before.path(field).equals(after.path(field))) {
          errors.add(FieldError.forbidden(field, "field is immutable when `immutable` is set"));
        }
      }
    }
  }

  private static final class SecretBehaviour extends ConfigMapBehaviour {
    @Override
    public void setDefaults(ObjectNode secret) {
      Json.setDefault(secret, "type", "Opaque");
      Json.objectAt(secret, "stringData")
          .ifPresent(
              plain -> {
                var data = Json.ensure(secret, "data");
                plain
                    .properties()
                    .forEach(e -> data.put(e.getKey(), base64(e.getValue().asText())));
                secret.remove("stringData");
              });
    }

    private static String base64(String text) {
      return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static final class DisruptionBudgetBehaviour implements KindBehaviour {
    @Override
    public void prepareForCreate(ObjectNode budget) {
      budget
          .putObject("status")
          .put("disruptionsAllowed", 0L)
          .put("currentHealthy", 0L)
          .put("desiredHealthy", 0L)
          .put("expectedPods", 0L);
    }

    @Override
    public void validate(ObjectNode before, ObjectNode after, List<FieldError> errors) {
      var spec = after.path("spec");
      if (spec.has("minAvailable") && spec.has("maxUnavailable")) {
        errors.add(
            FieldError.invalid("spec", spec, "minAvailable and maxUnavailable cannot be both set"));
      }
    }

    @Override
    public boolean hasGeneration() {
      return true;
    }

    @Override
    public boolean replacedUnconditionally() {
      return false;
    }
  }

  private static final class LeaseBehaviour implements KindBehaviour {
    @Override
    public boolean replacedUnconditionally() {
      return false;
    }

    @Override
    public boolean createdByPut() {
      return true;
    }
  }

  private static final class EventBehaviour implements KindBehaviour {
    @Override
    public boolean createdByPut() {
      return true;
    }
  }

  private static final class NetworkPolicyBehaviour implements KindBehaviour {
    @Override
    public void setDefaults(ObjectNode policy) {
      var spec = Json.ensure(policy, "spec");
      if (spec.path("policyTypes").isEmpty()) {
        var types = spec.putArray("policyTypes").add("Ingress");
        if (!spec.path("egress").isEmpty()) {
          types.add("Egress");
        }
      }
    }

    @Override
    public boolean hasGeneration() {
      return true;
    }
  }

  private static final class BindingBehaviour implements KindBehaviour {
    private static final String RBAC = "rbac.authorization.k8s.io";

    @Override
    public void setDefaults(ObjectNode binding) {
      Json.objectAt(binding, "roleRef").ifPresent(ref -> Json.setDefault(ref, "apiGroup", RBAC));
      for (var subject : binding.path("subjects")) {
        if (!subject.path("kind").asText().equals("ServiceAccount")) {
          Json.setDefault((ObjectNode) subject, "apiGroup", RBAC);
        }
      }
    }

    @Override
    public void validate(ObjectNode before, ObjectNode after, List<FieldError> errors) {
      if (before != null && !before.path("roleRef").equals(after.path("roleRef"))) {
        errors.add(FieldError.invalid("roleRef", after.path("roleRef"), "cannot change roleRef"));
      }
    }
  }
}
