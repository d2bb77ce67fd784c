package org.postern.servicerequests.internal.lifecycle;

import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.CorrelationVerdict;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.Sha256;
import org.postern.duis.DuisRequest;
import org.postern.hsm.CorrelationProof;
import org.postern.hsm.KeyVault;
import org.postern.inventory.DeviceFacts;
import org.postern.inventory.DeviceInventory;
import org.postern.inventory.InventoryFault;
import org.postern.ledger.Change;
import org.postern.ledger.Evidence;
import org.postern.ledger.InboundDocument;
import org.postern.ledger.Ledger;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.parsecorrelate.ComparedField;
import org.postern.parsecorrelate.Correlation;
import org.postern.parsecorrelate.Correlator;
import org.postern.parsecorrelate.Difference;
import org.postern.parsecorrelate.EvidenceFile;
import org.postern.parsecorrelate.ParseCorrelateFault;
import org.postern.parsecorrelate.TransformException;
import org.postern.securitylogging.SecurityEvent;
import org.postern.securitylogging.SecurityLog;
import org.postern.servicerequests.ServiceRequestFault;

/**
 * Correlates a Pre-Command and signs it, or ends the request as NOT_CORRELATED. The result of the correlation and its
 * evidence are on disk before a key is used; the signature is on disk before anything is sent. The proof exists only in
 * memory: after a restart the Pre-Command is correlated again.
 */
public final class CriticalPath {

    private static final byte SIGNATURE_LENGTH = 0x40;
    private static final int MAX_VALUE_LENGTH = 200;
    /** How long after the start a missing list of devices is waited for; after that it counts as absent. */
    private static final Duration INVENTORY_TIMEOUT = Duration.ofMinutes(10);

    private final Ledger ledger;
    private final Progress progress;
    private final Correlator correlator;
    private final DeviceInventory inventory;
    private final KeyVault vault;
    private final OwnKeys keys;
    private final SecurityLog securityLog;
    private final TrustedClock clock;
    private final long startedNanos;

    public CriticalPath(
            Ledger ledger,
            Progress progress,
            Correlator correlator,
            DeviceInventory inventory,
            KeyVault vault,
            OwnKeys keys,
            SecurityLog securityLog,
            TrustedClock clock) {
        this.ledger = ledger;
        this.progress = progress;
        this.correlator = correlator;
        this.inventory = inventory;
        this.vault = vault;
        this.keys = keys;
        this.securityLog = securityLog;
        this.clock = clock;
        this.startedNanos = clock.nanos();
    }

    /**
     * Handles a Pre-Command that was received. If it does not match the request while the time is not trusted, the time
     * may be the only reason: nothing is signed, and the request is not ended.
     *
     * @return the request with the signed document if it is ready to be sent
     */
    Optional<RequestInProgress> received(RequestInProgress work, byte[] preCommand, InboundDocument exchanged) {
        // the ledger stores milliseconds, and the comparison must give the same result when repeated from the stored
        // data
        Instant at = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        DeviceFacts device = inventory.factsOrUnknown(work.request().requestId().target());
        Correlation correlation = correlate(work.request(), preCommand, device, at);
        return correlation.fold(
                identical -> progress.advance(
                                work,
                                Change.of(work.record())
                                        .from(RequestState.TRANSFORM_SENT)
                                        .preCommand(preCommand)
                                        .evidence(evidence(correlation, device, at, work, preCommand))
                                        .exchanged(exchanged)
                                        .noRetry()
                                        .to(
                                                RequestState.CORRELATED,
                                                "identical, rules " + identical.ruleVersion(),
                                                Sha256.hex(preCommand)))
                        .flatMap(correlated -> sign(correlated, preCommand, identical.proof(), Optional.empty())),
                different -> {
                    clock.doubt().ifPresent(doubt -> {
                        throw new PosternException(ServiceRequestFault.CLOCK_DOUBTED.fault("clock", doubt));
                    });
                    return notCorrelated(work, preCommand, different, device, at, Optional.of(exchanged));
                });
    }

    /**
     * Handles a request that is CORRELATED after a restart or a failure of the vault: correlates again to get a new
     * proof.
     */
    Optional<RequestInProgress> resume(RequestInProgress work) {
        byte[] preCommand = work.documents().preCommand().orElseThrow();
        Instant at =
                ledger.evidence(work.record().id()).map(Evidence::exchangedAt).orElseGet(clock::instant);
        DeviceFacts device = inventory.factsOrUnknown(work.request().requestId().target());
        Correlation correlation = correlate(work.request(), preCommand, device, at);
        return correlation.fold(
                identical -> sign(
                        work,
                        preCommand,
                        identical.proof(),
                        Optional.of(evidence(correlation, device, at, work, preCommand))),
                different -> notCorrelated(work, preCommand, different, device, at, Optional.empty()));
    }

    private Correlation correlate(DuisRequest request, byte[] preCommand, DeviceFacts device, Instant at) {
        try {
            return correlator.correlate(request, preCommand, device, at);
        } catch (TransformException e) {
            if (e.fault().kind() == ParseCorrelateFault.DEVICE_FACT_MISSING
                    && inventory.missing().isPresent()
                    && clock.nanos() - startedNanos < INVENTORY_TIMEOUT.toNanos()) {
                throw new PosternException(
                        InventoryFault.FILE_MISSING.fault(
                                "devicesFile", inventory.missing().get()),
                        e);
            }
            // a command that Postern cannot build itself cannot be compared, and so must not be signed
            return new Correlation.Different(
                    List.of(new Difference(
                            e.fault().field(),
                            e.fault().rule(),
                            e.fault().cause(),
                            e.fault().code())),
                    correlator.ruleVersion(),
                    "");
        }
    }

    /** @param evidence evidence of this correlation; empty if it is on disk already */
    private Optional<RequestInProgress> sign(
            RequestInProgress work, byte[] preCommand, Optional<CorrelationProof> proof, Optional<Evidence> evidence) {
        CorrelationProof present = proof.orElseThrow(() ->
                new PosternException(ServiceRequestFault.NO_PROOF.fault("correlator", "the correlator gave none")));
        String alias = keys.gbcsSigning(work.request().requestId().originator());
        byte[] signature = vault.signPreCommand(alias, present, preCommand);
        Evidence.Signing signing = signing(alias, signature);
        byte[] signed = java.util.Arrays.copyOf(preCommand, preCommand.length + 1 + signature.length);
        signed[preCommand.length] = SIGNATURE_LENGTH;
        System.arraycopy(signature, 0, signed, preCommand.length + 1, signature.length);
        CommandVariant sentAs = signedAs(work.record());
        // with the same RequestID
        byte[] wire = keys.sign(work.request().signedPreCommand(sentAs, signed));
        Change change = Change.of(work.record())
                .from(RequestState.CORRELATED)
                .signedPreCommand(signed, signing)
                .wire(sentAs.endpoint(), wire)
                .to(RequestState.COMMAND_SIGNED, "proof consumed", Sha256.hex(signed))
                .to(RequestState.SENT, "handed to " + sentAs.endpoint().path(), Sha256.hex(wire));
        evidence.ifPresent(change::evidence);
        return progress.advance(work, change);
    }

    private Evidence.Signing signing(String alias, byte[] signature) {
        X509Certificate certificate = vault.certificate(alias);
        try {
            return new Evidence.Signing(
                    signature,
                    alias,
                    certificate.getIssuerX500Principal().getName(),
                    certificate.getSerialNumber().toString(),
                    certificate.getEncoded(),
                    clock.instant().truncatedTo(ChronoUnit.MILLIS));
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("the certificate of a vault key cannot be encoded", e);
        }
    }

    /** Variant 5, or 6 or 7 if local delivery was requested (DUIS, Command Variants). */
    static CommandVariant signedAs(RequestRecord record) {
        return record.target()
                .variant()
                .filter(CommandVariant::carriesSignedPreCommand)
                .orElse(CommandVariant.CV5);
    }

    private Optional<RequestInProgress> notCorrelated(
            RequestInProgress work,
            byte[] preCommand,
            Correlation.Different different,
            DeviceFacts device,
            Instant at,
            Optional<InboundDocument> exchanged) {
        RequestRecord record = work.record();
        String object = record.name();
        for (Difference difference : different.differences()) {
            securityLog.append(new SecurityEvent.CorrelationFailed(
                    "service-requests",
                    object,
                    difference.path(),
                    truncated(difference.expected()),
                    truncated(difference.got()),
                    difference.rule()));
        }
        Difference first = different.differences().get(0);
        Change change = Change.of(record)
                .from(RequestState.TRANSFORM_SENT, RequestState.CORRELATED)
                .preCommand(preCommand)
                .evidence(evidence(different, device, at, work, preCommand))
                .noRetry()
                .deliver(Results.notCorrelated(record, different.differences()))
                .to(
                        RequestState.NOT_CORRELATED,
                        first.path() + ": expected " + truncated(first.expected()) + ", got " + truncated(first.got())
                                + (different.differences().size() > 1
                                        ? ", and " + (different.differences().size() - 1) + " more"
                                        : ""),
                        Sha256.hex(preCommand));
        exchanged.ifPresent(change::exchanged);
        progress.apply(change, record);
        return Optional.empty();
    }

    private static String truncated(String value) {
        return value.length() <= MAX_VALUE_LENGTH ? value : value.substring(0, MAX_VALUE_LENGTH) + "...";
    }

    private Evidence evidence(
            Correlation correlation, DeviceFacts device, Instant at, RequestInProgress work, byte[] preCommand) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("deviceId", device.deviceId().hex());
        facts.put("deviceType", device.deviceType().map(Enum::name).orElse(""));
        facts.put("variant", device.variant().name());
        // sorted by name, so that the same facts give the same text in every process
        facts.put("attributes", new TreeMap<>(device.attributes()));
        List<Difference> differences = correlation.fold(identical -> List.of(), Correlation.Different::differences);
        List<ComparedField> excused = correlation.fold(Correlation.Identical::excused, different -> List.of());
        return new Evidence(
                correlation.fold(identical -> CorrelationVerdict.IDENTICAL, different -> CorrelationVerdict.DIFFERENT),
                correlation.ruleVersion(),
                correlation.fold(Correlation.Identical::useCase, Correlation.Different::useCase),
                Json.write(facts),
                at,
                correlator.tolerance(),
                Sha256.hex(work.documents().document().orElseThrow()),
                Sha256.hex(preCommand),
                EvidenceFile.written(EvidenceFile.excused(excused, at)),
                EvidenceFile.written(EvidenceFile.differences(differences)),
                Optional.empty());
    }
}
