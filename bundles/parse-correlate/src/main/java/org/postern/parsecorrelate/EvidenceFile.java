package org.postern.parsecorrelate;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.postern.inventory.DeviceFacts;
import org.postern.parsecorrelate.internal.evidence.EvidenceReader;
import org.postern.parsecorrelate.internal.evidence.EvidenceWriter;

/**
 * Everything that a verdict on a Pre-Command was made from, in one piece: it can be checked again on another machine,
 * years later, by {@link Recheck}. Written and read as one JSON object of format {@value #FORMAT}; documents, signature
 * and certificate in base64, digests in lower-case hex, times in ISO form and to the millisecond.
 *
 * @param id durable id in the ledger it comes from
 * @param requestId RequestID
 * @param service Service Reference Variant
 * @param verdict {@code identical} or {@code different}
 * @param ruleVersion rules of the day
 * @param useCase GBCS use case; may be empty
 * @param device the inventory's facts of the day
 * @param exchangedAt when the DCC answered
 * @param tolerance how far the DCC's build time might lie from it
 * @param request our unsigned DUIS document
 * @param requestSha256 its SHA-256, as noted on the day
 * @param preCommand the Pre-Command as received
 * @param preCommandSha256 its SHA-256, as noted on the day
 * @param excused fields that the DCC was free to choose: path, position, value, time, secondsFromExchange
 * @param differences path, expected, got, rule of each; none where identical
 * @param signing who signed with what; empty where not signed
 * @param digest what the file says is its own digest; empty for evidence that comes straight from the ledger
 */
public record EvidenceFile(
        String id,
        String requestId,
        String service,
        String verdict,
        String ruleVersion,
        String useCase,
        DeviceFacts device,
        Instant exchangedAt,
        Duration tolerance,
        byte[] request,
        String requestSha256,
        byte[] preCommand,
        String preCommandSha256,
        List<Map<String, String>> excused,
        List<Map<String, String>> differences,
        Optional<Signing> signing,
        Optional<String> digest) {

    /** Name and version of the format. */
    public static final String FORMAT = "postern-evidence-1";

    public EvidenceFile {
        Objects.requireNonNull(verdict, "verdict");
        Objects.requireNonNull(device, "device");
        Objects.requireNonNull(signing, "signing");
        Objects.requireNonNull(digest, "digest");
        excused = List.copyOf(excused);
        differences = List.copyOf(differences);
    }

    /**
     * A use of a key on the strength of the verdict.
     *
     * @param signature over the Pre-Command, 64 bytes
     * @param keyAlias alias in the vault
     * @param issuer issuer of the key's certificate
     * @param serial its serial number, decimal
     * @param certificate the certificate, DER; empty where it was not kept
     * @param proofConsumedAt when
     */
    public record Signing(
            byte[] signature,
            String keyAlias,
            String issuer,
            String serial,
            byte[] certificate,
            Instant proofConsumedAt) {}

    /**
     * Reads a file.
     *
     * @throws org.postern.catalogue.PosternException PST-4020 for anything but exactly the members of the format
     */
    public static EvidenceFile read(byte[] json) {
        return EvidenceReader.read(json);
    }

    /** The file, UTF-8, with its digest. */
    public byte[] json() {
        return EvidenceWriter.write(this);
    }

    /**
     * SHA-256 over all members but the digest as they are written, lower-case hex: what the security log notes of an
     * export.
     */
    public String computedDigest() {
        return EvidenceWriter.digest(this);
    }

    /** The fields in the form of the file. */
    public static List<Map<String, String>> excused(List<ComparedField> fields, Instant exchangedAt) {
        return fields.stream()
                .map(field -> EvidenceWriter.excused(field, exchangedAt))
                .toList();
    }

    /** The differences in the form of the file. */
    public static List<Map<String, String>> differences(List<Difference> differences) {
        return differences.stream().map(EvidenceWriter::difference).toList();
    }

    /**
     * Excused fields, differences and device facts as the ledger keeps them: JSON arrays of objects of texts, and one
     * object.
     *
     * @throws org.postern.catalogue.PosternException PST-4020
     */
    public static List<Map<String, String>> rows(String json) {
        return EvidenceReader.rows(json);
    }

    /** Rows as JSON. */
    public static String written(List<Map<String, String>> rows) {
        return EvidenceWriter.rows(rows);
    }

    /**
     * Device facts from their JSON.
     *
     * @throws org.postern.catalogue.PosternException PST-4020
     */
    public static DeviceFacts device(String json) {
        return EvidenceReader.device(json);
    }
}
