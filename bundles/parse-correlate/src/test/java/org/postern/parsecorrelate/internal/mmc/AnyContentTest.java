package org.postern.parsecorrelate.internal.mmc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import javax.xml.validation.Validator;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.ServiceRow;
import org.postern.gbcs.AnsweredCommands;
import org.postern.gbcs.Asn1Payload;
import org.postern.gbcs.DecryptedMessage;
import org.postern.gbcs.DecryptedPart;
import org.postern.gbcs.GbcsCodec;
import org.postern.gbcs.GbcsMessage;
import org.postern.gbcs.GroupingHeader;
import org.postern.gbcs.Payload;
import org.postern.gbcs.UseCaseTable;
import org.postern.testkit.Rtds;

/** Use cases for which there is no message, and values that no device should send: the document is schema-valid. */
class AnyContentTest {

    private static final Eui64 DEVICE = Eui64.parse("00DB1234567890A0");
    private static final Eui64 USER = Eui64.parse("90B3D51F30010000");
    private static final Eui64 ACB = Eui64.parse("90B3D51F30000002");
    private static final int SEEDS = 40;

    private final UseCaseTable table = UseCaseTable.load();
    private final Catalogue catalogue = new Catalogue(table);
    private final GbcsCodec codec = new GbcsCodec();

    private static Schema schema() throws Exception {
        return SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
                .newSchema(Rtds.required().mmcSchema().toFile());
    }

    private MmcBuilder.Outcome build(UseCaseTable.UseCase use, long seed, Optional<String> service) {
        RandomContent content = new RandomContent(seed);
        Payload payload;
        List<DecryptedPart> parts = List.of();
        if (use.families().contains(Payload.Family.DLMS)) {
            RandomContent.Dlms dlms = content.dlms(use);
            payload = dlms.response();
            parts = dlms.parts();
        } else if (use.families().contains(Payload.Family.GBZ)) {
            payload = content.gbz(use);
        } else {
            payload = new Asn1Payload(content.der(4));
        }
        GroupingHeader header = new GroupingHeader(
                2, 1000, DEVICE, USER, Optional.empty(), use.code(), org.postern.gbcs.Supplement.NONE);
        GbcsMessage message = GbcsMessage.unsigned(header, payload);
        return new MmcBuilder(catalogue, codec, ACB, new DecryptedMessage(message, parts))
                .build(service, AnsweredCommands.UNKNOWN);
    }

    @Test
    void any_content_of_every_mapped_use_case_gives_a_document_that_the_schema_accepts() throws Exception {
        Validator validator = schema().newValidator();
        Map<String, String> refused = new TreeMap<>();
        int documents = 0;
        for (int code : catalogue.messageCodes()) {
            UseCaseTable.UseCase use = table.find(code).orElseThrow();
            for (String service : catalogue.services(code)) {
                for (int seed = 0; seed < SEEDS; seed++) {
                    MmcBuilder.Outcome outcome = build(use, code * 100L + seed, Optional.of(service));
                    assertThat(outcome.document()).as(use.name()).isPresent();
                    try {
                        validator.validate(new StreamSource(new ByteArrayInputStream(
                                outcome.document().get().xml())));
                        documents++;
                    } catch (org.xml.sax.SAXException e) {
                        refused.putIfAbsent(
                                use.name() + " " + e.getMessage().replaceAll("'[^']{20,}' ", ""),
                                "seed " + (code * 100L + seed));
                    }
                }
            }
        }
        refused.keySet().forEach(System.out::println);
        assertThat(refused).isEmpty();
        assertThat(documents).isGreaterThan(2000);
    }

    /** A row that never yields anything would have a wrong path. */
    @Test
    void every_mapped_read_yields_content_for_some_of_it() {
        List<String> empty = new ArrayList<>();
        for (int code : catalogue.messageCodes()) {
            UseCaseTable.UseCase use = table.find(code).orElseThrow();
            if (catalogue.use(code).orElseThrow().rows().isEmpty()
                    || use.families().contains(Payload.Family.ASN1)) {
                continue;
            }
            boolean some = false;
            for (int seed = 0; seed < 200 && !some; seed++) {
                MmcBuilder.Outcome outcome = build(use, seed, Optional.empty());
                some = outcome.document()
                        .flatMap(d -> d.root().find("Body/ResponseMessage/SMETSData"))
                        .map(s -> hasText(s))
                        .orElse(false);
            }
            // the last three say something only for values that are rare among random ones; CorpusTest reads real ones
            if (!some && !List.of("CS01b", "CS11", "GCS20r", "GCS21k", "DBCH01").contains(use.name())) {
                empty.add(use.name());
            }
        }
        assertThat(empty).isEmpty();
    }

    private static boolean hasText(org.postern.parsecorrelate.MmcElement e) {
        return !e.text().isEmpty() || e.children().stream().anyMatch(AnyContentTest::hasText);
    }

    @Test
    void every_service_with_a_response_element_is_answered_by_some_use_case() {
        List<String> missing = new ArrayList<>();
        Resource.table("services.tsv", "service", "element").rows().forEach(row -> {
            if (catalogue.messageCodes().stream()
                    .noneMatch(c -> catalogue.services(c).contains(row.text("service")))) {
                missing.add(row.text("service"));
            }
        });
        assertThat(missing).isEmpty();
    }

    @Test
    void every_service_that_becomes_a_command_has_a_response_element_or_says_that_it_has_none() {
        assertThat(Resource.table("services.tsv", "service", "element").rows())
                .extracting(row -> row.text("service"))
                .containsExactlyInAnyOrderElementsOf(new ServiceCatalogue()
                        .rows().stream()
                                .filter(row -> !row.nonDevice())
                                .map(ServiceRow::variant)
                                .toList());
    }

    @Test
    void every_use_case_that_the_codec_lists_for_a_service_is_mapped() {
        List<String> unmapped = table.all().stream()
                .filter(u -> u.services().stream().anyMatch(catalogue::serves)
                        && !catalogue.messageCodes().contains(u.code()))
                .filter(u -> u.protections().containsKey(org.postern.gbcs.MessageKind.RESPONSE))
                // a load controller's own command: its answer goes to no User
                .filter(u -> u.code() != 0x0125)
                .map(UseCaseTable.UseCase::name)
                .toList();
        assertThat(unmapped).isEmpty();
    }
}
