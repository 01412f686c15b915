package hu.mtmt.besorol.api;

/** What {@link DataSource} and {@link TaxonomySource} have in common: rules and descriptions. */
final class FileRules {
  static final String ONE_PLACE =
      "[has(self.persistentVolumeClaim), has(self.s3), has(self.uri)].exists_one(p, p)";
  static final String ONE_PLACE_MESSAGE =
      "name one place: persistentVolumeClaim and path, or s3 and path, or uri";

  static final String VOLUME_AND_PATH =
      "(has(self.persistentVolumeClaim) || has(self.s3)) == has(self.path)";
  static final String VOLUME_AND_PATH_MESSAGE =
      "path goes together with persistentVolumeClaim or s3: write both, or uri instead";

  static final String PATH = "!self.startsWith('/') && self.split('/').all(p, p != '..')";
  static final String PATH_MESSAGE =
      "write a path relative to the root of the volume or bucket, without '..', such as"
          + " arxiv/train.jsonl.zst";

  static final String URI = "self.matches('^https://[a-zA-Z0-9.-]+(:[0-9]+)?/[^ ]*$')";
  static final String URI_MESSAGE = "write an address such as https://host/path/train.jsonl.zst";

  static final String CLAIM_DESCRIPTION =
      "Volume on which the file lies. The claim must allow to be mounted by the training pods.";
  static final String PATH_DESCRIPTION =
      "Path of the file on the volume, or its key in the bucket, such as arxiv/train.jsonl.zst.";
  static final String BUCKET_DESCRIPTION =
      "Bucket in which the file lies. Pods fetch it when they start.";
  static final String URI_DESCRIPTION =
      "Address of the file: https:, on a host that the operator's configuration allows.";
  static final String DIGEST_DESCRIPTION =
      "SHA-256 of the file as it lies there, compressed or not: sha256: and what sha256sum prints."
          + " Another content is refused.";

  private FileRules() {}
}
