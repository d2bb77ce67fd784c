package org.postern.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class VocabularyTest {

    private static final RequestId REQUEST =
            RequestId.parse("90-b3-d5-1f-30-01-00-00:00-db-12-34-56-78-90-a0:18446744073709551615");

    @Test
    void theManualListsEveryOutcomeInOrder() throws IOException {
        String manual = Files.readString(Path.of("../../docs/operations.md"));
        String list = manual.substring(manual.indexOf("| `outcome` | meaning |"));
        Matcher rows = Pattern.compile("^\\| `([a-z-]+)` \\| [^|]+ \\|$", Pattern.MULTILINE)
                .matcher(list.substring(0, list.indexOf("\n\n")));
        List<String> listed = rows.results()
                .map(row -> row.group(1))
                .filter(name -> !name.equals("outcome"))
                .toList();
        assertThat(listed)
                .containsExactlyElementsOf(
                        Arrays.stream(Outcome.values()).map(Outcome::text).toList());
    }

    @Test
    void textsAreReadBack() {
        assertThat(Outcome.values())
                .allSatisfy(outcome -> assertThat(Outcome.of(outcome.text())).isEqualTo(outcome));
        assertThat(Channel.values())
                .allSatisfy(channel -> assertThat(Channel.of(channel.text())).isEqualTo(channel));
        assertThat(CorrelationVerdict.values())
                .allSatisfy(v -> assertThat(CorrelationVerdict.of(v.text())).isEqualTo(v));
        assertThatThrownBy(() -> Outcome.of("done")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Channel.of("JMS")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CorrelationVerdict.of("")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aResponseIdIsDerivedFromItsRequestId() {
        assertThat(REQUEST).hasToString("90-B3-D5-1F-30-01-00-00:00-DB-12-34-56-78-90-A0:18446744073709551615");
        assertThat(REQUEST.responseId())
                .hasToString("00-DB-12-34-56-78-90-A0:90-B3-D5-1F-30-01-00-00:18446744073709551615");
        assertThat(REQUEST.responseId().requestId()).isEqualTo(REQUEST);
        assertThatThrownBy(
                        () -> RequestId.parse("90-B3-D5-1F-30-01-00-00:00-DB-12-34-56-78-90-A0:18446744073709551616"))
                .isInstanceOfSatisfying(
                        PosternException.class,
                        e -> assertThat(e.fault().code()).isEqualTo("PST-1019"));
    }

    // the contents of ledgers of earlier versions
    @Test
    void identitiesHaveTheFormatOfExistingLedgers() {
        Instant at = Instant.parse("2026-11-28T10:00:00Z");
        assertThat(InboundIdentity.received(
                        Optional.of(REQUEST.responseId()), at, "ResponseMessage", "I0", Optional.empty()))
                .hasToString(
                        "00-DB-12-34-56-78-90-A0:90-B3-D5-1F-30-01-00-00:18446744073709551615|ResponseMessage|I0|");
        assertThat(InboundIdentity.received(Optional.empty(), at, "DCCAlert", "I0", Optional.of(2)))
                .hasToString("none@2026-11-28T10:00:00Z|DCCAlert|I0|2");
        assertThat(InboundIdentity.exchanged("r1", "ab")).hasToString("exchange:r1:ab");
        assertThat(InboundIdentity.exchanged("r1", "ab").apart("cd")).hasToString("exchange:r1:ab#cd");
        assertThat(InboundIdentity.run(Optional.empty(), "k", "I0", 4711, "d:7"))
                .hasToString("none|k|I0||4711|d:7");
        assertThat(InboundIdentity.alert(Optional.empty(), "k", "I0", "ab")).hasToString("none|k|I0|||ab");
    }
}
