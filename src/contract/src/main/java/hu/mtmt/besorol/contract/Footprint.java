package hu.mtmt.besorol.contract;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/**
 * What a training needs, as its pod has counted it: nobody else reads the data.
 *
 * @param documents how many training documents are learnt
 * @param labels how many subjects are learnt
 * @param estimatedMemoryMiB memory that the pod needs at least, in MiB, estimated from the data
 *     before anything is learnt
 * @param usedMemoryMiB memory that the pod was seen to need at its peak, in MiB; null if it is not
 *     known
 * @param estimatedDiskMiB disk of its node that the pod needs at least, in MiB, estimated when the
 *     data had been fetched; null if it is not known
 * @param usedDiskMiB what the pod had on that disk when it was done, in MiB; null if it is not
 *     known
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Footprint(
    @JsonPropertyDescription("Training documents.") Integer documents,
    @JsonPropertyDescription("Subjects that are learnt.") Integer labels,
    @JsonPropertyDescription(
            "Memory that a pod needs at least, in MiB, estimated from the data before anything was"
                + " learnt.")
        Integer estimatedMemoryMiB,
    @JsonPropertyDescription("Memory that the pod needed at its peak, in MiB.")
        Integer usedMemoryMiB,
    @JsonPropertyDescription(
            "Disk of its node that a pod needs at least, in MiB, estimated when the data had been"
                + " fetched.")
        Integer estimatedDiskMiB,
    @JsonPropertyDescription("What the pod had on that disk when it was done, in MiB.")
        Integer usedDiskMiB) {

  /** Of a pod whose disk is not known. */
  public Footprint(
      Integer documents, Integer labels, Integer estimatedMemoryMiB, Integer usedMemoryMiB) {
    this(documents, labels, estimatedMemoryMiB, usedMemoryMiB, null, null);
  }
}
