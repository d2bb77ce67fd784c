package org.postern.parsecorrelate.internal.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

/** The rule notation and the rule files. */
class UseCaseParserTest {

    private static List<UseCase> parse(String source) {
        return new UseCaseParser("test.rules", source, new HashMap<>(), new HashMap<>()).useCases();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "usecase A 0001 dlms for '1.1' { set `1/0-0:1.2.3.4/2` = nosuch(1) } ~ unknown function nosuch",
                "usecase A 0001 dlms for '1.1' { set `1/0-0:1.2.3.400/2` = u8(1) } ~ not an object",
                "usecase A 0001 dlms for '1.1' { set `1/0-0:1.2.3/2` = u8(1) } ~ not an object",
                "usecase A 0001 dlms for '1.1' { set `1/0-0:1.2.3.4/2` u8(1) } ~ expected =",
                "usecase A 0001 cosem for '1.1' { } ~ expected dlms, gbz or asn1",
                "usecase A XYZ dlms for '1.1' { } ~ expected a message code",
                "usecase A 0001 dlms for '1.1' { include nothing } ~ no block nothing",
                "usecase A 0001 dlms for '1.1' { der u8(1, 2) } ~ takes 1 to 1 arguments",
                "define f(x) = u8($x) define f(x) = u8($x) ~ defined twice",
                "define f(x) = u8($x) usecase A 0001 asn1 for '1.1' { der f() } ~ f takes 1 arguments",
                "usecase A 0001 dlms for '1.1' { set `1/0-0:1.2.3.4/2` = 'open } ~ without a closing quote",
                "nonsense ~ expected define, block or usecase"
            })
    void aMistakeInARuleFileIsFoundWhenItIsLoadedWithItsLine(String source, String complaint) {
        assertThatThrownBy(() -> parse("\n\n" + source))
                .isInstanceOf(TableError.class)
                .hasMessageContaining(complaint)
                .hasMessageContaining("test.rules:3");
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

    /** Evidence names the version of the rules: it has to change with each of the files, and none may be left out. */
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
                "positions.txt");
        Path folder = Path.of(TransformTable.class.getResource("common.rules").toURI())
                .getParent();
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString())
                            .filter(name -> name.matches(".*\\.(rules|txt)")))
                    .containsExactlyInAnyOrderElementsOf(order);
        }
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (String name : order) {
            digest.update(Files.readAllBytes(folder.resolve(name)));
        }
        assertThat(TransformTable.load().version())
                .hasSize(16)
                .isEqualTo(HexFormat.of().formatHex(digest.digest(), 0, 8));
    }
}
