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
 * All input of the comparison of one Pre-Command in one file, so that {@link Recheck} can repeat the comparison on
 * another machine years later. Written and read as one JSON object of format {@value #FORMAT}; documents, signature and
 * certificate in base64, digests in lower-case hex, times in ISO form and to the millisecond.
 *
 * @param id durable id in the ledger that exported the evidence
 * @param requestId RequestID
 * @param service Service Reference Variant
 * @param verdict {@code identical} or {@code different}
 * @param ruleVersion version of the rules used for the recorded verdict
 * @param useCase GBCS use case; may be empty
 * @param device the inventory's facts at that time
 * @param exchangedAt when the DCC answered
 * @param tolerance largest accepted difference between the DCC's build time and {@code exchangedAt}
 * @param request the unsigned DUIS document of the User
 * @param requestSha256 its recorded SHA-256
 * @param preCommand the Pre-Command as received
 * @param preCommandSha256 its recorded SHA-256
 * @param excused fields whose values the DCC may choose: path, position, value, time, secondsFromExchange
 * @param differences path, expected, got and rule of each; empty if identical
 * @param signing signature, key and certificate; empty if the Pre-Command was not signed
 * @param digest the file's digest as stated in the file; empty for evidence that is read directly from the ledger
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
     * The signature that was made because of the verdict.
     *
     * @param signature over the Pre-Command, 64 bytes
     * @param keyAlias alias in the vault
     * @param issuer issuer of the key's certificate
     * @param serial its serial number, decimal
     * @param certificate the certificate, DER; empty if it was not stored
     * @param proofConsumedAt when the vault consumed the proof and signed
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
     * @throws org.postern.catalogue.PosternException PST-4020 unless the file has exactly the members of the format
     */
    public static EvidenceFile read(byte[] json) {
        return EvidenceReader.read(json);
    }

    /** The file in UTF-8, with its digest. */
    public byte[] json() {
        return EvidenceWriter.write(this);
    }

    /**
     * SHA-256 over the written form of all members except the digest, lower-case hex. The security log records it for
     * each export.
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
     * Reads excused fields or differences in the form in which the ledger stores them: a JSON array of objects whose
     * members are strings.
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
