package org.postern.parsecorrelate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postern.gbcs.Authentication;
import org.postern.gbcs.MessageKind;
import org.postern.gbcs.Verdict;

/** Reads every reference message once and checks the counts. Also writes the results for "pac coverage". */
class CorpusTest {

    private static final Map<String, ParsedMessage> READ = new LinkedHashMap<>();
    private static final Map<String, String> SCHEMA_REFUSALS = new LinkedHashMap<>();

    @BeforeAll
    static void readAll() throws Exception {
        Corpus corpus = new Corpus();
        for (Path file : corpus.messages()) {
            String name = file.getFileName().toString();
            ParsedMessage parsed = corpus.parse(file);
            READ.put(name, parsed);
            parsed.mmc().flatMap(corpus::refusal).ifPresent(r -> SCHEMA_REFUSALS.put(name, r));
        }
        record();
    }

    private static void record() throws IOException {
        String target = System.getProperty("postern.coverage");
        if (target == null) {
            return;
        }
        Map<String, int[]> counts = new TreeMap<>();
        READ.forEach((name, p) -> p.message().ifPresent(m -> {
            int[] c = counts.computeIfAbsent(m.header().messageCodeHex(), k -> new int[3]);
            c[0]++;
            c[1] += new Authentication(p.mac(), p.signature()).proven() ? 1 : 0;
            c[2] += p.mmc().isPresent() && !SCHEMA_REFUSALS.containsKey(name) ? 1 : 0;
        }));
        StringBuilder lines = new StringBuilder("code\tdecoded\tauthenticated\tmapped\n");
        counts.forEach((code, c) -> lines.append(code)
                .append('\t')
                .append(c[0])
                .append('\t')
                .append(c[1])
                .append('\t')
                .append(c[2])
                .append('\n'));
        Files.createDirectories(Path.of(target).getParent());
        Files.writeString(Path.of(target), lines);
    }

    private static List<ParsedMessage> of(MessageKind kind) {
        return READ.values().stream()
                .filter(p -> p.message().map(m -> m.kind() == kind).orElse(false))
                .toList();
    }

    @Test
    void all_859_messages_are_decoded_and_none_is_refused() {
        assertThat(READ).hasSize(859);
        assertThat(READ.entrySet().stream()
                        .filter(e -> !e.getValue().ok())
                        .map(e -> e.getKey() + ": " + e.getValue().reason()))
                .isEmpty();
        assertThat(of(MessageKind.PRECOMMAND)).hasSize(120);
        assertThat(of(MessageKind.COMMAND)).hasSize(336);
        assertThat(of(MessageKind.RESPONSE)).hasSize(338);
        assertThat(of(MessageKind.ALERT)).hasSize(65);
    }

    @Test
    void only_device_to_device_macs_stay_unchecked() {
        assertThat(READ.entrySet().stream()
                        .filter(e -> e.getValue().mac().verdict() == Verdict.UNCHECKED)
                        .map(Map.Entry::getKey))
                .hasSize(4)
                .allMatch(name -> name.startsWith("PCS01") || name.startsWith("PCS02"));
        assertThat(READ.values()).noneMatch(p -> p.signature().verdict() == Verdict.UNCHECKED);
    }

    @Test
    void all_36_encrypted_parts_are_decrypted() {
        assertThat(READ.values().stream()
                        .flatMap(p -> p.decrypted().stream())
                        .mapToInt(d -> d.parts().size())
                        .sum())
                .isEqualTo(36);
        assertThat(READ.values().stream().filter(p -> p.hasEncryptedParts() != p.allDecrypted()))
                .isEmpty();
    }

    @Test
    void the_official_schema_accepts_every_mmc_document() {
        assertThat(SCHEMA_REFUSALS).isEmpty();
        assertThat(of(MessageKind.RESPONSE).stream().filter(p -> p.mmc().isPresent()))
                .hasSize(327);
        assertThat(of(MessageKind.ALERT)).hasSize(65).allMatch(p -> p.mmc().isPresent());
    }

    @Test
    void every_alert_has_its_content() {
        assertThat(of(MessageKind.ALERT))
                .hasSize(65)
                .allMatch(p -> p.mmc()
                        .get()
                        .root()
                        .find("Body/DeviceAlertMessage/DeviceAlertContent")
                        .isPresent());
    }

    /** The only responses without MMC: those between two devices, and those to parties of the DCC. */
    @Test
    void responses_without_mmc_answer_no_service_request_and_say_so() {
        Map<String, String> reasons = READ.entrySet().stream()
                .filter(e -> e.getValue().message().get().kind() == MessageKind.RESPONSE
                        && e.getValue().mmc().isEmpty())
                .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().reason()));
        assertThat(reasons).hasSize(11);
        assertThat(reasons.keySet()).allMatch(name -> name.contains("_NA_"), "no service reference in its name");
        reasons.forEach((name, reason) -> assertThat(reason)
                .as(name)
                .contains(name.startsWith("PCS") ? "device-to-device" : "sent by the DCC only"));
        // the bytes of this one have the form of the answer to 6.24.1: a MAC, addressed to the Access Control Broker
        assertThat(READ.keySet().stream()
                        .filter(n -> n.contains("_RESPONSE_") && n.contains("_NA_") && !reasons.containsKey(n)))
                .containsExactly("CS02aSignature_NA_SUCCESS_RESPONSE_GBCS.HEX");
    }

    @Test
    void service_6_14_3_has_header_and_debug_information_only() {
        List<ParsedMessage> all = of(MessageKind.RESPONSE).stream()
                .filter(p -> p.services().contains("6.14.3"))
                .toList();
        assertThat(all).hasSize(5).allSatisfy(p -> {
            assertThat(p.reason()).contains("no response element for service 6.14.3");
            assertThat(p.mmc().get().root().find("Body/ResponseMessage/SMETSData"))
                    .isEmpty();
            assertThat(p.mmc().get().root().find("Body/ResponseMessage/DebugInfo/COSEMDebug"))
                    .isPresent();
        });
    }

    /** The names of the reference files state the outcome of each. */
    @Test
    void message_success_is_the_outcome_in_the_name_of_the_file() {
        READ.forEach((name, p) -> {
            if (p.mmc().isPresent() && name.contains("_RESPONSE_")) {
                // the outcome of a future-dated command is reported later, by an alert
                boolean error =
                        name.contains("_ERROR_") && !(name.contains("FUTURE_DATED_ERROR") && acceptedForLater(p));
                assertThat(p.success()).as(name).isEqualTo(Optional.of(!error));
            }
        });
    }

    /** An ASN.1 acknowledgement: only NULL. */
    private static boolean acceptedForLater(ParsedMessage p) {
        return p.items().isEmpty();
    }

    @Test
    void clock_status_is_reported_if_and_only_if_the_header_specifies_it() {
        Map<String, Long> byStatus = READ.values().stream()
                .flatMap(p -> p.mmc().stream())
                .flatMap(d -> d.root().find("Header/Timestamp").stream())
                .collect(Collectors.groupingBy(t -> t.attributes().toString(), TreeMap::new, Collectors.counting()));
        assertThat(byStatus.keySet())
                .containsExactlyInAnyOrder(
                        "{}",
                        "{ClockStatus=reliable}",
                        "{ClockStatus=unreliable}",
                        "{isFromGSME=true, ClockStatus=reliable}");
    }

    @Test
    void every_row_of_the_mapping_applies_to_these_messages() {
        assertThat(READ.entrySet().stream()
                        .flatMap(e -> e.getValue().remarks().stream()
                                .filter(r -> r.contains("left out"))
                                .map(r -> e.getKey() + ": " + r)))
                .containsExactlyInAnyOrder(
                        "GCS13a_4.1.1_ERROR_RESPONSE_GBCS.HEX: a value without its multiplier or divisor is left out",
                        "GCS13c_4.1.2_ERROR_RESPONSE_GBCS.HEX: a value without its multiplier or divisor is left out",
                        "CS02gLoadControllerByLoadController_NA_8F66_FUTURE_DATED_SUCCESS_ALERT_GBCS.HEX: "
                                + "CredentialsReplacementMode left out: no word for 10 in the table replacement-mode");
    }
}
