package org.postern.parsecorrelate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.Eui64;
import org.postern.ecprovider.EcProvider;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DlmsData;
import org.postern.gbcs.DlmsPayload;
import org.postern.gbcs.GbcsCrypto;
import org.postern.gbcs.GbzPayload;
import org.postern.gbcs.GroupingHeader;
import org.postern.gbcs.KeyFolder;
import org.postern.gbcs.SharedSecretCache;
import org.postern.gbcs.Verdict;

/**
 * Messages of the project's own test PKI, so that reading is tested in every clone: values, outcomes, and unreadable
 * content.
 */
class OwnVectorsTest {

    private static final Eui64 SUPPLIER = OwnMessages.SUPPLIER;
    private static final Eui64 ACB = OwnMessages.ACB;
    private static final Eui64 ESME = OwnMessages.ESME;
    private static final Eui64 GPF = OwnMessages.GPF;
    private static final Path VECTORS = OwnMessages.VECTORS;

    private final OwnMessages own = new OwnMessages();
    private final EcProvider ec = own.ec();
    private final GbcsCrypto crypto = own.crypto();
    private final GbcsParser parser = own.parser();

    private static byte[] vector(String name) throws IOException {
        StringBuilder hex = new StringBuilder();
        Files.readAllLines(VECTORS.resolve(name + ".txt")).forEach(line -> hex.append(line, 0, line.indexOf('#')));
        return HexFormat.of().parseHex(hex.toString().replaceAll("\\s", ""));
    }

    private static MmcElement find(ParsedMessage parsed, String path) {
        return parsed.mmc()
                .orElseThrow()
                .root()
                .find(path)
                .orElseThrow(() ->
                        new AssertionError(path + " in " + parsed.mmc().get().json()));
    }

    private static String text(ParsedMessage parsed, String path) {
        return find(parsed, path).text();
    }

    @Test
    void every_vector_is_decoded_and_none_is_refused() throws IOException {
        for (String line : Files.readAllLines(VECTORS.resolve("index.tsv")).subList(1, 35)) {
            String[] cells = line.split("\t");
            ParsedMessage parsed = parser.parse(vector(cells[0]));
            assertThat(parsed.reason()).as(cells[0]).doesNotContain("left out: no word");
            assertThat(parsed.ok()).as(cells[0] + ": " + parsed.reason()).isTrue();
            assertThat(parsed.message().orElseThrow().kind().name()).isEqualTo(cells[1]);
            assertThat(parsed.hasEncryptedParts()).as(cells[0]).isEqualTo(cells[7].equals("1"));
            assertThat(parsed.mmc().isPresent())
                    .as(cells[0])
                    .isEqualTo(List.of("RESPONSE", "ALERT").contains(cells[1]));
        }
    }

    /**
     * GBCS, general block transfer: a long answer may arrive in blocks; each is E0, control (80 on the last), number,
     * acknowledged, length, data.
     */
    @Test
    void an_answer_that_arrives_in_blocks_reads_like_the_whole() throws IOException {
        byte[] whole = vector("dlms-response-ecs17b");
        ByteArrayOutputStream blocks = new ByteArrayOutputStream();
        for (int number = 1, at = 0; at < whole.length; number++) {
            int length = Math.min(100, whole.length - at);
            blocks.writeBytes(new byte[] {
                (byte) 0xE0, (byte) (at + length == whole.length ? 0x80 : 0), 0, (byte) number, 0, 0, (byte) length
            });
            blocks.write(whole, at, length);
            at += length;
        }
        ParsedMessage parsed = parser.parse(blocks.toByteArray());
        assertThat(parsed.mac().verdict()).isEqualTo(Verdict.VALID);
        assertThat(parsed.mmc().orElseThrow().xml())
                .isEqualTo(parser.parse(whole).mmc().orElseThrow().xml());

        byte[] cut = java.util.Arrays.copyOf(blocks.toByteArray(), 107);
        assertThat(parser.parse(cut).ok()).isFalse();
        assertThat(parser.parse(cut).reason()).contains("some are missing");
    }

    @Test
    void the_import_register_of_a_single_element_meter_is_read_with_its_unit() throws IOException {
        ParsedMessage parsed = parser.parse(vector("dlms-response-ecs17b"));
        String register = "Body/ResponseMessage/SMETSData/ReadInstantaneousImportRegistersRsp/Electricity/";
        assertThat(parsed.mac().verdict()).isEqualTo(Verdict.VALID);
        assertThat(parsed.allDecrypted()).isTrue();
        // 12345678 hex
        assertThat(text(parsed, register + "ActiveImportRegister/Value")).isEqualTo("305419896");
        assertThat(text(parsed, register + "ActiveImportRegister/ActiveEnergyUnit"))
                .isEqualTo("Wh");
        // 1234 hex
        assertThat(text(parsed, register + "ReactiveImportRegister/Value")).isEqualTo("4660");
        assertThat(text(parsed, "Header/ServiceReferenceVariant")).isEqualTo("4.1.1");
        assertThat(text(parsed, "Header/BusinessOriginatorID")).isEqualTo("0A-22-00-00-00-00-00-01");
    }

    @Test
    void a_twin_element_meter_has_its_second_register_too() {
        GroupingHeader header = OwnMessages.response(0x0027, ESME, SUPPLIER, 77);
        DlmsData plain = DlmsData.structure(DlmsData.structure(
                DlmsData.u32(7_654_321), unit(30), DlmsData.u32(11), unit(32), DlmsData.u32(123_456)));
        ParsedMessage parsed = parser.parse(
                own.wrapped(header, DlmsPayload.AccessResponse.of(77, List.of(own.protectedItem(header, plain)))));
        String register = "Body/ResponseMessage/SMETSData/ReadInstantaneousImportRegistersRsp/Electricity/";
        assertThat(parsed.proven()).isTrue();
        assertThat(text(parsed, register + "ActiveImportRegister/Value")).isEqualTo("7654321");
        assertThat(text(parsed, register + "SecondaryActiveImportRegister/Value"))
                .isEqualTo("123456");
    }

    private static DlmsData unit(int unit) {
        return DlmsData.structure(DlmsData.i8(0), DlmsData.enumeration(unit));
    }

    @Test
    void gas_volumes_are_scaled_by_the_meters_own_multiplier_and_divisor() {
        // 0302 divisor 100, 0301 multiplier 5, 0300 unit m3, 0000 summation 123
        GbzPayload.Component plain = GbzPayload.Component.of(
                0x0702,
                new GbzPayload.ZclFrame(0x18, 0, 1),
                Bytes.ofHex("0203002264000001030022050000000300300100000025 7B0000000000"));
        ParsedMessage parsed = parser.parse(
                own.wrapped(OwnMessages.response(0x0074, GPF, SUPPLIER, 5), GbzPayload.components(List.of(plain))));
        assertThat(
                        text(
                                parsed,
                                "Body/ResponseMessage/SMETSData/ReadInstantaneousImportRegistersRsp/Gas/ConsumptionRegister/Value"))
                .isEqualTo("6.15");
    }

    @Test
    void what_cannot_be_decrypted_is_passed_on_unchanged() throws IOException {
        KeyFolder none = new KeyFolder(VECTORS.resolve("no-such-folder"), ec, crypto);
        ParsedMessage parsed =
                GbcsParser.over(none, ec, new SharedSecretCache(1), ACB).parse(vector("dlms-response-ecs17b"));
        assertThat(parsed.ok()).isTrue();
        assertThat(parsed.proven()).isFalse();
        assertThat(parsed.mac().verdict()).isEqualTo(Verdict.UNCHECKED);
        assertThat(parsed.reason()).contains("MAC not checked").contains("still encrypted");
        MmcElement data = find(parsed, "Body/ResponseMessage/GBCSData");
        assertThat(data.attributes())
                .containsEntry("format", "encrypted")
                .containsEntry("sequence", "0")
                .containsEntry("type", "dlms");
        assertThat(find(parsed, "Body/ResponseMessage/SMETSData/ReadInstantaneousImportRegistersRsp/Electricity")
                        .children())
                .isEmpty();
    }

    @Test
    void an_encrypted_gas_answer_has_no_success_until_it_is_decrypted() throws IOException {
        KeyFolder none = new KeyFolder(VECTORS.resolve("no-such-folder"), ec, crypto);
        ParsedMessage parsed =
                GbcsParser.over(none, ec, new SharedSecretCache(1), ACB).parse(vector("gbz-response-gcs13a"));
        assertThat(parsed.success()).isEmpty();
        assertThat(find(parsed, "Body/ResponseMessage/GBCSData").attributes()).containsEntry("type", "zigbeeCiphered");
        // read, it turns out to hold one attribute of the four that the use case reads
        assertThat(parser.parse(vector("gbz-response-gcs13a")).success()).contains(false);
        assertThat(parser.parse(vector("gbz-response-gcs13a")).flag()).contains("1 attributes where 4 are read");
    }

    @Test
    void a_failed_item_makes_the_response_a_failure_with_debug_information() throws IOException {
        ParsedMessage parsed = parser.parse(vector("dlms-response-ecs38-refused"));
        assertThat(parsed.ok()).isTrue();
        assertThat(parsed.success()).contains(false);
        assertThat(find(parsed, "Body/ResponseMessage/SMETSData/SetRandomisedOffsetLimitRsp")
                        .attributes())
                .containsEntry("MessageSuccess", "false");
        MmcElement result = find(parsed, "Body/ResponseMessage/DebugInfo/COSEMDebug/COSEMResponse");
        assertThat(result.attributes()).containsEntry("Position", "1");
        assertThat(result.attributes().get("ResponseCode"))
                .isEqualTo(Integer.toString(parsed.items().get(0).code()))
                .isNotEqualTo("0");
        assertThat(result.child("DataAccessResult").orElseThrow().text())
                .isEqualTo(parsed.items().get(0).name());
    }

    @Test
    void an_unknown_message_code_is_decoded_and_authenticated_as_well() {
        GroupingHeader header = OwnMessages.response(0x7777, ESME, SUPPLIER, 9);
        DlmsPayload payload = DlmsPayload.AccessResponse.of(
                9, List.of(new DlmsPayload.ResponseItem(DlmsPayload.Operation.GET, 0, DlmsData.u32(42))));
        ParsedMessage parsed = parser.parse(own.wrapped(header, payload));
        assertThat(parsed.proven()).isTrue();
        assertThat(parsed.useCase()).isEmpty();
        assertThat(parsed.mmc()).isEmpty();
        assertThat(parsed.reason()).contains("message code 7777 is not known");
        assertThat(parsed.message().orElseThrow().payload()).isEqualTo(payload);
    }

    @Test
    void an_unknown_result_code_is_reported_by_its_number() {
        ParsedMessage parsed = parser.parse(own.wrapped(
                OwnMessages.response(0x0069, ESME, SUPPLIER, 3),
                DlmsPayload.AccessResponse.of(
                        3, List.of(new DlmsPayload.ResponseItem(DlmsPayload.Operation.GET, 77, DlmsData.Null.VALUE)))));
        MmcElement result = find(parsed, "Body/ResponseMessage/DebugInfo/COSEMDebug/COSEMResponse");
        assertThat(result.attributes()).containsEntry("ResponseCode", "77");
        assertThat(result.child("DataAccessResult").orElseThrow().text()).isEqualTo("response-code-not-known");
    }

    @Test
    void a_wrong_mac_is_refused_and_no_mmc_made_of_it() throws IOException {
        byte[] bytes = vector("dlms-response-ecs17b");
        bytes[bytes.length - 1] ^= 1;
        ParsedMessage parsed = parser.parse(bytes);
        assertThat(parsed.ok()).isFalse();
        assertThat(parsed.mac().verdict()).isEqualTo(Verdict.INVALID);
        assertThat(parsed.fault().orElseThrow().code()).isEqualTo("PST-4010");
        assertThat(parsed.mmc()).isEmpty();
    }

    @Test
    void protection_other_than_the_message_code_demands_is_refused() {
        // a load switch answer is signed; this one is only in a MAC wrapper
        ParsedMessage parsed = parser.parse(own.wrapped(
                OwnMessages.response(0x004F, ESME, SUPPLIER, 3),
                DlmsPayload.AccessResponse.of(
                        3,
                        List.of(new DlmsPayload.ResponseItem(DlmsPayload.Operation.ACTION, 0, DlmsData.Null.VALUE)))));
        assertThat(parsed.ok()).isFalse();
        assertThat(parsed.fault().orElseThrow().code()).isEqualTo("PST-3040");
        assertThat(parsed.mmc()).isEmpty();
    }

    @Test
    void among_services_that_share_a_message_code_the_request_decides() {
        byte[] bytes = own.wrapped(
                OwnMessages.response(0x005F, ESME, SUPPLIER, 3),
                DlmsPayload.AccessResponse.of(
                        3,
                        java.util.Collections.nCopies(
                                5, new DlmsPayload.ResponseItem(DlmsPayload.Operation.SET, 0, DlmsData.Null.VALUE))));
        ParsedMessage unknown = parser.parse(bytes);
        assertThat(unknown.services()).containsExactly("7.9", "7.10");
        assertThat(unknown.reason()).contains("without its request 7.9 is taken");
        ParsedMessage known = parser.parse(bytes, Optional.of("7.10"));
        assertThat(known.reason()).isEmpty();
        assertThat(text(known, "Header/ServiceReferenceVariant")).isEqualTo("7.10");
        find(known, "Body/ResponseMessage/SMETSData/RemoveAuxiliaryLoadFromBoostButtonRsp");
    }

    @Test
    void a_service_that_the_message_code_does_not_answer_is_ignored() throws IOException {
        ParsedMessage parsed = parser.parse(vector("dlms-response-ecs17b"), Optional.of("7.1"));
        assertThat(text(parsed, "Header/ServiceReferenceVariant")).isEqualTo("4.1.1");
    }

    @Test
    void json_is_the_same_tree_as_the_xml() throws IOException {
        String json =
                parser.parse(vector("dlms-response-ecs17b")).mmc().orElseThrow().json();
        assertThat(json)
                .startsWith(
                        "{\"GBCSResponse\":{\"@schemaVersion\":\"5.4\",\"Header\":{\"BusinessOriginatorID\":\"0A-22-00-00-00-00-00-01\"")
                .contains(
                        "\"ReadInstantaneousImportRegistersRsp\":{\"@MessageSuccess\":\"true\",\"Electricity\":{\"ActiveImportRegister\":"
                                + "{\"Value\":\"305419896\",\"ActiveEnergyUnit\":\"Wh\"}");
    }

    @Test
    void nothing_of_a_reading_is_in_the_texts_made_for_logs() throws IOException {
        ParsedMessage parsed = parser.parse(vector("dlms-response-ecs17b"));
        assertThat(parsed.toString()).doesNotContain("305419896").contains("RESPONSE 0027");
        assertThat(parsed.mmc().orElseThrow().toString()).doesNotContain("305419896");
    }

    @Test
    void an_alert_has_code_name_and_time() throws IOException {
        ParsedMessage parsed = parser.parse(vector("dlms-alert-critical"));
        MmcElement content = find(parsed, "Body/DeviceAlertMessage/DeviceAlertContent");
        assertThat(content.child("GBCSHexAlertCode").orElseThrow().text()).matches("[0-9A-F]{4}");
        assertThat(content.child("AlertDescription").orElseThrow().text()).isNotEmpty();
        assertThat(content.child("Timestamp").orElseThrow().text()).endsWith("Z");
    }
}
