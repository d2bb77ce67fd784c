package org.postern.servicerequests.internal.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.postern.duis.DuisElement;

class JsonTest {

    @Test
    void everyKindOfValueIsWrittenAndTextIsEscaped() {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("text", "a\"b\\c\n");
        value.put("list", List.of(1, true));
        value.put("none", null);
        value.put("empty", Map.of());
        value.put("nothing", List.of());
        assertThat(Json.write(value))
                .isEqualTo("{\"text\":\"a\\\"b\\\\c\\u000a\",\"list\":[1,true],\"none\":null,\"empty\":{},"
                        + "\"nothing\":[]}");
    }

    @Test
    void elementsOfOneNameBecomeAnArray() {
        DuisElement tree = DuisElement.of(
                "A",
                DuisElement.leaf("b", "1"),
                DuisElement.leaf("c", "x"),
                DuisElement.leaf("b", "2"),
                DuisElement.leaf("b", "3"));
        assertThat(Json.write(Json.tree(tree))).isEqualTo("{\"b\":[\"1\",\"2\",\"3\"],\"c\":\"x\"}");
    }
}
