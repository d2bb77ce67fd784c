package org.postern.servicerequests.internal.lifecycle;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.ServiceEndpoint;
import org.postern.catalogue.ServiceRow;
import org.postern.duis.DuisRequest;
import org.postern.gbcs.AnsweredCommands;
import org.postern.gbcs.GbcsCodec;
import org.postern.gbcs.GbcsMessage;
import org.postern.ledger.Ledger;
import org.postern.ledger.RequestDocuments;
import org.postern.ledger.RequestRecord;
import org.postern.parsecorrelate.Transformer;
import org.postern.servicerequests.internal.answers.Asked;
import org.postern.servicerequests.internal.answers.Sent;
import org.postern.servicerequests.internal.reading.OwnDocuments;

/** What a request of the ledger is to the interpreter of its answers. */
final class AskedFacts {

    private static final String MAKES_SCHEDULES = "5.1";

    private final Ledger ledger;
    private final ServiceCatalogue catalogue;
    private final Dated dated;
    private final OwnDocuments documents;
    private final JustWritten written;
    private final TopUpAlerts topUpAlerts;
    private final Transformer transformer = Transformer.fromTables();
    private final GbcsCodec codec = new GbcsCodec();

    AskedFacts(
            OwnDocuments documents,
            JustWritten written,
            Ledger ledger,
            ServiceCatalogue catalogue,
            Dated dated,
            TopUpAlerts topUpAlerts) {
        this.written = written;
        this.topUpAlerts = topUpAlerts;
        this.documents = documents;
        this.ledger = ledger;
        this.catalogue = catalogue;
        this.dated = dated;
    }

    /** The Command Variant that the request is on its way as: the signed one, once there is one. */
    static CommandVariant sentAs(RequestRecord record) {
        CommandVariant variant = record.target().variant().orElse(CommandVariant.CV1);
        if (record.sending()
                .endpoint()
                .filter(ServiceEndpoint.TRANSFORM::equals)
                .isPresent()) {
            return CommandVariant.CV4;
        }
        return variant == CommandVariant.CV4 ? CriticalPath.signedAs(record) : variant;
    }

    /** The command that a critical request has become; empty for any other, and where it cannot be read. */
    Optional<GbcsMessage> command(RequestRecord record) {
        Sent sent = Sent.as(sentAs(record));
        boolean critical = record.target()
                .variant()
                .filter(v -> v == CommandVariant.CV4 || v.carriesSignedPreCommand())
                .isPresent();
        return critical && sent != Sent.TRANSFORM ? documents(record).flatMap(this::command) : Optional.empty();
    }

    /**
     * What the device's answer to a request is held to: the command that was signed, or those that a non-critical
     * request may have become, of which the DCC makes one. Reads the request only where a response is to be held to it.
     *
     * @param command what {@link #command(RequestRecord)} says
     */
    AnsweredCommands commands(RequestRecord record, Optional<GbcsMessage> command) {
        return command.isPresent() ? AnsweredCommands.of(command) : code -> rebuilt(record, code);
    }

    /** Empty as well for a request that no rule can read: its answer is then held to the use case alone. */
    private Optional<List<GbcsMessage>> rebuilt(RequestRecord record, int messageCode) {
        try {
            return request(record).flatMap(request -> transformer.answeredBy(request, messageCode, record.createdAt()));
        } catch (PosternException e) {
            return Optional.empty();
        }
    }

    private Optional<GbcsMessage> command(RequestDocuments documents) {
        try {
            return documents.preCommand().map(codec::decode);
        } catch (PosternException e) {
            return Optional.empty();
        }
    }

    private Optional<JustWritten.Written> inHand(RequestRecord record) {
        return record.requestId().flatMap(written::sent);
    }

    private Optional<RequestDocuments> documents(RequestRecord record) {
        return inHand(record).map(known -> known.stored().documents()).or(() -> ledger.documents(record.id()));
    }

    private Optional<DuisRequest> request(RequestRecord record) {
        return inHand(record)
                .flatMap(JustWritten.Written::document)
                .or(() -> documents(record).flatMap(documents::in));
    }

    /** The request as an answer is held to it. */
    Asked of(RequestRecord record, Optional<GbcsMessage> command) {
        String service = record.target().service().orElse("");
        Optional<ServiceRow> row = catalogue.find(service);
        return new Asked(
                record.requestId().orElseThrow(),
                service,
                row.map(ServiceRow::reference).orElse(service),
                Sent.as(sentAs(record)),
                dating(record),
                dated.signedByAnother(record),
                row.map(r -> Set.copyOf(r.useCases())).orElse(Set.of()),
                command.map(c -> OptionalInt.of(c.header().messageCode())).orElse(OptionalInt.empty()),
                schedule(record),
                topUpAlerts.of(record));
    }

    /** What a 5.1 makes a schedule for (DUIS, CreateSchedule); empty as well where its document cannot be read. */
    private Optional<Asked.Schedule> schedule(RequestRecord record) {
        if (record.target().service().filter(MAKES_SCHEDULES::equals).isEmpty()) {
            return Optional.empty();
        }
        try {
            return request(record)
                    .flatMap(request -> request.body()
                            .find("DSPScheduledServiceReferenceVariant")
                            .flatMap(service -> request.body()
                                    .find("DeviceID")
                                    .map(device -> new Asked.Schedule(service.strip(), Eui64.parse(device.strip())))));
        } catch (PosternException e) {
            return Optional.empty();
        }
    }

    private Asked.Dating dating(RequestRecord record) {
        if (record.dating().executionTime().isEmpty()) {
            return Asked.Dating.NOW;
        }
        Optional<String> time = record.dating().datedFor().map(Object::toString);
        if (record.dating().cancels()) {
            return new Asked.Dating(
                    dated.onlyAtTheDcc(record) ? Asked.When.CANCELS_AT_THE_DCC : Asked.When.CANCELS_ON_THE_DEVICE,
                    time);
        }
        return new Asked.Dating(
                dated.onDevice(record) ? Asked.When.DATED_ON_THE_DEVICE : Asked.When.DATED_AT_THE_DCC, time);
    }
}
