package org.postern.duis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.UserRole;
import org.postern.testkit.Rtds;

class RequestRulesTest {

    private static final Eui64 USER = Eui64.parse("90-B3-D5-1F-30-01-00-00");
    private static final Eui64 ACB = Eui64.parse("90-B3-D5-1F-30-00-00-02");

    private final ServiceCatalogue catalogue = new ServiceCatalogue();
    private final RequestRules rules = new RequestRules(catalogue);
    private final JsonRequests json = new JsonRequests(catalogue, DuisLimits.DEFAULT);
    private final DuisReader reader = new DuisReader(DuisLimits.DEFAULT);

    @Test
    void everyReferenceRequestMeetsTheRulesAndIsSchemaValidWhenSigned() throws Exception {
        SchemaValidator schema = SchemaValidator.of(Rtds.required().duisSchema().getParent());
        assertThat(schema.installed()).isTrue();
        DuisSigner signer = Signatory.named("user", 5).signer();
        for (Path file : Rtds.required().requests()) {
            DuisRequest request = reader.readRequest(Files.readAllBytes(file));
            assertThat(rules.check(request).variant())
                    .as(file.getFileName().toString())
                    .isEqualTo(request.serviceReferenceVariant());
            schema.validate(signer.sign(DuisWriter.write(request)));
        }
    }

    @Test
    void aSignedPreCommandMeetsRulesAndSchema() {
        DuisRequest signed = new DuisRequest(
                        new RequestId(USER, ACB, 1), CommandVariant.CV4, "7.1", "7.1", DuisElement.of("EnableSupply"))
                .signedPreCommand(CommandVariant.CV5, new byte[] {1});
        assertThat(rules.check(signed).variant()).isEqualTo("7.1");
        SchemaValidator.of(Rtds.required().duisSchema().getParent())
                .validate(DuisWriter.write(signed).toArray());
    }

    // the JSON form does not preserve the order of elements; the table restores it
    @Test
    void everyReferenceRequestIsRestoredFromItsJsonFormWithNamesInAnyOrder() throws Exception {
        int read = 0;
        for (Path file : Rtds.required().requests()) {
            DuisRequest request = reader.readRequest(Files.readAllBytes(file));
            boolean nonDevice =
                    catalogue.require(request.serviceReferenceVariant()).nonDevice();
            String text = "{\"role\":\"IS\",\"body\":" + backwards(request.body()) + ",\"service\":\""
                    + request.serviceReferenceVariant()
                    + (nonDevice ? "" : "\",\"device\":\"" + request.requestId().target()) + "\"}";
            RequestForm form = json.read(text.getBytes(StandardCharsets.UTF_8));
            DuisRequest made = form.toRequest(
                    request.requestId().originator(),
                    request.requestId().target(),
                    request.requestId().counter());
            assertThat(made).as(file.getFileName().toString()).isEqualTo(request);
            read++;
        }
        assertThat(read).isGreaterThan(200);
    }

    private static String backwards(DuisElement element) {
        if (element.children().isEmpty()
                && element.attributes().isEmpty()
                && !element.text().isEmpty()) {
            return quoted(element.text());
        }
        Map<String, List<String>> members = new LinkedHashMap<>();
        for (DuisElement child : element.children()) {
            members.computeIfAbsent(child.name(), n -> new ArrayList<>()).add(backwards(child));
        }
        List<String> parts = new ArrayList<>();
        members.forEach(
                (name, values) -> parts.add(0, quoted(name) + ":" + (values.size() == 1 ? values.get(0) : values)));
        element.attributes().forEach((name, value) -> parts.add(0, quoted("@" + name) + ":" + quoted(value)));
        if (!element.text().isEmpty()) {
            parts.add(quoted("$") + ":" + quoted(element.text()));
        }
        return "{" + String.join(",", parts) + "}";
    }

    private static String quoted(String text) {
        return '"'
                + text.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("\n", "\\n")
                        .replace("\t", "\\t")
                + '"';
    }

    @Test
    void aBodyOfAnotherServiceAMissingOrASurplusElementIsRefusedByName() {
        assertRefused("PST-1017", "Body/DisableSupply", request("7.1", "7.1", 4, DuisElement.of("DisableSupply")));
        assertRefused("PST-1018", "Header/ServiceReference", request("7.2", "7.1", 4, DuisElement.of("EnableSupply")));
        assertRefused("PST-1018", "Header/CommandVariant", request("7.1", "7.1", 1, DuisElement.of("EnableSupply")));
        assertRefused(
                "PST-1003", "Header/ServiceReferenceVariant", request("9.9", "9.9", 1, DuisElement.of("EnableSupply")));
        assertRefused(
                "PST-1017",
                "Body/EnableSupply/Extra",
                request("7.1", "7.1", 4, DuisElement.of("EnableSupply", DuisElement.of("Extra"))));
        assertRefused("PST-1016", "Body/TopUpDevice/UTRN", request("2.2", "2.2", 1, DuisElement.of("TopUpDevice")));
        assertRefused(
                "PST-1017",
                "Body/TopUpDevice/UTRN",
                request(
                        "2.2",
                        "2.2",
                        1,
                        DuisElement.of("TopUpDevice", DuisElement.leaf("UTRN", "1"), DuisElement.leaf("UTRN", "1"))));
        assertRefused(
                "PST-1018",
                "Body/ReadInstantaneousImportRegisters/ExecutionDateTime",
                request(
                        "4.1",
                        "4.1.1",
                        1,
                        DuisElement.of(
                                "ReadInstantaneousImportRegisters", DuisElement.leaf("ExecutionDateTime", "soon"))));
    }

    private static DuisRequest request(String reference, String variant, int number, DuisElement body) {
        return new DuisRequest(new RequestId(USER, ACB, 1), CommandVariant.of(number), reference, variant, body);
    }

    private void assertRefused(String code, String field, DuisRequest request) {
        assertThatThrownBy(() -> rules.check(request)).isInstanceOfSatisfying(PosternException.class, e -> {
            assertThat(e.fault().code()).isEqualTo(code);
            assertThat(e.fault().field()).isEqualTo(field);
        });
    }

    @Test
    void aMinimalJsonRequestIsAccepted() {
        RequestForm form = read("{\"service\":\"7.1\",\"device\":\"00-DB-12-34-56-78-90-A0\",\"role\":\"IS\"}");
        assertThat(form.variant()).isEqualTo(CommandVariant.CV4);
        assertThat(form.role()).isEqualTo(UserRole.IS);
        assertThat(form.toRequest(USER, ACB, 7).requestId())
                .hasToString("90-B3-D5-1F-30-01-00-00:00-DB-12-34-56-78-90-A0:7");
        assertThat(read("{\"service\":\"12.1\",\"role\":\"IS\",\"body\":{\"UPRN\":100}}")
                        .toRequest(USER, ACB, 7)
                        .requestId()
                        .target())
                .isEqualTo(ACB);
    }

    @Test
    void numbersKeepTheirWrittenForm() {
        RequestForm form =
                read("{\"service\":\"2.2\",\"device\":\"00DB1234567890A0\",\"role\":\"IS\",\"body\":{\"UTRN\":1.50}}");
        assertThat(form.body().value("UTRN")).isEqualTo("1.50");
    }

    @Test
    void malformedJsonIsRefusedWithAFault() {
        String good = "\"service\":\"7.1\",\"device\":\"00-DB-12-34-56-78-90-A0\",\"role\":\"IS\"";
        assertJson("PST-1040", "");
        assertJson("PST-1040", "[]");
        assertJson("PST-1040", "{" + good);
        assertJson("PST-1040", "{" + good + "}{}");
        assertJson("PST-1040", "{" + good + ",\"role\":\"IS\"}");
        assertJson("PST-1040", "[".repeat(100_000));
        assertJson("PST-1041", "{" + good + ",\"extra\":1}");
        assertJson("PST-1041", "{" + good + ",\"body\":[]}");
        assertJson("PST-1041", "{" + good + ",\"body\":null}");
        assertJson("PST-1041", "{" + good + ",\"commandVariant\":5}");
        assertJson("PST-1041", "{" + good.replace("\"IS\"", "\"XX\"") + "}");
        assertJson("PST-1041", "{" + good.replace("00-DB", "0-DB") + "}");
        assertJson("PST-1041", "{\"service\":\"7.1\",\"role\":\"IS\"}");
        assertJson("PST-1041", "{\"service\":\"8.2\",\"device\":\"00-DB-12-34-56-78-90-A0\",\"role\":\"IS\"}");
        assertJson("PST-1003", "{" + good.replace("\"7.1\"", "\"6.19\"") + "}");
        assertJson("PST-1017", "{" + good + ",\"body\":{\"Other\":1}}");
        assertJson("PST-1011", "{" + good + ",\"body\":{\"a\":[" + "1,".repeat(300_000) + "1]}}");
    }

    /** A refusal states for the developer of the sending system the member, the rule and what was found. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {'service':'7.1','service':'7.1'}                             | PST-1040 | document       | well-formed JSON         | at line 1, column
            {'device':'METER','role':'IS'}                                | PST-1041 | service        | 4.1.1                    | the member is missing
            {'service':'7.1','role':'IS'}                                 | PST-1041 | device         | EUI-64                   | the member is missing
            {'service':'7.1','device':'METER'}                            | PST-1041 | role           | IS                       | the member is missing
            {'service':'7.1','device':'METER','role':'is'}                | PST-1041 | role           | IS                       | another text
            {'service':'7.1','device':'METER','role':['IS']}              | PST-1041 | role           | a text                   | an array
            {'service':'7.1','device':'METER','role':'IS','body':[]}      | PST-1041 | body           | an object                | an array
            {'service':'7.1','device':'METER','role':'IS','body':null}    | PST-1041 | body           | a value                  | null
            {'service':'7.1','device':'METER','role':'IS','extra':1}      | PST-1041 | extra          | service, device, role    | unknown name
            {'service':'7.1','device':'METER','role':'IS','tpUp':1}       | PST-1041 | tpUp           | for a top-up service, device, role, topUp| unknown name
            {'service':'7.1','device':'METER','role':'IS','commandVariant':5} | PST-1041 | commandVariant | CV4                  | another number
            {'service':'7.1','device':'METER','role':'IS','delivery':'x'} | PST-1041 | delivery       | wan, local or both       | another text
            {'service':'8.2','device':'METER','role':'IS'}                | PST-1041 | device         | none for service 8.2     | a value is present
            {'service':'4.1','device':'METER','role':'IS'}                | PST-1003 | service        | such as 4.1.1            | 4.1 is not one; the variants of that service are 4.1.1, 4.1.2
            {'service':'4.1.9','device':'METER','role':'IS'}              | PST-1003 | service        | such as 4.1.1            | 4.1.9 is not one; the variants of that service are 4.1.1, 4.1.2
            {'service':'99.1','device':'METER','role':'IS'}               | PST-1003 | service        | such as 4.1.1            | 99.1 is not one
            {'service':'read it','device':'METER','role':'IS'}            | PST-1003 | service        | such as 4.1.1            | the given text is not one
            """)
    void aRefusedMemberIsNamedWithItsRuleAndWhatWasFound(
            String json, String code, String field, String rule, String found) {
        String text = json.replace('\'', '"').replace("METER", "00-DB-12-34-56-78-90-A0");
        assertThatThrownBy(() -> read(text)).isInstanceOfSatisfying(PosternException.class, e -> {
            assertThat(e.fault().code()).isEqualTo(code);
            assertThat(e.fault().field()).isEqualTo(field);
            assertThat(e.fault().rule()).contains(rule);
            assertThat(e.fault().cause()).contains(found);
            assertThat(e.fault().action()).isNotBlank().isNotEqualTo("correct the request");
        });
    }

    @Test
    void aSchemaErrorNamesElementAndRuleButNotTheValue() {
        SchemaValidator schema = SchemaValidator.of(Rtds.required().duisSchema().getParent());
        DuisRequest bad =
                request("2.2", "2.2", 1, DuisElement.of("TopUpDevice", DuisElement.leaf("UTRN", "secret-value")));
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> schema.validate(DuisWriter.write(bad).toArray()))
                    .isInstanceOfSatisfying(DuisException.class, e -> {
                        assertThat(e.fault().code()).isEqualTo("PST-1030");
                        assertThat(e.fault().field()).isEqualTo("UTRN");
                        assertThat(e.toString()).doesNotContain("secret-value");
                    });
        }
        assertThatThrownBy(() -> schema.validate("<a/>".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(DuisException.class);
        assertThatThrownBy(() -> schema.validate("<a".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(DuisException.class);
    }

    @Test
    void withoutASchemaEverythingIsAcceptedAndADefectiveSchemaIsRefused(@TempDir Path folder) throws Exception {
        SchemaValidator none = SchemaValidator.of(folder.resolve("absent"));
        assertThat(none.installed()).isFalse();
        none.validate(new byte[0]);
        assertThat(SchemaValidator.of(folder).installed()).isFalse();
        Files.writeString(folder.resolve("DUIS Schema V9.xsd"), "<not-a-schema/>");
        assertThatThrownBy(() -> SchemaValidator.of(folder))
                .isInstanceOfSatisfying(
                        DuisException.class, e -> assertThat(e.fault().code()).isEqualTo("PST-1031"));
    }

    private RequestForm read(String text) {
        return json.read(text.getBytes(StandardCharsets.UTF_8));
    }

    private void assertJson(String code, String text) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOfSatisfying(
                        PosternException.class,
                        e -> assertThat(e.fault().code()).isEqualTo(code));
    }
}
