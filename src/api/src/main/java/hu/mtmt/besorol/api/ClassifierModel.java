package hu.mtmt.besorol.api;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * A classifier that is kept in service: what must be true of any version of it, and which version
 * serves.
 */
@Group(ClassifierModel.GROUP)
@Version(ClassifierModel.VERSION)
@Plural("classifiermodels")
@ShortNames("cmodel")
@ValidationRule(
    value = "self.metadata.name.matches('^[a-z]([-a-z0-9]{0,50}[a-z0-9])?$')",
    message =
        "metadata.name must be 1 to 52 lower-case letters, digits and hyphens and begin with a"
            + " letter: the Service is named after it")
@AdditionalPrinterColumn(
    name = "Version",
    jsonPath = ".status.serving.version",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "F1",
    jsonPath = ".status.serving.strictF1",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Lenient",
    jsonPath = ".status.serving.lenientF1",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "URL",
    jsonPath = ".status.url",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Ready",
    jsonPath = ".status.conditions[?(@.type=='Ready')].status",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Reason",
    jsonPath = ".status.conditions[?(@.type=='Ready')].reason",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
public class ClassifierModel extends CustomResource<ClassifierModelSpec, ClassifierModelStatus>
    implements Namespaced {
  private static final long serialVersionUID = 1L;

  public static final String GROUP = "besorol.mtmt.hu";
  public static final String VERSION = "v1alpha1";
}
