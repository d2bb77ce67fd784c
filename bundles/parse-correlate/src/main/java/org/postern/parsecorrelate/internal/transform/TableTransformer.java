package org.postern.parsecorrelate.internal.transform;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.postern.catalogue.Eui64;
import org.postern.duis.DuisRequest;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.GbcsCodec;
import org.postern.gbcs.GbcsMessage;
import org.postern.inventory.DeviceFacts;
import org.postern.parsecorrelate.ParseCorrelateFault;
import org.postern.parsecorrelate.TransformException;
import org.postern.parsecorrelate.Transformed;
import org.postern.parsecorrelate.Transformer;

/** The transformer that applies the rule tables. */
@Component(service = Transformer.class)
public final class TableTransformer implements Transformer {

    private static final GbcsCodec CODEC = new GbcsCodec();
    private static final TransformTable BUNDLED = TransformTable.load();

    private final TransformTable table;

    /** Loads the rules of this bundle. */
    @Activate
    public TableTransformer() {
        this(BUNDLED);
    }

    TableTransformer(TransformTable table) {
        this.table = table;
    }

    @Override
    public Transformed explain(DuisRequest request, DeviceFacts device, Instant buildTime) {
        return transformed(preferred(request, device, buildTime, -1));
    }

    @Override
    public Transformed explainForAcb(
            DuisRequest request, DeviceFacts device, Instant buildTime, Eui64 acb, long acbCounter) {
        Request facts = facts(request, device, buildTime);
        UseCase useCase = table.candidates(facts).get(0);
        if (useCase.critical()) {
            throw new TransformException(ParseCorrelateFault.NO_RULE.fault(
                    "Header/ServiceReferenceVariant",
                    "only a non-critical command has the ACB as originator",
                    useCase.name() + " is critical",
                    "transform it with the User as originator"));
        }
        return transformed(table.build(useCase, facts, acb, acbCounter));
    }

    /** Every message that may correspond to the request, the preferred one first. */
    public List<Message> candidates(DuisRequest request, DeviceFacts device, Instant buildTime) {
        Request facts = facts(request, device, buildTime);
        return table.candidates(facts).stream()
                .map(useCase -> table.build(useCase, facts))
                .toList();
    }

    /** The message with that code if it may correspond to the request, otherwise the preferred one. */
    public Message preferred(DuisRequest request, DeviceFacts device, Instant buildTime, int messageCode) {
        Request facts = facts(request, device, buildTime);
        List<UseCase> candidates = table.candidates(facts);
        return table.build(
                candidates.stream()
                        .filter(useCase -> useCase.code() == messageCode)
                        .findFirst()
                        .orElse(candidates.get(0)),
                facts);
    }

    @Override
    public Optional<List<GbcsMessage>> answeredBy(DuisRequest request, int messageCode, Instant buildTime) {
        Request facts = facts(request, DeviceFacts.unknown(request.requestId().target()), buildTime);
        return table.possible(facts, messageCode)
                .map(all -> all.stream()
                        .map(TableTransformer::content)
                        .distinct()
                        .map(Bytes::toArray)
                        .map(CODEC::decode)
                        .toList());
    }

    /**
     * Removes the signature length of zero at the end of a command without MAC; messages on the wire do not have it.
     */
    private static Bytes content(Message message) {
        Bytes bytes = Bytes.of(message.write().bytes());
        UseCase useCase = message.useCase();
        return useCase.critical() || useCase.signed() ? bytes : bytes.slice(0, bytes.length() - 1);
    }

    @Override
    public String ruleVersion() {
        return table.version();
    }

    /** The rules. */
    public TransformTable table() {
        return table;
    }

    private static Transformed transformed(Message message) {
        UseCase useCase = message.useCase();
        return new Transformed(
                useCase.name(),
                useCase.code(),
                useCase.critical(),
                message.acb(),
                message.write().bytes());
    }

    private Request facts(DuisRequest request, DeviceFacts device, Instant buildTime) {
        Objects.requireNonNull(device, "device");
        return new Request(
                request.requestId().originator(),
                request.requestId().target(),
                request.requestId().counter(),
                request.serviceReferenceVariant(),
                table.positions().place(DuisNode.of(request.body())),
                device,
                buildTime);
    }
}
