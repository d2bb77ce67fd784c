package org.postern.faultsimulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of what goes wrong is what the simulation does: no kind without its row, and no row without its kind. */
class FaultTableTest {

    private static final String BEGIN = "| kind | what happens |\n|---|---|\n";
    private static final String OF_THE_DCC = "| the DCC's own |";

    private static List<String> rows() throws IOException {
        String page = Files.readString(Path.of("../docs/fault-simulation.md"));
        assertThat(page).contains(BEGIN);
        return page.substring(page.indexOf(BEGIN) + BEGIN.length())
                .lines()
                .takeWhile(line -> line.startsWith("|"))
                .toList();
    }

    @Test
    void eachKindHasItsRow() throws IOException {
        assertThat(rows().stream().filter(row -> !row.startsWith(OF_THE_DCC)))
                .containsExactlyElementsOf(Stream.of(Faults.Kind.values())
                        .map(kind -> "| " + kind.words() + " | " + kind.happens() + " |")
                        .toList());
    }

    @Test
    void theRowOfTheDccsOwnHasThoseThatItIsTold() throws IOException {
        String row = rows().stream().filter(line -> line.startsWith(OF_THE_DCC)).collect(Collectors.joining());
        assertThat(Pattern.compile("`([^`]+)`")
                        .matcher(row)
                        .results()
                        .map(found -> found.group(1))
                        .toList())
                .containsExactlyInAnyOrderElementsOf(new TreeSet<>(Operators.DCC_FAULTS.stream()
                        .map(line -> line.split(" ")[0])
                        .toList()));
    }
}
