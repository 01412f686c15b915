package hu.mtmt.besorol.store;

import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.ContainerPaths;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.S3Bucket;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * A bucket. What a busy service refuses is asked again; a file whose transfer was cut off goes on
 * where it was, in the same process when it is read, in any later one when it is written. Failures
 * are told to a person: keys that are wrong are the plan's failure, bytes that are others the
 * data's, everything else the machine's and worth another attempt.
 */
public final class Bucket implements AutoCloseable {
  /** Files up to this size are written by one request, larger ones in parts of it: 16 MiB. */
  static final int PART_BYTES = 16 << 20;

  private static final String DIGEST = "sha256";
  private static final int ATTEMPTS = 8;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(20);
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(60);

  private final S3Bucket where;
  private final S3Client client;
  private final int partBytes;
  private final BackoffStrategy pauses;

  private Bucket(S3Bucket where, AwsCredentialsProvider keys, int partBytes, Duration firstPause) {
    this.where = where;
    this.partBytes = partBytes;
    this.pauses = BackoffStrategy.exponentialDelay(firstPause, LONGEST_PAUSE);
    this.client =
        S3Client.builder()
            .endpointOverride(URI.create(where.endpoint()))
            .region(Region.of(where.region()))
            .credentialsProvider(keys)
            // Every service knows a bucket by the path of the address, few by its host. An early
            // refusal (100-continue) would be read by the JDK's client without what it says.
            .serviceConfiguration(c -> c.pathStyleAccessEnabled(true).expectContinueEnabled(false))
            // Newer checksums of the protocol are known to few services; digests are ours.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .httpClient(
                UrlConnectionHttpClient.builder()
                    .connectionTimeout(CONNECT_TIMEOUT)
                    .socketTimeout(READ_TIMEOUT)
                    .build())
            .overrideConfiguration(
                c ->
                    c.retryStrategy(
                        AwsRetryStrategy.standardRetryStrategy().toBuilder()
                            .maxAttempts(ATTEMPTS)
                            .backoffStrategy(pauses)
                            .throttlingBackoffStrategy(pauses)
                            .build()))
            .build();
  }

  /**
   * Opens a bucket; nothing is asked yet.
   *
   * @param paths where the container's paths, among them that of the credentials, lie
   * @throws BesorolException if the credentials are not there
   */
  public static Bucket open(S3Bucket where, ContainerPaths paths) {
    return open(where, paths, PART_BYTES, FIRST_PAUSE);
  }

  static Bucket open(S3Bucket where, ContainerPaths paths, int partBytes, Duration firstPause) {
    AwsCredentialsProvider keys = AnonymousCredentialsProvider.create();
    if (where.credentials() != null) {
      keys = new MountedCredentials(paths.resolve(where.credentials()), where.credentials());
      keys.resolveCredentials(); // to say at once what is missing
    }
    return new Bucket(where, keys, partBytes, firstPause);
  }

  /** What messages call an object or a prefix. */
  String address(String key) {
    return "%s/%s/%s".formatted(where.endpoint(), where.name(), key);
  }

  /** The keys that begin with {@code prefix}. */
  List<String> list(String prefix) {
    try {
      return client
          .listObjectsV2Paginator(r -> r.bucket(where.name()).prefix(prefix))
          .contents()
          .stream()
          .map(S3Object::key)
          .toList();
    } catch (SdkException e) {
      throw failure("%s cannot be listed".formatted(address(prefix)), e);
    }
  }

  /** Whether there is an object. */
  boolean contains(String key) {
    return head(key).isPresent();
  }

  private Optional<HeadObjectResponse> head(String key) {
    try {
      return Optional.of(client.headObject(r -> r.bucket(where.name()).key(key)));
    } catch (NoSuchKeyException e) {
      return Optional.empty();
    } catch (SdkException e) {
      if (status(e) == 404) {
        return Optional.empty();
      }
      throw failure("%s cannot be looked at".formatted(address(key)), e);
    }
  }

  /** The bytes of a small object, or empty if there is none. */
  Optional<byte[]> read(String key) {
    try {
      return Optional.of(
          client.getObjectAsBytes(r -> r.bucket(where.name()).key(key)).asByteArray());
    } catch (NoSuchKeyException e) {
      return Optional.empty();
    } catch (SdkException e) {
      throw failure("%s cannot be read".formatted(address(key)), e);
    }
  }

  /** Writes a small object. */
  void write(String key, byte[] bytes) {
    put(key, bytes, Map.of());
  }

  private void put(String key, byte[] bytes, Map<String, String> metadata) {
    try {
      client.putObject(
          r -> r.bucket(where.name()).key(key).contentMD5(base64(md5(bytes))).metadata(metadata),
          RequestBody.fromBytes(bytes));
    } catch (SdkException e) {
      throw failure("%s cannot be written".formatted(address(key)), e);
    }
  }

  /** Deletes an object; nothing if it is not there. */
  void delete(String key) {
    try {
      client.deleteObject(r -> r.bucket(where.name()).key(key));
    } catch (SdkException e) {
      throw failure("%s cannot be deleted".formatted(address(key)), e);
    }
  }

  /**
   * Fetches an object. Its digest is taken while it arrives; if it is another one, it is fetched
   * once more before that counts.
   *
   * @param mostBytes the largest size that is accepted
   * @param target a file, which is replaced
   * @throws BesorolException {@code DATA_INVALID} if the object is not there, larger, or other than
   *     expected
   * @throws IOException if the file cannot be written
   */
  public void fetch(String key, Digest expected, long mostBytes, Path target) throws IOException {
    var actual = fetch(key, mostBytes, target);
    if (!actual.equals(expected)) {
      actual = fetch(key, mostBytes, target);
    }
    if (!actual.equals(expected)) {
      Files.delete(target);
      throw BesorolException.data(
          "%s has the digest %s instead of %s: it was changed or damaged. Write it again from where it is whole."
              .formatted(address(key), actual, expected));
    }
  }

  private Digest fetch(String key, long mostBytes, Path target) throws IOException {
    try (var out =
        FileChannel.open(
            target,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      var transfer = new Transfer(key, mostBytes, out);
      for (int attempt = 1; ; attempt++) {
        long before = transfer.done;
        try {
          transfer.run();
          return Digest.of(transfer.digest);
        } catch (CutOff e) {
          attempt = transfer.done > before ? 1 : attempt;
          if (attempt == ATTEMPTS) {
            throw BesorolException.machine(
                "%s cannot be fetched: the connection was cut off %d times after %d bytes (%s)."
                    .formatted(address(key), ATTEMPTS, transfer.done, e.getMessage()),
                e);
          }
          pause(attempt);
        }
      }
    }
  }

  private void pause(int attempt) {
    try {
      Thread.sleep(pauses.computeDelay(attempt));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw BesorolException.machine("The transfer was interrupted.", e);
    }
  }

  /** The connection ended before the object did. */
  private static final class CutOff extends Exception {
    private static final long serialVersionUID = 1L;

    CutOff(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** An object on its way into a file, in as many requests as it takes. */
  private final class Transfer {
    private final String key;
    private final long mostBytes;
    private final FileChannel out;
    private final MessageDigest digest = Digest.sha256();
    private long done;

    /** What is read must be the same object in all requests. */
    private String tag;

    Transfer(String key, long mostBytes, FileChannel out) {
      this.key = key;
      this.mostBytes = mostBytes;
      this.out = out;
    }

    void run() throws IOException, CutOff {
      try (var in =
          client.getObject(
              r ->
                  r.bucket(where.name())
                      .key(key)
                      .ifMatch(tag)
                      .range(done == 0 ? null : "bytes=%d-".formatted(done)))) {
        tag = in.response().eTag();
        long size = done + in.response().contentLength();
        if (size > mostBytes) {
          in.abort();
          throw BesorolException.data(
              "%s has %d bytes, more than %d.".formatted(address(key), size, mostBytes));
        }
        var buffer = new byte[1 << 16];
        while (done < size) {
          int n = read(in, buffer);
          if (n < 0) {
            in.abort();
            throw new CutOff("%d bytes were to come".formatted(size - done), null);
          }
          digest.update(buffer, 0, n);
          out.write(ByteBuffer.wrap(buffer, 0, n));
          done += n;
        }
      } catch (NoSuchKeyException e) {
        throw BesorolException.data(
            "There is no %s: write it there, or name another one.".formatted(address(key)));
      } catch (SdkException e) {
        throw failure("%s cannot be read".formatted(address(key)), e);
      }
    }

    private static int read(InputStream in, byte[] buffer) throws CutOff {
      try {
        return in.read(buffer);
      } catch (IOException e) {
        throw new CutOff(e.toString(), e);
      }
    }
  }

  /**
   * Writes a file, unless the object is there with that digest already. Of a large one only the
   * parts are sent that no earlier attempt has sent.
   *
   * @throws IOException if the file cannot be read
   */
  void put(Path file, String key, Digest digest) throws IOException {
    long size = Files.size(file);
    if (isThere(key, size, digest)) {
      return;
    }
    var metadata = Map.of(DIGEST, digest.hex());
    if (size <= partBytes) {
      put(key, Files.readAllBytes(file), metadata);
    } else {
      try {
        putParts(file, size, key, metadata);
      } catch (SdkException e) {
        // another process may have completed the same upload just now
        if (status(e) != 404 || !isThere(key, size, digest)) {
          throw failure("%s cannot be written".formatted(address(key)), e);
        }
      }
      if (!isThere(key, size, digest)) {
        throw BesorolException.machine(
            "%s was not completed, though %s said so.".formatted(address(key), where.endpoint()),
            null);
      }
    }
  }

  private boolean isThere(String key, long size, Digest digest) {
    return head(key)
        .filter(h -> h.contentLength() == size)
        .filter(h -> digest.hex().equals(h.metadata().get(DIGEST)))
        .isPresent();
  }

  private void putParts(Path file, long size, String key, Map<String, String> metadata)
      throws IOException {
    var begun = begun(key);
    var sent = begun.isPresent() ? sent(key, begun.get()) : Map.<Integer, String>of();
    boolean ours = isBeginningOf(file, sent);
    var upload = begun.filter(_ -> ours).orElseGet(() -> begin(key, metadata));
    var parts = new ArrayList<CompletedPart>();
    try (var in = Files.newInputStream(file)) {
      for (int number = 1; (long) (number - 1) * partBytes < size; number++) {
        var bytes = in.readNBytes(partBytes);
        var tag =
            ours && sent.containsKey(number)
                ? sent.get(number)
                : sendPart(key, upload, number, bytes);
        parts.add(CompletedPart.builder().partNumber(number).eTag(tag).build());
      }
    }
    client.completeMultipartUpload(
        r -> r.bucket(where.name()).key(key).uploadId(upload).multipartUpload(m -> m.parts(parts)));
  }

  /** Whether all parts that were sent are those of the file; a part's tag is its MD5. */
  private boolean isBeginningOf(Path file, Map<Integer, String> sent) throws IOException {
    int left = sent.size();
    try (var in = Files.newInputStream(file)) {
      for (int number = 1; left > 0; number++) {
        var bytes = in.readNBytes(partBytes);
        if (bytes.length == 0) {
          return false;
        }
        var tag = sent.get(number);
        if (tag != null) {
          if (!tag.replace("\"", "").equals(HexFormat.of().formatHex(md5(bytes)))) {
            return false;
          }
          left--;
        }
      }
    }
    return true;
  }

  /** The newest upload of that object that was begun and not completed. */
  private Optional<String> begun(String key) {
    return client
        .listMultipartUploadsPaginator(r -> r.bucket(where.name()).prefix(key))
        .uploads()
        .stream()
        .filter(u -> u.key().equals(key))
        .max(Comparator.comparing(MultipartUpload::initiated))
        .map(MultipartUpload::uploadId);
  }

  private String begin(String key, Map<String, String> metadata) {
    return client
        .createMultipartUpload(r -> r.bucket(where.name()).key(key).metadata(metadata))
        .uploadId();
  }

  /** The tags of the parts that are there, by their numbers. */
  private Map<Integer, String> sent(String key, String upload) {
    var tags = new HashMap<Integer, String>();
    client
        .listPartsPaginator(r -> r.bucket(where.name()).key(key).uploadId(upload))
        .parts()
        .forEach(p -> tags.put(p.partNumber(), p.eTag()));
    return tags;
  }

  private String sendPart(String key, String upload, int number, byte[] bytes) {
    return client
        .uploadPart(
            r ->
                r.bucket(where.name())
                    .key(key)
                    .uploadId(upload)
                    .partNumber(number)
                    .contentMD5(base64(md5(bytes))),
            RequestBody.fromBytes(bytes))
        .eTag();
  }

  /** What the protocol names bytes by on their way; it protects from accidents, not from people. */
  private static byte[] md5(byte[] bytes) {
    try {
      return MessageDigest.getInstance("MD5").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has MD5", e);
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static final Set<String> FULL =
      Set.of("QuotaExceeded", "XMinioStorageFull", "XMinioAdminBucketQuotaExceeded");

  private static int status(SdkException e) {
    return e instanceof AwsServiceException s ? s.statusCode() : 0;
  }

  /** Says nothing that the service says in its own words: it may repeat parts of the request. */
  private BesorolException failure(String what, SdkException e) {
    if (!(e instanceof AwsServiceException service)) {
      Throwable reason = e;
      while (reason.getCause() != null) {
        reason = reason.getCause();
      }
      if (reason instanceof BesorolException told) {
        return told;
      }
      return BesorolException.machine(
          "%s: %s is not reached (%s). Check the address and the network."
              .formatted(what, where.endpoint(), reason),
          e);
    }
    var details = service.awsErrorDetails();
    var code = details == null || details.errorCode() == null ? "" : details.errorCode();
    int status = service.statusCode();
    var answer = "%d %s".formatted(status, code).strip();
    if (status == 507 || FULL.contains(code)) {
      return BesorolException.machine(
          "%s: the bucket is full (%s). Make room in it or raise its quota."
              .formatted(what, answer),
          e);
    }
    if (code.equals("NoSuchBucket")) {
      return BesorolException.plan(
          "%s: there is no bucket %s at %s. Create it, or name another one."
              .formatted(what, where.name(), where.endpoint()));
    }
    if (code.equals("RequestTimeTooSkewed")) {
      return BesorolException.machine(
          "%s: the clocks of this machine and of the service differ too much (%s). Set them."
              .formatted(what, answer),
          e);
    }
    if (status == 401 || status == 403) {
      return BesorolException.plan(
          "%s: the credentials%s are not accepted for it (%s). Check them, what they allow, and the region %s."
              .formatted(
                  what,
                  where.credentials() == null ? ", none," : " in " + where.credentials(),
                  answer,
                  where.region()));
    }
    if (status == 301 || status == 307 || code.equals("AuthorizationHeaderMalformed")) {
      return BesorolException.plan(
          "%s: the bucket is elsewhere than at %s in the region %s (%s). Name its own endpoint and region."
              .formatted(what, where.endpoint(), where.region(), answer));
    }
    return BesorolException.machine(
        "%s: %s answered %s after %d attempts."
            .formatted(what, where.endpoint(), answer, e.numAttempts()),
        e);
  }

  @Override
  public void close() {
    client.close();
  }
}
