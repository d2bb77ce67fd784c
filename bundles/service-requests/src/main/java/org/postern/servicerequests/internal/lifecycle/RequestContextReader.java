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
import org.postern.servicerequests.internal.answers.RequestContext;
import org.postern.servicerequests.internal.answers.SentTo;
import org.postern.servicerequests.internal.reading.OwnDocuments;

/** Collects what the interpreter of answers has to know about a request of the ledger. */
final class RequestContextReader {

    private static final String MAKES_SCHEDULES = "5.1";

    private final Ledger ledger;
    private final ServiceCatalogue catalogue;
    private final FutureDatedRequests futureDated;
    private final OwnDocuments documents;
    private final RecentWrites written;
    private final TopUpAlerts topUpAlerts;
    private final Transformer transformer = Transformer.fromTables();
    private final GbcsCodec codec = new GbcsCodec();

    RequestContextReader(
            OwnDocuments documents,
            RecentWrites written,
            Ledger ledger,
            ServiceCatalogue catalogue,
            FutureDatedRequests futureDated,
            TopUpAlerts topUpAlerts) {
        this.written = written;
        this.topUpAlerts = topUpAlerts;
        this.documents = documents;
        this.ledger = ledger;
        this.catalogue = catalogue;
        this.futureDated = futureDated;
    }

    /**
     * The Command Variant that the request is currently sent with: that of the Signed Pre-Command once there is one.
     */
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

    /** The command of a critical request; empty for any other request, and if it cannot be read. */
    Optional<GbcsMessage> command(RequestRecord record) {
        SentTo sent = SentTo.of(sentAs(record));
        boolean critical = record.target()
                .variant()
                .filter(v -> v == CommandVariant.CV4 || v.carriesSignedPreCommand())
                .isPresent();
        return critical && sent != SentTo.TRANSFORM ? documents(record).flatMap(this::command) : Optional.empty();
    }

    /**
     * The commands that a device's answer is checked against: the command that was signed, or the commands that the DCC
     * may have built from a non-critical request. The request is read only if a response has to be checked against it.
     *
     * @param command the result of {@link #command(RequestRecord)}
     */
    AnsweredCommands commands(RequestRecord record, Optional<GbcsMessage> command) {
        return command.isPresent() ? AnsweredCommands.of(command) : code -> rebuilt(record, code);
    }

    /** Also empty for a request that no rule can read: its answer is then checked against the use case only. */
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

    private Optional<RecentWrites.Written> cached(RequestRecord record) {
        return record.requestId().flatMap(written::sent);
    }

    private Optional<RequestDocuments> documents(RequestRecord record) {
        return cached(record).map(known -> known.stored().documents()).or(() -> ledger.documents(record.id()));
    }

    private Optional<DuisRequest> request(RequestRecord record) {
        return cached(record)
                .flatMap(RecentWrites.Written::document)
                .or(() -> documents(record).flatMap(documents::in));
    }

    /** The data of the request that an answer is checked against. */
    RequestContext of(RequestRecord record, Optional<GbcsMessage> command) {
        String service = record.target().service().orElse("");
        Optional<ServiceRow> row = catalogue.find(service);
        return new RequestContext(
                record.requestId().orElseThrow(),
                service,
                row.map(ServiceRow::reference).orElse(service),
                SentTo.of(sentAs(record)),
                timing(record),
                futureDated.signedByAnother(record),
                row.map(r -> Set.copyOf(r.useCases())).orElse(Set.of()),
                command.map(c -> OptionalInt.of(c.header().messageCode())).orElse(OptionalInt.empty()),
                schedule(record),
                topUpAlerts.of(record));
    }

    /**
     * The schedule that a request of service 5.1 creates (DUIS, CreateSchedule); also empty if its document cannot be
     * read.
     */
    private Optional<RequestContext.Schedule> schedule(RequestRecord record) {
        if (record.target().service().filter(MAKES_SCHEDULES::equals).isEmpty()) {
            return Optional.empty();
        }
        try {
            return request(record)
                    .flatMap(request -> request.body()
                            .find("DSPScheduledServiceReferenceVariant")
                            .flatMap(service -> request.body()
                                    .find("DeviceID")
                                    .map(device -> new RequestContext.Schedule(
                                            service.strip(), Eui64.parse(device.strip())))));
        } catch (PosternException e) {
            return Optional.empty();
        }
    }

    private RequestContext.Timing timing(RequestRecord record) {
        if (record.timing().executionTime().isEmpty()) {
            return RequestContext.Timing.NOW;
        }
        Optional<String> time = record.timing().executesAt().map(Object::toString);
        if (record.timing().cancels()) {
            return new RequestContext.Timing(
                    futureDated.heldByDccOnly(record)
                            ? RequestContext.When.CANCELS_AT_THE_DCC
                            : RequestContext.When.CANCELS_ON_THE_DEVICE,
                    time);
        }
        return new RequestContext.Timing(
                futureDated.heldByDevice(record) ? RequestContext.When.HELD_BY_DEVICE : RequestContext.When.HELD_BY_DCC,
                time);
    }
}
