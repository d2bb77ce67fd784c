package org.postern.parsecorrelate.internal.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.ServiceRow;
import org.postern.gbcs.UseCaseTable;

/** The rule notation and the rule files. */
class UseCaseParserTest {

    private static final ServiceCatalogue CATALOGUE = new ServiceCatalogue();

    private static List<UseCase> parse(String source) {
        return new UseCaseParser(
                        "test.rules",
                        source,
                        new HashMap<>(),
                        new HashMap<>(),
                        CATALOGUE,
                        UseCaseTable.withoutItems(CATALOGUE))
                .useCases();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "usecase ECS42 { set `1/0-0:1.2.3.4/2` = nosuch(1) } ~ unknown function nosuch",
                "usecase ECS42 { set `1/0-0:1.2.3.400/2` = u8(1) } ~ not an object",
                "usecase ECS42 { set `1/0-0:1.2.3/2` = u8(1) } ~ not an object",
                "usecase ECS42 { set `1/0-0:1.2.3.4/2` u8(1) } ~ expected =",
                "usecase ECS999 { } ~ no command of one message code is named ECS999",
                "usecase CS02b { } ~ no command of one message code is named CS02b",
                "usecase CS02bWPByWP { } ~ no service of the catalogue becomes CS02bWPByWP",
                "usecase CS02aMAC acb { } ~ acb is for commands on behalf of the User; the commander of CS02aMAC is another party",
                "usecase ECS42 signed { } ~ signed is for a non-critical service",
                "usecase CCS01 signed { } ~ signed is for a non-critical service",
                "usecase ECS42 noncritical { } ~ unexpected noncritical",
                "usecase ECS42 { include nothing } ~ no block nothing",
                "usecase ECS42 { der u8(1, 2) } ~ takes 1 to 1 arguments",
                "define f(x) = u8($x) define f(x) = u8($x) ~ defined twice",
                "define f(x) = u8($x) usecase CS06 { der f() } ~ f takes 1 arguments",
                "usecase ECS42 { set `1/0-0:1.2.3.4/2` = 'open } ~ without a closing quote",
                "nonsense ~ expected [define, block, usecase], found nonsense"
            })
    void aMistakeInARuleFileIsRefusedWithItsLineWhenItIsLoaded(String source, String complaint) {
        assertThatThrownBy(() -> parse("\n\n" + source))
                .isInstanceOf(TableError.class)
                .hasMessageContaining(complaint)
                .hasMessageContaining("test.rules:3");
    }

    @Test
    void theFormerKeywordOfTheAcbIsStillRead() {
        String rule = "usecase CCS03 on CHF %s { der oct(<00>) }";
        for (String keyword : List.of("acb", "broker")) {
            assertThat(parse(rule.formatted(keyword)))
                    .as(keyword)
                    .singleElement()
                    .extracting(UseCase::sender)
                    .isEqualTo(UseCase.Sender.ACB_FOR_USER);
        }
    }

    @Test
    void everyServiceThatBecomesACommandHasARuleAndNoOther() {
        TransformTable table = TransformTable.load();
        Set<String> device = new ServiceCatalogue()
                .rows().stream()
                        .filter(row -> !row.nonDevice())
                        .filter(row -> !row.useCases().isEmpty())
                        .map(ServiceRow::variant)
                        .collect(Collectors.toSet());
        assertThat(device)
                .isNotEmpty()
                .allSatisfy(srv -> assertThat(table.names(srv)).as(srv).isNotEmpty());
    }

    @Test
    void everyUseCaseOfTheCatalogueHasARule() {
        TransformTable table = TransformTable.load();
        for (ServiceRow row : new ServiceCatalogue().rows()) {
            if (!row.nonDevice()) {
                assertThat(table.names(row.variant())).as(row.variant()).containsAll(row.useCases());
            }
        }
    }

    /**
     * Evidence contains the rule version. The version must change with each of the files, none of which may be left
     * out, and with the facts that a rule takes from the catalogue and the table of use cases.
     */
    @Test
    void theRuleVersionIsThatOfTheFiles() throws Exception {
        List<String> order = List.of(
                "common.rules",
                "electricity-critical.rules",
                "gas-critical.rules",
                "security-critical.rules",
                "electricity-other.rules",
                "gas-other.rules",
                "hub-other.rules",
                "positions.tsv");
        Path folder = Path.of(TransformTable.class.getResource("common.rules").toURI())
                .getParent();
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString())
                            .filter(name -> name.matches(".*\\.(rules|tsv|txt)")))
                    .containsExactlyInAnyOrderElementsOf(order);
        }
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        TransformTable table = TransformTable.load();
        for (String name : order) {
            if (!name.endsWith(".rules")) {
                table.useCases().forEach(use -> digest.update(use.derived().getBytes(StandardCharsets.UTF_8)));
            }
            digest.update(Files.readAllBytes(folder.resolve(name)));
        }
        assertThat(table.useCases())
                .extracting(UseCase::derived)
                .contains("ECS42 4f DLMS [7.1] USER critical\n", "CCS01 1 DLMS [8.11] ACB_FOR_USER\n");
        assertThat(table.version()).hasSize(16).isEqualTo(HexFormat.of().formatHex(digest.digest(), 0, 8));
    }
}
