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
class GivenAnswersTest {

    private static final Eui64 BROKER = Eui64.parse("90B3D51F30000002");
    private static final EcProvider EC = EcProvider.fastest();

    private final ServiceCatalogue catalogue = new ServiceCatalogue();
    private final Interpreter interpreter = new Interpreter(ResponseCodes.standard(), catalogue, id ->
            !id.equals(BROKER));

    private static Asked asked(ServiceRow row, String file, GroupingHeader header) {
        boolean forUs = header.supplementaryParty().isPresent();
        Eui64 user = header.supplementaryParty().orElse(header.target());
        long counter = forUs && header.supplementaryCounter().isPresent() ? header.supplementaryCounter().getAsLong()
                : header.counter();
        Asked.When when = file.contains("CANCELLATION") ? Asked.When.CANCELS_ON_THE_DEVICE
                : file.contains("FUTURE_DATED")
                ? Asked.When.DATED_ON_THE_DEVICE : Asked.When.NOW;
        return new Asked(new org.postern.catalogue.RequestId(user, header.originator(), counter), row.variant(),
                row.reference(), Sent.DEVICE,
                new Asked.Dating(when, Optional.empty()), row.commandedByOther(), Set.copyOf(row.useCases()),
                row.critical() ? OptionalInt.of(header.messageCode()) : OptionalInt.empty());
    }

    private static Asked with(Asked asked, org.postern.catalogue.RequestId id, String service, Set<String> useCases,
            OptionalInt command) {
        return new Asked(id, service, asked.reference(), asked.sent(), asked.dating(), asked.otherCommands(), useCases,
                command);
    }

    @Test
    void everyGivenAnswerAnswersItsRequestAndNoOther() {
        GbcsParser parser = GbcsParser.over(new KeyFolder(Rtds.required().keystore(), EC, new GbcsCrypto(EC)), EC,
                new SharedSecretCache(1000), BROKER);
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
            ParsedMessage parsed = parser.parse(Rtds.hex(file), Optional.of(row.get().variant()));
            if (parsed.message().filter(m -> m.kind() == MessageKind.RESPONSE).isEmpty()) {
                continue;
            }
            answers++;
            Asked asked = asked(row.get(), file.getFileName().toString(), parsed.message().orElseThrow().header());
            Judgement right = interpreter.fromTheSite(asked, parsed);
            if (!(right.meaning() instanceof Meaning.Device || right.meaning() instanceof Meaning.Accepted)) {
                refused.add(folder + "/" + file.getFileName() + ": " + right.meaning());
            }
            org.postern.catalogue.RequestId id = asked.requestId();
            for (Asked other : List.of(
                    with(asked, new org.postern.catalogue.RequestId(id.originator(), id.target(), id.counter()
                    + 1_000_003), asked.service(), asked.useCases(), asked.command()),
                    with(asked, new org.postern.catalogue.RequestId(id.originator(), Eui64.parse("0102030405060708"),
                    id.counter()), asked.service(), asked.useCases(), asked.command()),
                    with(asked, new org.postern.catalogue.RequestId(Eui64.parse("0102030405060708"), id.target(),
                    id.counter()), asked.service(), asked.useCases(), asked.command()),
                    with(asked, id, "9.9", Set.of("ECS99"), asked.command()),
                    with(asked, id, asked.service(), asked.useCases(), OptionalInt.of(0xFFFE)))) {
                boolean otherParty = asked.otherCommands();
                strangers++;
                Meaning meaning = interpreter.fromTheSite(other, parsed).meaning();
                // what another party commands is not told by User, counter or message code
                if (!(meaning instanceof Meaning.Unproven) && !(otherParty && other.requestId().target()
                        .equals(id.target()) && other.service().equals(asked.service()))) {
                    accepted.add(folder + "/" + file.getFileName() + " as answer to " + other + ": " + meaning);
                }
            }
        }
        System.out.printf("[answers] %d given answers, %d times held to another request%n", answers, strangers);
        assertThat(refused).as("false refusals").isEmpty();
        assertThat(accepted).as("false acceptances").isEmpty();
        assertThat(answers).isGreaterThan(300);
    }
}
