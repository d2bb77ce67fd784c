package org.postern.parsecorrelate.internal.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.gbcs.UseCaseTable;
import org.postern.parsecorrelate.TablesPage;

/** docs/tables.md has every word and every function of the rules, and no other. */
class RulesPageTest {

    @Test
    void theFunctionsOfThePageAreThoseOfTheRules() throws IOException {
        Map<String, String> known = new TreeMap<>();
        Functions.names().forEach(name -> known.put(name, Functions.named(name).form()));

        assertThat(TablesPage.rows("function", "function of dates", "DLMS piece", "ZCL piece", "DER piece"))
                .isEqualTo(known);
    }

    @Test
    void theWordsOfThePageAreThoseOfTheRules() throws IOException {
        List<String> known = new ArrayList<>(UseCaseParser.DEFINITIONS);
        known.addAll(UseCaseParser.HEAD);
        known.addAll(UseCaseParser.STEPS);

        assertThat(TablesPage.rows("word").keySet()).containsExactlyInAnyOrderElementsOf(known);
    }

    /** Each word is accepted; only what follows it is refused. */
    @Test
    void theParserTakesEachOfItsWords() {
        UseCaseParser.STEPS.forEach(word -> taken(word, "usecase ECS42 { " + word + " ) }"));
        UseCaseParser.HEAD.forEach(word -> taken(word, "usecase ECS42 " + word + " ) { }"));
        UseCaseParser.DEFINITIONS.forEach(word -> taken(word, word + " )"));
    }

    private static void taken(String word, String source) {
        ServiceCatalogue catalogue = new ServiceCatalogue();
        assertThatThrownBy(() -> new UseCaseParser(
                                "test.rules",
                                source,
                                new HashMap<>(),
                                new HashMap<>(),
                                catalogue,
                                UseCaseTable.withoutItems(catalogue))
                        .useCases())
                .satisfies(e -> assertThat(e.getMessage())
                        .doesNotContain("unexpected " + word)
                        .doesNotContain("found " + word));
    }
}
