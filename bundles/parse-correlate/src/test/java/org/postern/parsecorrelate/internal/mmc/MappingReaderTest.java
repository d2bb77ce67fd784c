package org.postern.parsecorrelate.internal.mmc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.catalogue.PosternException;
import org.postern.gbcs.UseCaseTable;

/** The notation of the mapping to MMC. */
class MappingReaderTest {

    private static final Tables TABLES = Tables.load();
    private static final UseCaseTable USE_CASES = UseCaseTable.load();

    private static Mapping read(String... lines) {
        MappingReader reader = new MappingReader(TABLES, USE_CASES);
        reader.read("test.map", List.of(lines));
        return reader.mapping();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "A = 0 reading ; the arguments reserved:set [min:number max:number]",
                "A = 0 reading energy 1 ; the arguments reserved:set [min:number max:number]",
                "A = 0 reading energy 1 2 3 ; the arguments reserved:set [min:number max:number]",
                "A = 0 reading nothing ; set wanted, not nothing",
                "A = 0 reading energy one 2 ; number wanted, not one",
                "A = 0 boolean 1 ; no arguments",
                "A = 0 enum nothing ; table wanted, not nothing",
                "A = 0 enum-part unit 0 0xZZ ; bits wanted, not 0xZZ",
                "A = 0 octets -1 2 ; count wanted, not -1",
                "A = 0 metered ~0702/0301 ^.. zcl-u48 ; path wanted, not ^..",
                "A = 0 attributes Price 5 zcl-u32 ; the arguments element:name",
                "A = 0 attributes Price 5 zcl-u32 0700 ; attribute wanted, not 0700",
                "A = 0 credit-list all ; mode|disabled|emergency wanted, not all",
                "A = 0 nothing ; a known conversion",
                "A = ..0 number ; a path of the source",
                "when 0 nothing ; a known condition",
                "when 0 is ; the arguments value:range...",
                "when 0 is 1..x ; range wanted, not 1..x",
                "when 0 exists 1 ; no arguments",
                "when 0 any nothing ; table wanted, not nothing",
                "A each:0 0 ; a row is an element",
                "A = 0 ; a row is an element"
            })
    void aWrongRowIsRefusedWithItsLineWhenItIsRead(String row, String rule) {
        assertThatThrownBy(() -> read("# remark", "use ECS17b", "  " + row))
                .isInstanceOfSatisfying(PosternException.class, e -> {
                    assertThat(e.fault().code()).isEqualTo("PST-4001");
                    assertThat(e.fault().field()).isEqualTo("test.map:3");
                    assertThat(e.fault().rule()).startsWith(rule);
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "use NOTHING ; a name or variant of use-cases.tsv that has responses of one code",
                "use CS02b ; a name or variant of use-cases.tsv that has responses of one code",
                "alert ECS17b ; a name or variant of use-cases.tsv that has alerts of one code",
                "alert ECS68 6.11 ; use NAME",
                "use ECS47 7.8 ; a service of the use case, ? and a condition",
                "use ECS47 7.1?mac ; a service of the use case, ? and a condition",
                "use ECS47 7.8?red ; a service of the use case, ? and a condition",
                "fragment ; use NAME"
            })
    void aWrongHeadIsRefusedToo(String head, String rule) {
        assertThatThrownBy(() -> read(head)).isInstanceOfSatisfying(PosternException.class, e -> {
            assertThat(e.fault().field()).isEqualTo("test.map:1");
            assertThat(e.fault().rule()).startsWith(rule);
        });
    }

    @Test
    void fragmentsAreDefinedExactlyOnce() {
        assertThatThrownBy(() -> read("use ECS17b", "  . use nothing")).hasMessageContaining("test.map:2");
        assertThatThrownBy(() -> read("fragment a", "fragment a")).hasMessageContaining("test.map:2");
    }

    /**
     * The catalogue has the relation of services and use cases; a mapping only adds how their responses are
     * distinguished.
     */
    @Test
    void theServicesOfAResponseAreThoseOfTheCatalogue() {
        assertThat(read("use ECS47 7.8?items=1").uses().get(0x0055).services())
                .extracting(service -> service.variant() + "?" + service.condition())
                .containsExactly("7.8?items=1", "7.5?", "7.6?");
        assertThat(read("use ECS17b").uses().get(0x0027).services())
                .extracting(Mapping.Service::variant)
                .containsExactly("4.1.1");
    }
}
