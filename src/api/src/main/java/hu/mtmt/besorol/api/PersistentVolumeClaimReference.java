package hu.mtmt.besorol.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** A claim in the namespace of the resource that names it. */
public record PersistentVolumeClaimReference(
    @Required
        @Size(min = 1, max = 253)
        @JsonPropertyDescription("Name of a PersistentVolumeClaim in the same namespace.")
        String claimName) {}
