package org.postern.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class TableTest {

    private static Table read(String text) {
        return Table.read("t.tsv", new StringReader(text), "a", "b");
    }

    private static Table.Row row(String cell) {
        return read("a\tb\nx\t" + cell + "\n").rows().get(0);
    }

    private static void refused(String field, Runnable reading) {
        assertThatThrownBy(reading::run).isInstanceOfSatisfying(PosternException.class, e -> {
            assertThat(e.fault().code()).isEqualTo("PST-1004");
            assertThat(e.fault().field()).isEqualTo(field);
            assertThat(e.fault().rule()).isNotBlank();
        });
    }

    private static void refusedCell(String cell, Consumer<Table.Row> reading) {
        refused("t.tsv:2 b", () -> reading.accept(row(cell)));
    }

    @Test
    void commentsAndBlankLinesAreIgnored() {
        List<Table.Row> rows =
                read("# of what\n\na\tb\n  \n1\t2\n# more\n3\t 4 \n").rows();
        assertThat(rows).extracting(Table.Row::line).containsExactly(5, 7);
        assertThat(rows.get(1).text("b")).isEqualTo("4");
    }

    @Test
    void everyFaultStatesFileLineAndColumn() {
        refused("t.tsv:1 heading", () -> read("a\tc\n1\t2\n"));
        refused("t.tsv:2 heading", () -> read("# of what\n1\t2\n"));
        refused("t.tsv:1 heading", () -> read("# of what\n"));
        refused("t.tsv:4 row", () -> read("# remark\na\tb\n1\t2\n3\n"));
        refused("t.tsv:2 row", () -> read("a\tb\n1\t2\t3\n"));
        refused("missing.tsv", () -> Table.resource(TableTest.class, "missing.tsv", "a"));
        refused("t.tsv:3 a", () -> read("a\tb\nx\t1\nx\t2\n").byKey("a", r -> r.text("a"), r -> r.text("b")));
    }

    @Test
    void aCellIsParsedAccordingToItsColumn() {
        assertThat(row("word").text("b")).isEqualTo("word");
        assertThat(row("").textOrEmpty("b")).isEmpty();
        assertThat(row("-").text("b")).isEqualTo("-");
        assertThat(row("").optional("b")).isEmpty();
        assertThat(row("-").optional("b")).isEmpty();
        assertThat(row("7").optional("b")).contains("7");
        assertThat(row("yes").yes("b")).isTrue();
        assertThat(row("no").yes("b")).isFalse();
        assertThat(row("1,2").list("b")).containsExactly("1", "2");
        assertThat(row("-").list("b")).isEmpty();
        assertThat(row("").list("b")).isEmpty();
        assertThat(row("a|b,c").list("b", "|")).containsExactly("a", "b,c");
        assertThat(row("12").number("b", 0, 12)).isEqualTo(12);
        assertThat(row("00FE").hex("b", 4)).isEqualTo(0xFE);
        assertThat(row("00FE,0100").hexList("b", 4)).containsExactly(0xFE, 0x100);
        assertThat(row("IS").constant("b", UserRole.class)).isEqualTo(UserRole.IS);
        assertThat(row("IS,GS").constants("b", UserRole.class)).containsExactly(UserRole.IS, UserRole.GS);
        assertThat((long) row("5").parsed("b", "a number", Long::valueOf)).isEqualTo(5);
        assertThat(row("E7").matching("b", Pattern.compile("E\\d"))).isEqualTo("E7");
        assertThat(read("a\tb\nx\t1\ny\t2\n").byKey("a", r -> r.text("a"), r -> r.text("b")))
                .isEqualTo(Map.of("x", "1", "y", "2"));
    }

    @Test
    void aCellThatDoesNotMatchItsColumnIsRefused() {
        refusedCell("", r -> r.text("b"));
        refusedCell("maybe", r -> r.yes("b"));
        refusedCell("", r -> r.yes("b"));
        refusedCell("1,,2", r -> r.list("b"));
        refusedCell("13", r -> r.number("b", 0, 12));
        refusedCell("-1", r -> r.number("b", 0, 12));
        refusedCell("1.0", r -> r.number("b", 0, 12));
        refusedCell("1000000000", r -> r.number("b", 0, 12));
        refusedCell("\u0661", r -> r.number("b", 0, 12));
        refusedCell("", r -> r.number("b", 0, 12));
        refusedCell("FE", r -> r.hex("b", 4));
        refusedCell("00fe", r -> r.hex("b", 4));
        refusedCell("00GE", r -> r.hex("b", 4));
        refusedCell("00FE,1", r -> r.hexList("b", 4));
        refusedCell("XX", r -> r.constant("b", UserRole.class));
        refusedCell("IS,XX", r -> r.constants("b", UserRole.class));
        refusedCell("five", r -> r.parsed("b", "a number", Long::valueOf));
        refusedCell("00", r -> r.parsed("b", "an EUI-64", Eui64::parse));
        refusedCell("7E", r -> r.matching("b", Pattern.compile("E\\d")));
        refusedCell("x", r -> r.require("b", false, "never"));
        assertThatThrownBy(() -> row("1").text("c")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aFileOfAnOperatorMayHaveNoHeading() {
        assertThat(Table.readRows("t.tsv", new StringReader("1\t2\n"), "a", "b").rows())
                .hasSize(1);
        assertThat(Table.readRows("t.tsv", new StringReader("a\tb\n1\t2\n"), "a", "b")
                        .rows())
                .hasSize(1);
        refused("t.tsv:2 row", () -> Table.readRows("t.tsv", new StringReader("1\t2\n3\n"), "a", "b"));
    }
}
