package org.postern.parsecorrelate.internal.mmc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.postern.parsecorrelate.TablesPage;

/** docs/tables.md has every word, conversion and condition of the mapping, and no other. */
class MappingPageTest {

    @Test
    void theConversionsOfThePageAreThoseOfTheMapping() throws IOException {
        Map<String, String> known = new TreeMap<>();
        Conversions.names().forEach(name -> known.put(name, Conversions.form(name)));

        assertThat(TablesPage.rows("conversion")).isEqualTo(known);
    }

    @Test
    void theConditionsOfThePageAreThoseOfTheMapping() throws IOException {
        Map<String, String> known = new TreeMap<>();
        Conditions.names().forEach(name -> known.put(name, Conditions.form(name)));

        assertThat(TablesPage.rows("condition")).isEqualTo(known);
    }

    /** The rows of the example are those of the tables, so that the example stays correct. */
    @Test
    void theRowsOfTheExampleAreThoseOfTheTables() throws IOException {
        Set<String> rows = new HashSet<>();
        for (String table : List.of(
                "/org/postern/catalogue/services.tsv",
                "/org/postern/duis/internal/request-bodies.tsv",
                "/org/postern/gbcs/use-cases.tsv",
                "/org/postern/gbcs/dlms-items.tsv",
                "/org/postern/parsecorrelate/internal/transform/electricity-other.rules",
                "/org/postern/parsecorrelate/mmc/services.tsv",
                "/org/postern/parsecorrelate/mmc/electricity.map",
                "/org/postern/parsecorrelate/mmc/scales.tsv")) {
            try (InputStream in = MappingPageTest.class.getResourceAsStream(table)) {
                new String(in.readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .forEach(line -> rows.add(line.stripTrailing()));
            }
        }
        List<String> example = TablesPage.example("## Add a use case");
        assertThat(example).hasSizeGreaterThan(15);
        assertThat(rows).containsAll(example);
    }

    @Test
    void theKindsAndTheWordsOfThePageAreThoseOfTheMapping() throws IOException {
        assertThat(TablesPage.rows("kind").keySet()).isEqualTo(Arguments.KINDS.keySet());
        assertThat(TablesPage.rows("row").keySet()).containsExactlyInAnyOrderElementsOf(MappingReader.WORDS);
    }
}
