package org.postern.parsecorrelate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.ServiceRow;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisRequest;
import org.postern.gbcs.GbcsCodec;
import org.postern.gbcs.GroupingHeader;
import org.postern.inventory.DeviceFacts;
import org.postern.testkit.Rtds;

/**
 * Requests of a User that the device does not know: the Access Control Broker is the originator, and other information
 * is the code, the User, the User's counter and its Key Agreement certificate (GBCS section 7), whatever the use case.
 */
class UnknownRemotePartyTest {

    private static final Eui64 ACB = Eui64.parse("90B3D51F30000002");
    private static final Eui64 USER = Eui64.parse("90B3D51F30030000");
    private static final Eui64 DEVICE = Eui64.parse("00DB1234567890A0");
    private static final Instant BUILT = Instant.parse("2015-01-01T00:00:00Z");
    private static final DuisElement PERIOD = DuisElement.of(
            "ReadLogPeriod",
            DuisElement.leaf("StartDateTime", "2014-12-01T00:00:00Z"),
            DuisElement.leaf("EndDateTime", "2014-12-05T00:00:00Z"));

    private final Transformer transformer = Transformer.fromTables();

    private static DuisRequest request(String service, DuisElement... content) {
        ServiceRow row = new ServiceCatalogue().require(service);
        return new DuisRequest(
                new RequestId(USER, DEVICE, 1100),
                CommandVariant.CV1,
                row.reference(),
                service,
                DuisElement.of(row.bodyElement(), content));
    }

    private static DeviceFacts device(DeviceType type) {
        return new DeviceFacts(DEVICE, Optional.of(type), DeviceFacts.Variant.SINGLE, Map.of());
    }

    private static String certificate() {
        return Base64.getEncoder()
                .encodeToString(GivenCases.commands(Rtds.required()).stream()
                        .filter(pair -> pair.name().startsWith("GCS16b_4.14_URP"))
                        .findFirst()
                        .map(UnknownRemotePartyTest::certificate)
                        .orElseThrow());
    }

    /** The certificate in the given message, which has been issued anew since the given request was made. */
    private static byte[] certificate(GivenCases.Pair pair) {
        return new GbcsCodec()
                .decode(pair.message())
                .header()
                .supplement()
                .certificate()
                .orElseThrow()
                .toArray();
    }

    @Test
    void theGivenRequestBecomesTheGivenCommandButForItsCertificate() {
        GivenCases.Pair pair = GivenCases.commands(Rtds.required()).stream()
                .filter(p -> p.name().startsWith("GCS16b_4.14_URP"))
                .findFirst()
                .orElseThrow();
        byte[] inner = Commands.beforeMac(pair.message());
        DuisElement body = DuisElement.of(
                pair.request().body().name(),
                pair.request().body().child("ReadLogPeriod").orElseThrow(),
                DuisElement.leaf("KAPublicSecurityCredentials", certificate()));
        byte[] ours = transformer
                .explainForAcb(
                        new DuisRequest(pair.request().requestId(), CommandVariant.CV1, "4.14", "4.14", body),
                        pair.device(),
                        GivenCases.BUILT,
                        Commands.originator(inner),
                        Commands.counter(inner))
                .bytes();
        // the period in the message is not that of the request: the bytes before the content and the form of the
        // content are compared
        int content = 8 + 3 + 9 + 9 + 1 + 3 + 0x1A9;
        assertThat(HexFormat.of().formatHex(Arrays.copyOf(ours, content)))
                .isEqualTo(HexFormat.of().formatHex(Arrays.copyOf(inner, content)));
        assertThat(ours).hasSameSizeAs(inner);
    }

    @Test
    void everyServiceThatMayGiveACertificateSendsItInTheAcbsPlace() throws Exception {
        List<String> wrong = new ArrayList<>();
        GbcsParser parser = new OwnMessages().parser();
        TreeSet<String> useCases = new TreeSet<>();
        DuisElement given = DuisElement.leaf("KAPublicSecurityCredentials", certificate());
        SchemaPlaces schema = SchemaPlaces.read(Rtds.required().duisSchema());
        for (ServiceRow row : new ServiceCatalogue().rows()) {
            if (row.bodyElement().isEmpty()
                    || !schema.paths(row.bodyElement()).contains(row.bodyElement() + "/KAPublicSecurityCredentials")) {
                continue;
            }
            for (DeviceType type : List.of(DeviceType.ESME, DeviceType.GSME, DeviceType.GPF)) {
                Transformed made = transformer.explain(request(row.variant(), PERIOD, given), device(type), BUILT);
                useCases.add(made.useCase());
                if (!made.acb()) {
                    wrong.add(made + " is sent by the User");
                }
                Transformed sent = transformer.explainForAcb(
                        request(row.variant(), PERIOD, given), device(type), BUILT, ACB, 1300);
                GroupingHeader header = new GbcsCodec()
                        .decode(Arrays.copyOf(sent.bytes(), sent.bytes().length - 1))
                        .header();
                if (!header.originator().equals(ACB)
                        || header.counter() != 1300
                        || !header.supplementaryParty().equals(Optional.of(USER))
                        || header.supplementaryCounter().orElse(0) != 1100
                        || !Base64.getEncoder()
                                .encodeToString(header.supplement()
                                        .certificate()
                                        .orElseThrow()
                                        .toArray())
                                .equals(certificate())) {
                    wrong.add(made + " " + header);
                }
                ParsedMessage read = parser.parse(sent.bytes());
                if (!read.ok() || !read.useCase().equals(Optional.of(made.useCase()))) {
                    wrong.add(made + " is not read: " + read.reason());
                }
                // without the certificate the device knows the User
                assertThat(transformer
                                .explain(request(row.variant(), PERIOD), device(type), BUILT)
                                .acb())
                        .as(made.useCase())
                        .isFalse();
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(useCases)
                .containsExactly(
                        "ECS20b", "ECS20c", "ECS21a", "ECS21b", "ECS22b", "ECS23", "ECS66", "GCS15b", "GCS15c",
                        "GCS16a", "GCS16b", "GCS17", "GCS18", "GCS61");
    }

    @Test
    void aCertificateThatIsNoneIsRefusedByName() {
        assertThatThrownBy(() -> transformer.explain(
                        request("4.17", PERIOD, DuisElement.leaf("KAPublicSecurityCredentials", "AAAA")),
                        device(DeviceType.GPF),
                        BUILT))
                .isInstanceOfSatisfying(
                        TransformException.class,
                        refused -> assertThat(refused.fault().field())
                                .isEqualTo("RetrieveDailyConsumptionLog/KAPublicSecurityCredentials"));
    }
}
