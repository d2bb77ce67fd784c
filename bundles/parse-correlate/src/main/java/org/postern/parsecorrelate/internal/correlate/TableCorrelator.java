package org.postern.parsecorrelate.internal.correlate;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.postern.catalogue.Sha256;
import org.postern.duis.DuisRequest;
import org.postern.hsm.ProofMint;
import org.postern.inventory.DeviceFacts;
import org.postern.parsecorrelate.ComparedField;
import org.postern.parsecorrelate.Correlation;
import org.postern.parsecorrelate.Correlator;
import org.postern.parsecorrelate.Difference;
import org.postern.parsecorrelate.ParseCorrelateFault;
import org.postern.parsecorrelate.TransformException;
import org.postern.parsecorrelate.internal.transform.Message;
import org.postern.parsecorrelate.internal.transform.TableTransformer;

/**
 * The correlator: transforms the request again by the rule tables and requires the same bytes except for the build
 * time.
 */
public final class TableCorrelator implements Correlator {

    private final TableTransformer transformer = new TableTransformer();
    private final Duration tolerance;
    private final Optional<ProofMint> mint;

    /** A correlator whose results carry no proof. */
    public TableCorrelator(Duration tolerance) {
        this.tolerance = Objects.requireNonNull(tolerance, "tolerance");
        this.mint = Optional.empty();
    }

    /** A correlator whose {@link Correlation.Identical} results carry a proof. */
    public TableCorrelator(Duration tolerance, ProofMint mint) {
        this.tolerance = Objects.requireNonNull(tolerance, "tolerance");
        this.mint = Optional.of(mint);
    }

    @Override
    public String ruleVersion() {
        return transformer.ruleVersion();
    }

    @Override
    public Duration tolerance() {
        return tolerance;
    }

    @Override
    public Correlation correlate(DuisRequest request, byte[] preCommand, DeviceFacts device, Instant exchangeTime) {
        byte[] got = preCommand.clone();
        Message expected = expected(request, got, device, exchangeTime);
        String useCase = expected.useCaseName();
        Message.Written written = expected.write();
        if (Arrays.equals(written.bytes(), got)) {
            if (!Received.readsBack(got)) {
                return new Correlation.Different(
                        List.of(new Difference(
                                request.body().name() + "#message",
                                "bytes that the codec decodes and encodes to the same bytes",
                                "bytes that it encodes differently",
                                useCase + " whole message: decoded and encoded again, the same bytes")),
                        ruleVersion(),
                        useCase);
            }
            String digest = Sha256.hex(got);
            return new Correlation.Identical(
                    useCase,
                    digest,
                    ruleVersion(),
                    Fields.excused(expected, got),
                    mint.map(held -> held.mint(request.requestId().toString(), got)));
        }
        return new Correlation.Different(differences(expected, got), ruleVersion(), useCase);
    }

    /**
     * Every field that {@link #correlate} compares, in the order of the message.
     *
     * @throws TransformException if the request itself cannot be transformed
     */
    public List<ComparedField> fields(
            DuisRequest request, byte[] preCommand, DeviceFacts device, Instant exchangeTime) {
        byte[] got = preCommand.clone();
        return Fields.of(expected(request, got, device, exchangeTime), got);
    }

    private Message expected(DuisRequest request, byte[] got, DeviceFacts device, Instant exchangeTime) {
        Message expected = transformer.preferred(request, device, exchangeTime, Received.messageCode(got));
        if (!expected.critical()) {
            throw new TransformException(ParseCorrelateFault.NO_RULE.fault(
                    "Header/ServiceReferenceVariant",
                    "a critical service: only those have a Pre-Command",
                    expected.useCaseName() + " is not critical",
                    "send the command without correlation"));
        }
        // the DCC may choose the issuer ids: its time is checked and then used for the expected message
        Optional<Instant> claimed = Received.buildTime(expected, got);
        return claimed.isPresent()
                        && Duration.between(exchangeTime, claimed.get()).abs().compareTo(tolerance) <= 0
                ? transformer.preferred(request, device, claimed.get(), expected.messageCode())
                : expected;
    }

    private static List<Difference> differences(Message expected, byte[] got) {
        try {
            return new Comparison(expected, got).differences();
        } catch (RuntimeException unforeseen) {
            // the result is already "different"; an error while finding the fields must not change that
            return List.of(new Difference(
                    expected.bodyName() + "#message",
                    "the expected message",
                    "bytes that cannot be taken apart",
                    expected.useCaseName() + " whole message: equal"));
        }
    }
}
