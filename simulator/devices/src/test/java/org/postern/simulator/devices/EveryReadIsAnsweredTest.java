package org.postern.simulator.devices;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.ServiceRow;
import org.postern.gbcs.DlmsData;
import org.postern.gbcs.DlmsPayload;
import org.postern.gbcs.GbzPayload;
import org.postern.gbcs.MessageKind;
import org.postern.gbcs.UseCaseTable;
import org.postern.simulator.pki.SimulatedDevice;

/**
 * Every non-critical service for a device, each device type and kind of meter that it applies to: the answer is proven,
 * decrypted, read with success and nothing left out, and accepted by the official MMC schema.
 */
class EveryReadIsAnsweredTest {

    /** Services of security credentials and of joining, which answer in ASN.1 and have tests of their own. */
    private static final Set<String> CREDENTIALS = Set.of("6.21", "6.23", "8.5", "8.7.2", "8.8.2");

    /** Logs that are empty where the customer pays afterwards. */
    private static final Set<String> PAYMENTS = Set.of("GCS15d", "GCS15e", "ECS20a", "ECS20d");

    private static final int DEFAULT_RESPONSE = 0x0B;
    private static final UseCaseTable USE_CASES = UseCaseTable.load();
    /** One whose customer pays afterwards, one whose customer pays in advance. */
    private static final int TWO_HOMES = 2;

    private record Case(String service, String kind, String body, Map<String, String> facts) {}

    @TempDir
    static Path folder;

    static Meters meters;

    @BeforeAll
    static void start() throws Exception {
        meters = new Meters(folder, 7);
    }

    private static List<Case> cases() throws Exception {
        List<Case> cases = new ArrayList<>();
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                EveryReadIsAnsweredTest.class.getResourceAsStream("requests.tsv"), StandardCharsets.UTF_8))) {
            for (String line : in.lines()
                    .filter(l -> !l.startsWith("#") && !l.isBlank())
                    .skip(1)
                    .toList()) {
                String[] row = line.split("\t", -1);
                for (String kind : row[1].split(",")) {
                    cases.add(new Case(
                            row[0],
                            kind,
                            row[2],
                            row[3].isEmpty()
                                    ? Map.of()
                                    : Arrays.stream(row[3].split(";"))
                                            .collect(Collectors.toMap(f -> f.split("=")[0], f -> f.split("=")[1]))));
                }
            }
        }
        return cases;
    }

    private static String fill(Case c, SimulatedDevice device) {
        String neighbour = meters.population.home(device.premises()).stream()
                .map(d -> d.deviceId().dashed())
                .filter(id -> !id.equals(device.deviceId().dashed()))
                .findFirst()
                .orElse("");
        return c.body()
                .replace(
                        "{week}",
                        "<ReadLogPeriod><StartDateTime>2026-03-10T00:00:00.00Z</StartDateTime>"
                                + "<EndDateTime>2026-03-16T23:59:59.00Z</EndDateTime></ReadLogPeriod>")
                .replace(
                        "{years}",
                        "<ReadLogPeriod>"
                                + "<StartDateTime>2022-01-01T00:00:00.00Z</StartDateTime><EndDateTime>2026-12-31T23:59:59.00Z</EndDateTime></ReadLogPeriod>")
                .replace("{neighbour}", neighbour)
                .replace("{token}", c.body().contains("{token}") ? meters.token(device, 10) : "");
    }

    @Test
    void everyRequestOfTheTable() throws Exception {
        List<String> wrong = new ArrayList<>();
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (Case c : cases()) {
            for (SimulatedDevice device :
                    meters.devices(c.kind()).stream().limit(TWO_HOMES).toList()) {
                String what = c.service() + " " + c.kind() + " of home " + device.premises() + " " + c.facts();
                try {
                    Meters.Answer answer = meters.ask(device, c.service(), fill(c, device), c.facts());
                    String problem = problem(answer);
                    if (!problem.isEmpty()) {
                        wrong.add(what + " " + answer.command().useCase() + ": " + problem);
                    }
                    counts.merge(c.kind(), 1, Integer::sum);
                } catch (Exception | AssertionError e) {
                    wrong.add(what + ": " + e);
                }
            }
        }
        System.out.println("answers read by kind of device: " + counts + ", in all "
                + counts.values().stream().mapToInt(n -> n).sum());
        assertThat(wrong).isEmpty();
        assertThat(counts.values().stream().mapToInt(n -> n).sum()).isGreaterThan(400);
    }

    private static String problem(Meters.Answer answer) throws Exception {
        var parsed = answer.parsed();
        if (!parsed.proven()) {
            return "not proven: " + parsed;
        }
        if (parsed.hasEncryptedParts() && !parsed.allDecrypted()) {
            return "not decrypted";
        }
        if (!parsed.success().equals(Optional.of(true))) {
            return "no success: " + parsed.items() + parsed.remarks() + parsed.reason();
        }
        String left = Stream.concat(parsed.remarks().stream(), Stream.of(parsed.reason()))
                .filter(r ->
                        r.contains("left out") || r.contains("could not be read") || r.contains("no response element"))
                .collect(Collectors.joining("; "));
        if (!left.isEmpty()) {
            return left;
        }
        if (nothingStored(answer) && !PAYMENTS.contains(answer.command().useCase())) {
            return "nothing stored";
        }
        if (emptyLog(answer) && !PAYMENTS.contains(answer.command().useCase())) {
            return "an empty log";
        }
        answer.root();
        meters.validate(parsed);
        return "";
    }

    /** True where default responses are all that there is although the use case has something to say. */
    private static boolean nothingStored(Meters.Answer answer) {
        var message = answer.parsed().message().orElseThrow();
        return message.payload() instanceof GbzPayload.Components gas
                && USE_CASES.find(message.header().messageCode()).orElseThrow().gbz(MessageKind.RESPONSE).stream()
                        .anyMatch(r -> r.command() != DEFAULT_RESPONSE)
                && gas.components().stream()
                        .allMatch(c -> !c.frame().clusterSpecific() && c.frame().command() == DEFAULT_RESPONSE);
    }

    /** True where a COSEM log in the answer, encrypted or not, has no entry. */
    private static boolean emptyLog(Meters.Answer answer) {
        Stream<DlmsData> plain =
                answer.parsed().message().orElseThrow().payload() instanceof DlmsPayload.AccessResponse response
                        ? response.items().stream().map(DlmsPayload.ResponseItem::data)
                        : Stream.empty();
        Stream<DlmsData> decrypted =
                answer.parsed().decrypted().orElseThrow().parts().stream().flatMap(p -> p.data().stream());
        return Stream.concat(plain, decrypted)
                .flatMap(EveryReadIsAnsweredTest::all)
                .anyMatch(d ->
                        d instanceof DlmsData.CompactArray log && log.elements().isEmpty());
    }

    private static Stream<DlmsData> all(DlmsData data) {
        return Stream.concat(Stream.of(data), data.elements().stream().flatMap(EveryReadIsAnsweredTest::all));
    }

    @Test
    void noServiceIsMissing() throws Exception {
        Set<String> asked = cases().stream().map(Case::service).collect(Collectors.toSet());
        Set<String> missing = new ServiceCatalogue()
                .rows().stream()
                        .filter(r -> !r.critical() && !r.nonDevice())
                        .map(ServiceRow::variant)
                        .filter(v -> !asked.contains(v) && !CREDENTIALS.contains(v))
                        .collect(Collectors.toCollection(TreeSet::new));
        assertThat(missing).isEmpty();
    }
}
