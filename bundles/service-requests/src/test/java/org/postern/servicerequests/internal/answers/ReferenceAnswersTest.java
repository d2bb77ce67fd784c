package org.postern.servicerequests.internal.answers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.ResponseCodes;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.ServiceRow;
import org.postern.duis.Bytes;
import org.postern.ecprovider.EcProvider;
import org.postern.gbcs.GbcsCrypto;
import org.postern.gbcs.GroupingHeader;
import org.postern.gbcs.KeyFolder;
import org.postern.gbcs.MessageKind;
import org.postern.gbcs.SharedSecretCache;
import org.postern.parsecorrelate.GbcsParser;
import org.postern.parsecorrelate.ParsedMessage;
import org.postern.testkit.Rtds;

/** Every given answer of a device is the answer to the request that it was given for, and to no other. */
class ReferenceAnswersTest {

    private static final Eui64 ACB = Eui64.parse("90B3D51F30000002");
    private static final EcProvider EC = EcProvider.fastest();

    private final ServiceCatalogue catalogue = new ServiceCatalogue();
    private final Interpreter interpreter = new Interpreter(ResponseCodes.standard(), catalogue, id -> !id.equals(ACB));

    private static RequestContext asked(ServiceRow row, String file, GroupingHeader header) {
        boolean forUs = header.supplementaryParty().isPresent();
        Eui64 user = header.supplementaryParty().orElse(header.target());
        long counter = forUs && header.supplementaryCounter().isPresent()
                ? header.supplementaryCounter().getAsLong()
                : header.counter();
        RequestContext.When when = file.contains("CANCELLATION")
                ? RequestContext.When.CANCELS_ON_THE_DEVICE
                : file.contains("FUTURE_DATED") ? RequestContext.When.HELD_BY_DEVICE : RequestContext.When.NOW;
        return new RequestContext(
                new org.postern.catalogue.RequestId(user, header.originator(), counter),
                row.variant(),
                row.reference(),
                SentTo.DEVICE,
                new RequestContext.Timing(when, Optional.empty()),
                row.commandedByOther(),
                Set.copyOf(row.useCases()),
                row.critical() ? OptionalInt.of(header.messageCode()) : OptionalInt.empty());
    }

    private static RequestContext with(
            RequestContext asked,
            org.postern.catalogue.RequestId id,
            String service,
            Set<String> useCases,
            OptionalInt command) {
        return new RequestContext(
                id, service, asked.reference(), asked.sent(), asked.timing(), asked.otherCommands(), useCases, command);
    }

    @Test
    void everyGivenAnswerAnswersItsRequestAndNoOther() {
        GbcsParser parser = GbcsParser.over(
                new KeyFolder(Rtds.required().keystore(), EC, new GbcsCrypto(EC)),
                EC,
                new SharedSecretCache(1000),
                ACB);
        List<String> refused = new ArrayList<>();
        List<String> accepted = new ArrayList<>();
        int answers = 0;
        int strangers = 0;
        for (Path file : Rtds.required().messages()) {
            String folder = file.getParent().getFileName().toString();
            Optional<ServiceRow> row = catalogue.find(folder.replaceAll("_.*", ""));
            if (!file.getFileName().toString().contains("_RESPONSE") || row.isEmpty()) {
                continue;
            }
            ParsedMessage parsed =
                    parser.parse(Rtds.hex(file), Optional.of(row.get().variant()));
            if (parsed.message().filter(m -> m.kind() == MessageKind.RESPONSE).isEmpty()) {
                continue;
            }
            answers++;
            RequestContext asked = asked(
                    row.get(),
                    file.getFileName().toString(),
                    parsed.message().orElseThrow().header());
            Interpretation right = interpreter.localAnswer(asked, parsed);
            if (!(right.meaning() instanceof Meaning.Device || right.meaning() instanceof Meaning.Accepted)) {
                refused.add(folder + "/" + file.getFileName() + ": " + right.meaning());
            }
            org.postern.catalogue.RequestId id = asked.requestId();
            for (RequestContext other : List.of(
                    with(
                            asked,
                            new org.postern.catalogue.RequestId(id.originator(), id.target(), id.counter() + 1_000_003),
                            asked.service(),
                            asked.useCases(),
                            asked.command()),
                    with(
                            asked,
                            new org.postern.catalogue.RequestId(
                                    id.originator(), Eui64.parse("0102030405060708"), id.counter()),
                            asked.service(),
                            asked.useCases(),
                            asked.command()),
                    with(
                            asked,
                            new org.postern.catalogue.RequestId(
                                    Eui64.parse("0102030405060708"), id.target(), id.counter()),
                            asked.service(),
                            asked.useCases(),
                            asked.command()),
                    with(asked, id, "9.9", Set.of("ECS99"), asked.command()),
                    with(asked, id, asked.service(), asked.useCases(), OptionalInt.of(0xFFFE)))) {
                boolean otherParty = asked.otherCommands();
                strangers++;
                Meaning meaning = interpreter.localAnswer(other, parsed).meaning();
                // commands of another party cannot be identified by User, counter or message code
                if (!(meaning instanceof Meaning.Unproven)
                        && !(otherParty
                                && other.requestId().target().equals(id.target())
                                && other.service().equals(asked.service()))) {
                    accepted.add(folder + "/" + file.getFileName() + " as answer to " + other + ": " + meaning);
                }
            }
        }
        System.out.printf("[answers] %d given answers, %d times held to another request%n", answers, strangers);
        assertThat(refused).as("false refusals").isEmpty();
        assertThat(accepted).as("false acceptances").isEmpty();
        assertThat(answers).isGreaterThan(300);
    }

    private static GbcsParser parser() {
        return GbcsParser.over(
                new KeyFolder(Rtds.required().keystore(), EC, new GbcsCrypto(EC)),
                EC,
                new SharedSecretCache(1000),
                ACB);
    }

    /** The ACB sends under a counter of its own, which may be that of another request of the same User. */
    @Test
    void anAnswerThroughTheAcbIsIdentifiedByTheUsersCounter() {
        GbcsParser parser = parser();
        List<String> accepted = new ArrayList<>();
        int tried = 0;
        for (Path file : Rtds.required().messages()) {
            Optional<ServiceRow> row =
                    catalogue.find(file.getParent().getFileName().toString().replaceAll("_.*", ""));
            ParsedMessage parsed = parser.parse(Rtds.hex(file), row.map(ServiceRow::variant));
            Optional<GroupingHeader> header = parsed.message()
                    .filter(m -> m.kind() == MessageKind.RESPONSE)
                    .map(m -> m.header())
                    .filter(h -> h.supplementaryCounter().isPresent());
            if (row.isEmpty() || header.isEmpty() || row.get().commandedByOther()) {
                continue;
            }
            RequestContext asked = asked(row.get(), file.getFileName().toString(), header.get());
            for (long other : java.util.stream.LongStream.concat(
                            java.util.stream.LongStream.of(header.get().counter()),
                            header.get().supplementaryOriginatorCounter().stream())
                    .toArray()) {
                tried++;
                org.postern.catalogue.RequestId id = asked.requestId();
                Meaning meaning = interpreter
                        .localAnswer(
                                with(
                                        asked,
                                        new org.postern.catalogue.RequestId(id.originator(), id.target(), other),
                                        asked.service(),
                                        asked.useCases(),
                                        asked.command()),
                                parsed)
                        .meaning();
                if (!(meaning instanceof Meaning.Unproven)) {
                    accepted.add(file.getFileName() + " as answer to " + other + ": " + meaning);
                }
            }
        }
        assertThat(accepted).as("false acceptances").isEmpty();
        assertThat(tried).isGreaterThan(30);
    }

    @Test
    void aCommandForDeliveryOnSiteIsThatOfItsRequestAndNoOther() {
        GbcsParser parser = parser();
        GbcsAnswers answers = new GbcsAnswers(id -> !id.equals(ACB));
        List<String> wrong = new ArrayList<>();
        int tried = 0;
        for (Path file : Rtds.required().messages()) {
            Optional<ServiceRow> row =
                    catalogue.find(file.getParent().getFileName().toString().replaceAll("_.*", ""));
            ParsedMessage parsed = parser.parse(Rtds.hex(file), row.map(ServiceRow::variant));
            Optional<GroupingHeader> header = parsed.message()
                    .filter(m -> m.kind() == MessageKind.COMMAND)
                    .map(m -> m.header());
            if (row.isEmpty() || header.isEmpty() || row.get().commandedByOther()) {
                continue;
            }
            tried++;
            GroupingHeader command = header.get();
            boolean forUs = command.supplementaryParty().isPresent();
            org.postern.catalogue.RequestId id = new org.postern.catalogue.RequestId(
                    command.supplementaryParty().orElse(command.originator()),
                    command.target(),
                    forUs ? command.supplementaryCounter().orElseThrow() : command.counter());
            RequestContext asked = with(
                    asked(row.get(), file.getFileName().toString(), command.response()),
                    id,
                    row.get().variant(),
                    Set.copyOf(row.get().useCases()),
                    OptionalInt.of(command.messageCode()));
            Bytes bytes = Bytes.of(Rtds.hex(file));
            if (!(answers.localCommand(asked, bytes, parsed) instanceof Meaning.LocalCommand)) {
                wrong.add("refused " + file.getFileName());
            }
            for (long other : new long[] {id.counter() + 1_000_003, command.counter() + (forUs ? 0 : 1)}) {
                if (answers.localCommand(
                                with(
                                        asked,
                                        new org.postern.catalogue.RequestId(id.originator(), id.target(), other),
                                        asked.service(),
                                        asked.useCases(),
                                        asked.command()),
                                bytes,
                                parsed)
                        instanceof Meaning.LocalCommand) {
                    wrong.add(file.getFileName() + " taken for " + other);
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(tried).isGreaterThan(200);
    }
}
