package org.postern.duis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Documents of the DCC with content that DUIS 5.4 does not define are interpreted as far as possible and never refused.
 */
class NewerDocumentsTest {

    private static final String HEADER =
            "<sr:Header><sr:RequestID>90-B3-D5-1F-30-01-00-00:00-DB-12-34-56-78-90-A0:1000</sr:RequestID>"
                    + "<sr:ResponseID>00-DB-12-34-56-78-90-A0:90-B3-D5-1F-30-01-00-00:1000</sr:ResponseID><sr:ResponseCode>I0</sr:ResponseCode>"
                    + "<sr:ResponseDateTime>2026-11-28T17:50:00.00Z</sr:ResponseDateTime></sr:Header>";
    private static final String SERVICE =
            "<sr:ServiceReference>7.12</sr:ServiceReference><sr:ServiceReferenceVariant>7.12</sr:ServiceReferenceVariant>";

    private final DuisReader reader = new DuisReader(DuisLimits.DEFAULT);

    private DuisResponse read(String header, String body) {
        return reader.readKnown(document(header, body));
    }

    private static byte[] document(String header, String body) {
        return ("<sr:Response xmlns:sr=\"" + DuisElement.DUIS + "\" schemaVersion=\"5.4\">" + header + "<sr:Body>"
                        + body
                        + "</sr:Body></sr:Response>")
                .getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void ofADocumentWithAnUnknownPayloadHeaderAndServiceAreRead() {
        DuisResponse response = read(
                HEADER,
                "<sr:ResponseMessage>" + SERVICE
                        + "<sr:DSPNewThing><sr:A>1</sr:A></sr:DSPNewThing></sr:ResponseMessage>");
        assertThat(response.kind()).isEqualTo("DSPNewThing");
        assertThat(response.requestId()).isPresent();
        assertThat(response.body()).isInstanceOfSatisfying(ResponseBody.ResponseMessage.class, message -> {
            assertThat(message.serviceReferenceVariant()).isEqualTo("7.12");
            assertThat(message.payload().orElseThrow()).isInstanceOf(ResponsePayload.UnknownPayload.class);
        });
    }

    static Stream<String> unknownPayloads() {
        return Stream.of(
                "<sr:GBCSPayload>AQ==</sr:GBCSPayload><sr:More/>",
                "<sr:LocalCommand><sr:GBCSPayload>AQ==</sr:GBCSPayload><sr:More/></sr:LocalCommand>",
                "<sr:GBCSPayload>not base64</sr:GBCSPayload>",
                "<sr:DSPScheduleID>many</sr:DSPScheduleID>",
                "<x:Other xmlns:x=\"urn:x\"/>",
                "<sr:FutureDatedDeviceAlertMessage><sr:FutureDatedAlertCode>8F68</sr:FutureDatedAlertCode></sr:FutureDatedDeviceAlertMessage>",
                "<sr:PreCommand><sr:GBCSPayload>AQ==</sr:GBCSPayload></sr:PreCommand>");
    }

    @ParameterizedTest
    @MethodSource("unknownPayloads")
    void aPayloadOfAnotherFormIsUnknown(String payload) {
        assertThat(read(HEADER, "<sr:ResponseMessage>" + SERVICE + payload + "</sr:ResponseMessage>")
                        .body())
                .isInstanceOfSatisfying(
                        ResponseBody.ResponseMessage.class,
                        message -> assertThat(message.payload().orElseThrow())
                                .isInstanceOfSatisfying(
                                        ResponsePayload.UnknownPayload.class,
                                        unknown -> assertThat(unknown.problem()).isNotBlank()));
    }

    @Test
    void anUnknownMessageHeaderElementOrRootIsUnread() {
        assertThat(read(HEADER, "<sr:NewMessage/>").body()).isInstanceOf(ResponseBody.UnreadMessage.class);
        DuisResponse header = read(
                HEADER.replace("</sr:Header>", "<sr:Priority>1</sr:Priority></sr:Header>"),
                "<sr:ResponseMessage>" + SERVICE + "</sr:ResponseMessage>");
        assertThat(header.body()).isInstanceOf(ResponseBody.UnreadMessage.class);
        assertThat(header.kind()).isEqualTo("ResponseMessage");
        assertThat(header.requestId()).isPresent();
        assertThat(header.responseCode()).isEqualTo("I0");
        assertThat(reader.readKnown("<Report/>".getBytes(StandardCharsets.UTF_8))
                        .kind())
                .isEqualTo("Report");
        DuisResponse broken = read(
                HEADER.replace("17:50", "27:50").replace(":1000</sr:RequestID>", ":x</sr:RequestID>"),
                "<sr:ResponseMessage/>");
        assertThat(broken.requestId()).isEmpty();
        assertThat(broken.responseId()).isPresent();
    }

    @Test
    void ofAnUnknownDccAlertCodeAndPayloadAreRead() {
        DuisResponse response = read(
                HEADER,
                "<sr:DCCAlertMessage><sr:DCCAlertCode>M7</sr:DCCAlertCode><sr:DCCAlert><sr:NewAlert/></sr:DCCAlert></sr:DCCAlertMessage>");
        assertThat(response.body()).isInstanceOfSatisfying(ResponseBody.DccAlertMessage.class, alert -> {
            assertThat(alert.known()).isFalse();
            assertThat(alert.code()).isEqualTo("M7");
            assertThat(alert.payload().name()).isEqualTo("NewAlert");
        });
    }
}
