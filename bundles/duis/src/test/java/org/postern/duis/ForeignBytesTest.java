package org.postern.duis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.ecprovider.EcProvider;
import org.postern.testkit.ForeignBytes;

/** For any bytes, the result is a request, a response or a refusal with a fault code, in bounded time. */
@Timeout(120)
class ForeignBytesTest {

    private static final int DOCUMENTS = 10_000;
    private static final long SEED = Long.getLong("postern.seed", 20261128L);
    private static final String REQUEST =
            "<sr:Request xmlns:sr=\"" + DuisElement.DUIS + "\" schemaVersion=\"5.4\"><sr:Header>"
                    + "<sr:RequestID>90-B3-D5-1F-30-01-00-00:00-DB-12-34-56-78-90-A0:1000</sr:RequestID>"
                    + "<sr:CommandVariant>4</sr:CommandVariant><sr:ServiceReference>4.8</sr:ServiceReference>"
                    + "<sr:ServiceReferenceVariant>4.8.1</sr:ServiceReferenceVariant></sr:Header><sr:Body>"
                    + "<sr:ReadActiveImportProfileData><sr:ReadLogPeriod><sr:StartDateTime>2026-11-01T00:00:00.00Z</sr:StartDateTime>"
                    + "<sr:EndDateTime>2026-11-02T00:00:00.00Z</sr:EndDateTime></sr:ReadLogPeriod></sr:ReadActiveImportProfileData>"
                    + "</sr:Body></sr:Request>";
    private static final String RESPONSE =
            "<sr:Response xmlns:sr=\"" + DuisElement.DUIS + "\" schemaVersion=\"5.4\"><sr:Header>"
                    + "<sr:RequestID>90-B3-D5-1F-30-01-00-00:00-DB-12-34-56-78-90-A0:1000</sr:RequestID>"
                    + "<sr:ResponseID>00-DB-12-34-56-78-90-A0:90-B3-D5-1F-30-01-00-00:1000</sr:ResponseID>"
                    + "<sr:ResponseCode>I0</sr:ResponseCode><sr:ResponseDateTime>2026-11-01T00:00:00.00Z</sr:ResponseDateTime></sr:Header>"
                    + "<sr:Body><sr:ResponseMessage><sr:ServiceReference>4.8</sr:ServiceReference>"
                    + "<sr:ServiceReferenceVariant>4.8.1</sr:ServiceReferenceVariant><sr:FutureDatedDeviceAlertMessage>"
                    + "<sr:FutureDatedAlertCode>8F66</sr:FutureDatedAlertCode><sr:GBCSPayload>3gAA</sr:GBCSPayload>"
                    + "<sr:InstructionNumber>1</sr:InstructionNumber><sr:TotalCommandInstructions>2</sr:TotalCommandInstructions>"
                    + "</sr:FutureDatedDeviceAlertMessage></sr:ResponseMessage></sr:Body></sr:Response>";
    private static final String JSON =
            "{\"service\": \"4.8.1\", \"device\": \"00-DB-12-34-56-78-90-A0\", \"role\": \"IS\", \"body\":"
                    + " {\"ReadLogPeriod\": {\"StartDateTime\": \"2026-11-01T00:00:00.00Z\", \"EndDateTime\": \"2026-11-02T00:00:00.00Z\"}}}";
    private static final String TOP_UP =
            "{\"device\": \"00-DB-12-34-56-78-90-A0\", \"role\": \"IS\", \"topUp\": {\"pence\": 1250}}";

    private final DuisReader reader = new DuisReader(DuisLimits.DEFAULT);
    private final JsonRequests json = new JsonRequests(new ServiceCatalogue(), DuisLimits.DEFAULT);
    private final DuisVerifier verifier =
            new DuisVerifier(DuisLimits.DEFAULT, (issuer, serial) -> Optional.empty(), EcProvider.fastest());
    private final Map<String, Integer> outcomes = new TreeMap<>();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UTF-16",
                "UTF-16LE",
                "UTF-16BE",
                "x-UTF-16LE-BOM",
                "UTF-32",
                "UTF-32LE",
                "X-UTF-32BE-BOM",
                "IBM037"
            })
    void aDocumentInAnotherEncodingIsRefusedWithAFault(String encoding) {
        for (String head : List.of("", "<?xml version=\"1.0\" encoding=\"" + encoding + "\"?>")) {
            byte[] request = (head + REQUEST).getBytes(Charset.forName(encoding));
            byte[] response = (head + RESPONSE).getBytes(Charset.forName(encoding));
            assertThatThrownBy(() -> reader.readRequest(request))
                    .isInstanceOfSatisfying(
                            DuisException.class,
                            e -> assertThat(e.fault().code()).isEqualTo("PST-1013"));
            assertThatThrownBy(() -> verifier.verifyResponse(response))
                    .isInstanceOfSatisfying(
                            DuisException.class,
                            e -> assertThat(e.fault().code()).isEqualTo("PST-1013"));
        }
    }

    @Test
    void everyEncodingIsReadOrRefusedWithAFault() {
        for (String document : List.of(REQUEST, RESPONSE, JSON, TOP_UP)) {
            ForeignBytes.encodings(document).forEach(this::everyReader);
        }
        System.out.println("encodings: " + outcomes);
    }

    @Test
    void everyTruncationIsReadOrRefusedWithAFault() {
        for (String document : List.of(REQUEST, RESPONSE, JSON, TOP_UP)) {
            ForeignBytes.cuts(utf8(document), document.startsWith("{") ? this::jsonReaders : this::xmlReaders);
        }
        System.out.println("cuts: " + outcomes);
    }

    @Test
    void tenThousandRandomDocumentsAreReadOrRefusedWithAFault() {
        System.out.println("seed " + SEED);
        ForeignBytes.random(SEED, DOCUMENTS / 2, List.of(utf8(REQUEST), utf8(RESPONSE)), this::xmlReaders);
        ForeignBytes.random(SEED, DOCUMENTS / 2, List.of(utf8(JSON), utf8(TOP_UP)), this::jsonReaders);
        System.out.println("random: " + outcomes);
    }

    private void everyReader(byte[] bytes) {
        xmlReaders(bytes);
        jsonReaders(bytes);
    }

    private void xmlReaders(byte[] bytes) {
        check("request", bytes, b -> roundTrip(reader.readRequest(b)));
        check("response", bytes, reader::readResponse);
        check("verified", bytes, verifier::verifyResponse);
    }

    private void jsonReaders(byte[] bytes) {
        check(
                "json",
                bytes,
                b -> roundTrip(json.read(b)
                        .toRequest(Eui64.parse("90-B3-D5-1F-30-01-00-00"), Eui64.parse("90-B3-D5-1F-30-00-00-02"), 1)));
        check("either", bytes, b -> json.read(b, form -> form, Supplier::get));
        check("topUp", bytes, json::readTopUp);
    }

    /**
     * A request that was accepted can be written and read again with the same result, because it is stored and read
     * later.
     */
    private void roundTrip(DuisRequest request) {
        assertThat(reader.readRequest(DuisWriter.write(request).toArray()).requestId())
                .isEqualTo(request.requestId());
    }

    private void check(String name, byte[] bytes, Consumer<byte[]> reader) {
        try {
            reader.accept(bytes);
            outcomes.merge(name + " taken", 1, Integer::sum);
        } catch (PosternException e) {
            assertThat(e.fault().mayPass())
                    .as("bytes that cannot be read stay so")
                    .isFalse();
            outcomes.merge(name + " refused", 1, Integer::sum);
        } catch (RuntimeException | StackOverflowError e) {
            fail(name + " seed " + SEED + " bytes " + new String(bytes, StandardCharsets.ISO_8859_1), e);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
