package org.postern.duis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.ServiceCatalogue;

class TopUpFormTest {

    private static final String METER = "00-DB-12-34-56-78-90-A0";

    private final JsonRequests json = new JsonRequests(new ServiceCatalogue(), DuisLimits.DEFAULT);

    private static byte[] bytes(String text) {
        return text.replace('\'', '"').replace("METER", METER).getBytes(StandardCharsets.UTF_8);
    }

    /** Whether the form is read as a top-up; a refused form is not a top-up. */
    private boolean isTopUp(byte[] text) {
        try {
            return json.read(text, request -> false, topUp -> true);
        } catch (PosternException e) {
            return false;
        }
    }

    @Test
    void theServiceMayBeOmittedAndNumbersAreReadAsWritten() {
        byte[] pence = bytes("{'service':'2.2','device':'METER','role':'IS','topUp':{'pence':1250}}");
        assertThat(isTopUp(pence)).isTrue();
        assertThat(json.readTopUp(pence))
                .isEqualTo(new TopUpForm(Eui64.parse(METER), "IS", Map.entry("pence", "1250")));
        assertThat(json.readTopUp(bytes("{'topUp':{'amount':12.50},'role':'90-B3-D5-1F-30-01-00-00','device':'METER'}"))
                        .amount())
                .isEqualTo(Map.entry("amount", "12.50"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            body            | {'device':'METER','role':'IS','topUp':{'pence':1},'body':{}}
            commandVariant  | {'device':'METER','role':'IS','topUp':{'pence':1},'commandVariant':1}
            service         | {'service':'4.1.1','device':'METER','role':'IS','topUp':{'pence':1}}
            device          | {'role':'IS','topUp':{'pence':1}}
            device          | {'device':'nothing','role':'IS','topUp':{'pence':1}}
            role            | {'device':'METER','topUp':{'pence':1}}
            topUp           | {'device':'METER','role':'IS','topUp':{'pence':1,'pounds':2}}
            topUp           | {'device':'METER','role':'IS','topUp':{}}
            topUp           | {'device':'METER','role':'IS','topUp':1250}
            topUp           | {'device':'METER','role':'IS','topUp':{'euro':1}}
            topUp           | {'device':'METER','role':'IS','topUp':{'pence':[1]}}
            """)
    void aMissingOrUnknownMemberIsNamed(String field, String text) {
        assertThat(isTopUp(bytes(text))).isTrue();
        assertThatThrownBy(() -> json.read(bytes(text), request -> null, Supplier::get))
                .isInstanceOfSatisfying(
                        PosternException.class,
                        e -> assertThat(e.fault().field()).isEqualTo(field));
        assertThatThrownBy(() -> json.readTopUp(bytes(text))).isInstanceOfSatisfying(PosternException.class, e -> {
            assertThat(e.fault().code()).isEqualTo("PST-1041");
            assertThat(e.fault().field()).isEqualTo(field);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'service':'3.2','device':'METER','role':'IS','body':{'x':'topUp'}}",
                "['topUp']",
                "topUp",
                "{'topUp':",
                "<topUp/>",
                "{'body':{'topUp':{'pence':1}}}",
                ""
            })
    void otherDocumentsAreNotTopUps(String text) {
        assertThat(isTopUp(bytes(text))).isFalse();
    }
}
