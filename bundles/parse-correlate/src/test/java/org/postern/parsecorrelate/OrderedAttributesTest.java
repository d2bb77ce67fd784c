package org.postern.parsecorrelate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The attributes of an element are a map that keeps the order in which they are written. */
class OrderedAttributesTest {

    @Test
    void attributesKeepTheirOrderAndEqualAnyMapOfThem() {
        Map<String, String> written = new LinkedHashMap<>();
        written.put("sequence", "0");
        written.put("name", "result 1");
        written.put("format", "plain");
        MmcElement element = new MmcElement("GBCSData", written, "", List.of());
        written.put("name", "another");

        assertThat(element.attributes().keySet()).containsExactly("sequence", "name", "format");
        assertThat(element.attributes()).isEqualTo(Map.of("format", "plain", "name", "result 1", "sequence", "0"));
        assertThat(element.attributes().hashCode())
                .isEqualTo(Map.copyOf(element.attributes()).hashCode());
        assertThat(element.attributes().get("type")).isNull();
        assertThat(element.attributes().containsKey("type")).isFalse();
        assertThat(element.attributes().containsKey("format")).isTrue();
    }

    @Test
    void attributesCannotBeChanged() {
        Map<String, String> two = MmcElement.attributes("ResponseCode", "0", "Position", "1");

        assertThat(new MmcElement("COSEMResponse", two, "", List.of()).attributes())
                .containsExactly(Map.entry("ResponseCode", "0"), Map.entry("Position", "1"));
        assertThatThrownBy(() -> two.put("Position", "2")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> two.remove("Position")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> MmcElement.attributes("ResponseCode", "0", "Position", null))
                .isInstanceOf(NullPointerException.class);
    }
}
