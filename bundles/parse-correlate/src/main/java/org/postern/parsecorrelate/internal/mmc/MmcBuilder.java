package org.postern.parsecorrelate.internal.mmc;

import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.postern.catalogue.Eui64;
import org.postern.gbcs.AnswerCheck;
import org.postern.gbcs.AnsweredCommands;
import org.postern.gbcs.Asn1Payload;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DecryptedMessage;
import org.postern.gbcs.DecryptedPart;
import org.postern.gbcs.Deviation;
import org.postern.gbcs.DlmsData;
import org.postern.gbcs.DlmsDateTime;
import org.postern.gbcs.DlmsPayload;
import org.postern.gbcs.GbcsCodec;
import org.postern.gbcs.GbcsMessage;
import org.postern.gbcs.GbzPayload;
import org.postern.gbcs.GroupingHeader;
import org.postern.gbcs.MessageKind;
import org.postern.gbcs.UseCaseTable;
import org.postern.parsecorrelate.MmcDocument;
import org.postern.parsecorrelate.MmcElement;
import org.postern.parsecorrelate.ParsedMessage;

/** Builds the MMC document of one message. Use one instance for each message. */
public final class MmcBuilder {

    private static final String SCHEMA_VERSION = "5.4";

    private final Catalogue catalogue;
    private final GbcsCodec codec;
    private final Eui64 acb;
    private final GbcsMessage message;
    private final DecryptedMessage plain;
    private final Mapper mapper;
    private final Set<String> remarks = new LinkedHashSet<>();
    private final Set<Deviation> deviations = new LinkedHashSet<>();
    private AnswerCheck.Findings findings = AnswerCheck.Findings.NONE;

    /** The result. */
    public record Outcome(
            Optional<MmcDocument> document,
            List<String> services,
            Optional<Boolean> success,
            List<ParsedMessage.ItemResult> items,
            List<Deviation> deviations,
            List<String> remarks,
            String reason) {}

    public MmcBuilder(Catalogue catalogue, GbcsCodec codec, Eui64 acb, DecryptedMessage plain) {
        this.catalogue = catalogue;
        this.codec = codec;
        this.acb = acb;
        this.message = plain.message();
        this.plain = plain;
        this.mapper = new Mapper(catalogue.mapping().fragments(), catalogue::useCaseName);
    }

    /**
     * Builds the document.
     *
     * @param hint reference of the Service Request that the message answers, if known
     * @param commands the commands that a response may answer, if known
     */
    public Outcome build(Optional<String> hint, AnsweredCommands commands) {
        findings = catalogue.answers().check(plain, hint, commands);
        deviations.addAll(findings.deviations());
        if (message.kind() == MessageKind.RESPONSE) {
            return response(hint);
        }
        if (message.kind() == MessageKind.ALERT) {
            return alert();
        }
        return new Outcome(
                Optional.empty(),
                catalogue.services(message.header().messageCode()),
                Optional.empty(),
                List.of(),
                List.copyOf(deviations),
                List.of(),
                "a " + message.kind() + " has no MMC");
    }

    private Outcome response(Optional<String> hint) {
        int code = message.header().messageCode();
        Outcomes outcomes = new Outcomes(catalogue.tables());
        Source root = source(outcomes);
        Optional<Mapping.Use> use = catalogue.use(code);
        Optional<ServiceChoice> choice = use.map(u -> new ServiceChoice(u, message, acb, hint));
        if (choice.flatMap(ServiceChoice::chosen).isEmpty()) {
            return new Outcome(
                    Optional.empty(),
                    List.of(),
                    Optional.empty(),
                    outcomes.items(),
                    List.copyOf(deviations),
                    outcomes.remarks(),
                    whyNone(code));
        }
        return response(root, use.get(), choice.get(), outcomes);
    }

    private Outcome response(Source root, Mapping.Use use, ServiceChoice choice, Outcomes outcomes) {
        Mapping.Service service = choice.chosen().orElseThrow();
        ElementBuilder response = new ElementBuilder("GBCSResponse");
        response.attribute("schemaVersion", SCHEMA_VERSION);
        header(response, Optional.of(service));
        ElementBuilder body = response.add("Body").add("ResponseMessage");
        undecrypted(body);
        String reason = choice.remark();
        Optional<Boolean> success;
        Optional<String> element = catalogue.element(service.variant());
        if (element.isPresent()) {
            ElementBuilder smets = new ElementBuilder(element.get());
            boolean complete = mapper.map(root, use.rows(), smets);
            Optional<String> status = smets.takeAttribute("status");
            MmcElement mapped = smets.build();
            success = judged(outcomes.success(plain).map(ok -> ok && statusGood(status) && codesGood(mapped)));
            Map<String, String> attributes = success.isEmpty()
                    ? Map.of()
                    : Map.of("MessageSuccess", success.get().toString());
            if (complete) {
                body.add("SMETSData")
                        .addAll(List.of(new MmcElement(mapped.name(), attributes, mapped.text(), mapped.children())));
            } else {
                success = success.filter(ok -> !ok);
                reason = "the response does not have the form of use case " + use.name() + ": no response element";
            }
        } else {
            success = judged(outcomes.success(plain));
            reason = "the MMC schema has no response element for service " + service.variant()
                    + ": header and debug information only";
        }
        outcomes.debugInfo().ifPresent(d -> body.addAll(List.of(d)));
        remarks.addAll(mapper.remarks());
        remarks.addAll(outcomes.remarks());
        return new Outcome(
                Optional.of(new MmcDocument(response.build())),
                choice.all(),
                success,
                outcomes.items(),
                List.copyOf(deviations),
                List.copyOf(remarks),
                reason);
    }

    /** A response whose content deviates from the use case is not a success, whatever its result codes are. */
    private Optional<Boolean> judged(Optional<Boolean> success) {
        deviations.addAll(mapper.deviations());
        for (Deviation deviation : deviations) {
            if (deviation.kind().unsuccessful()) {
                return Optional.of(false);
            }
        }
        return success;
    }

    private String whyNone(int code) {
        Optional<UseCaseTable.UseCase> useCase = catalogue.find(code);
        if (useCase.isEmpty()) {
            return "message code " + message.header().messageCodeHex() + " is not known";
        }
        if (useCase.get().deviceToDevice()) {
            return "device-to-device message: it answers no Service Request";
        }
        return "use case " + useCase.get().name()
                + " in this form answers no Service Request of a User (sent by the DCC only)";
    }

    private static boolean statusGood(Optional<String> status) {
        return status.isEmpty() || status.get().equals("0") || status.get().equals("false");
    }

    /** True if all response codes of the mapped element are 0. */
    private static boolean codesGood(MmcElement e) {
        String code = e.attributes().isEmpty() ? null : e.attributes().get("ResponseCode");
        if (code != null && !code.equals("0")) {
            return false;
        }
        List<MmcElement> children = e.children();
        for (int i = 0; i < children.size(); i++) {
            if (!codesGood(children.get(i))) {
                return false;
            }
        }
        return true;
    }

    private Source source(Outcomes outcomes) {
        return message.payload()
                .fold(
                        d -> dlms(d, outcomes),
                        g -> gbz(g, outcomes),
                        a -> asn1(a),
                        o -> new DlmsSource(DlmsData.Null.VALUE));
    }

    private Source asn1(Asn1Payload payload) {
        return new DerSource(payload.root(), codec::encodeDer);
    }

    private Source dlms(DlmsPayload payload, Outcomes outcomes) {
        List<DlmsData> data = new ArrayList<>();
        if (payload instanceof DlmsPayload.AccessResponse response) {
            for (int i = 0; i < response.items().size(); i++) {
                DlmsPayload.ResponseItem item = response.items().get(i);
                outcomes.dlms(item);
                Optional<DecryptedPart> part = plain.part(i);
                boolean given = item.success()
                        && !findings.misplaced()
                        && !findings.withheldItems().contains(i);
                data.add(!given ? DlmsData.Null.VALUE : part.isPresent() ? objects(part.get()) : item.data());
            }
        } else if (payload instanceof DlmsPayload.DataNotification alert) {
            for (int i = 0; i < alert.more().size(); i++) {
                Optional<DecryptedPart> part = plain.part(i);
                data.add(
                        findings.withheldItems().contains(i)
                                ? DlmsData.Null.VALUE
                                : part.isPresent()
                                        ? objects(part.get())
                                        : alert.more().get(i));
            }
        }
        DlmsData root = new DlmsData.Structure(data);
        for (Row.Path path : mapper.otherScale(
                new DlmsSource(root), catalogue.scales().of(message.header().messageCode()))) {
            root = DlmsSource.without(root, path.steps());
        }
        return new DlmsSource(root);
    }

    /**
     * The plain text as a structure of the objects read. Devices usually wrap the objects in a structure; a single
     * object without it is recognised by its first tag, since the value of every object is a list.
     */
    private static DlmsData objects(DecryptedPart part) {
        DlmsData data = part.data().orElse(DlmsData.Null.VALUE);
        if (data.isNull()) {
            return data;
        }
        boolean bare = !(data instanceof DlmsData.Structure) || data.elements().isEmpty();
        if (!bare) {
            DlmsData first = data.elements().get(0);
            bare = first instanceof DlmsData.Whole
                    || first instanceof DlmsData.Array a
                            && !a.elements().isEmpty()
                            && a.elements().get(0) instanceof DlmsData.Whole;
        }
        return bare ? DlmsData.structure(data) : data;
    }

    private Source gbz(GbzPayload payload, Outcomes outcomes) {
        if (payload instanceof GbzPayload.Alert alert) {
            GbzSource source = new GbzSource(alert.components(), plain, catalogue.zcl());
            return step -> step.equals("more") ? new Source.Octets(alert.additional()) : source.at(step);
        }
        GbzSource source = new GbzSource(((GbzPayload.Components) payload).components(), plain, catalogue.zcl());
        outcomes.gbz(source);
        findings.withheldItems().forEach(item -> source.drop(List.of(item.toString())));
        mapper.otherScale(source, catalogue.scales().of(message.header().messageCode()))
                .forEach(path -> source.drop(path.steps()));
        return source;
    }

    private void header(ElementBuilder response, Optional<Mapping.Service> service) {
        GroupingHeader h = message.header();
        ElementBuilder header = response.add("Header");
        header.add("BusinessOriginatorID").text(h.originator().dashed());
        header.add("BusinessTargetID").text(h.target().dashed());
        header.add("OriginatorCounter").text(Long.toUnsignedString(h.counter()));
        h.supplementaryParty()
                .ifPresent(p -> header.add("SupplementaryRemotePartyID").text(p.dashed()));
        counter(header, "SupplementaryRemotePartyCounter", h.supplementaryCounter());
        counter(header, "SupplementaryOriginatorCounter", h.supplementaryOriginatorCounter());
        header.add("GBCSHexadecimalMessageCode").text(h.messageCodeHex());
        service.ifPresent(s -> {
            header.add("ServiceReference").text(s.reference());
            header.add("ServiceReferenceVariant").text(s.variant());
        });
        h.dateTime().ifPresent(t -> timestamp(header, t));
    }

    private static void counter(ElementBuilder header, String name, OptionalLong value) {
        value.ifPresent(v -> header.add(name).text(Long.toUnsignedString(v)));
    }

    /**
     * Time of execution. Clock status: 01 invalid, 02 unreliable, 04 read by way of the gas meter, FF not specified.
     */
    private void timestamp(ElementBuilder header, DlmsDateTime time) {
        Optional<String> instant = TimeConversions.instant(time);
        if (instant.isEmpty()) {
            remarks.add("the time in the header is not specified");
            return;
        }
        ElementBuilder e = header.add("Timestamp");
        e.text(instant.get());
        int status = time.clockStatus();
        if (status == 0xFF) {
            remarks.add("the clock status of the header is not specified");
            return;
        }
        if ((status & 0x04) != 0) {
            e.attribute("isFromGSME", "true");
        }
        e.attribute("ClockStatus", (status & 0x01) != 0 ? "invalid" : (status & 0x02) != 0 ? "unreliable" : "reliable");
    }

    /** The parts that are still encrypted, so that the holder of the key can decrypt them. */
    private void undecrypted(ElementBuilder body) {
        int sequence = 0;
        for (DecryptedPart part : plain.parts()) {
            if (part.decrypted()) {
                continue;
            }
            ElementBuilder data = body.add("GBCSData");
            data.attribute("format", "encrypted");
            data.attribute("sequence", Integer.toString(sequence++));
            data.attribute("name", part.path());
            data.attribute("type", message.payload() instanceof GbzPayload ? "zigbeeCiphered" : "dlms");
            data.text(Base64.getEncoder().encodeToString(encrypted(part).toArray()));
            if (part.status() == DecryptedPart.Status.NO_KEY) {
                remarks.add(part.path() + " is still encrypted: " + part.reason());
            }
        }
    }

    /**
     * The whole message and the plain text of its encrypted parts, so that content for which there is no table is not
     * lost.
     */
    private void asItCame(ElementBuilder body) {
        int sequence = (int) plain.parts().stream().filter(p -> !p.decrypted()).count();
        plain(body, sequence++, "message", "gbcs", message.encoded());
        for (DecryptedPart part : plain.parts()) {
            if (part.decrypted()) {
                boolean zigbee = part.zcl().isPresent();
                plain(
                        body,
                        sequence++,
                        part.path(),
                        zigbee ? "zigbeePlain" : "dlms",
                        part.zcl().orElseGet(() -> codec.encodeData(part.data().orElse(DlmsData.Null.VALUE))));
            }
        }
    }

    private static void plain(ElementBuilder body, int sequence, String name, String type, Bytes bytes) {
        ElementBuilder data = body.add("GBCSData");
        data.attribute("format", "plain");
        data.attribute("sequence", Integer.toString(sequence));
        data.attribute("name", name);
        data.attribute("type", type);
        data.text(Base64.getEncoder().encodeToString(bytes.toArray()));
    }

    /** DLMS: the data with its protection parameters. ZigBee: the protected object. */
    private Bytes encrypted(DecryptedPart part) {
        if (message.payload() instanceof DlmsPayload.AccessResponse r) {
            return codec.encodeData(r.items().get(part.index()).data());
        }
        if (message.payload() instanceof DlmsPayload.DataNotification n) {
            return codec.encodeData(n.more().get(part.index()));
        }
        GbzPayload g = (GbzPayload) message.payload();
        return (g instanceof GbzPayload.Components c ? c.components() : ((GbzPayload.Alert) g).components())
                .get(part.index())
                .payload();
    }

    private Outcome alert() {
        ElementBuilder response = new ElementBuilder("GBCSResponse");
        response.attribute("schemaVersion", SCHEMA_VERSION);
        header(response, Optional.empty());
        ElementBuilder body = response.add("Body").add("DeviceAlertMessage");
        undecrypted(body);
        AlertFacts facts = AlertFacts.of(message);
        if (catalogue.tables().alert(facts.code()) == null
                || facts.time().isEmpty()
                || catalogue.find(message.header().messageCode()).isEmpty()) {
            asItCame(body);
        }
        if (facts.time().isPresent()) {
            ElementBuilder content = body.add("DeviceAlertContent");
            content.add("GBCSHexAlertCode").text(Digits.hex4(facts.code()));
            String name = catalogue.tables().alert(facts.code());
            content.add("AlertDescription").text(name == null ? "Alert " + Digits.hex4(facts.code()) : name);
            content.add("Timestamp").text(facts.time().get());
            ElementBuilder payload = content.add("Payload");
            mapper.map(
                    source(new Outcomes(catalogue.tables())),
                    catalogue.alertRows(message.header().messageCode()),
                    payload);
            if (payload.size() == 0) {
                content.dropLast();
            }
            if (name == null) {
                deviations.add(new Deviation(
                        Deviation.Kind.UNKNOWN,
                        "",
                        String.format(
                                "alert code %04X is in no table: GBCSData has the unchanged message", facts.code())));
            }
        } else {
            remarks.add("the alert has no time, which is required for its content in MMC");
        }
        remarks.addAll(mapper.remarks());
        deviations.addAll(mapper.deviations());
        return new Outcome(
                Optional.of(new MmcDocument(response.build())),
                List.of(),
                Optional.empty(),
                List.of(),
                List.copyOf(deviations),
                List.copyOf(remarks),
                "");
    }
}
