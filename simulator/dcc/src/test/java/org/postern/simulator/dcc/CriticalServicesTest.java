package org.postern.simulator.dcc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.FutureDating;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.ServiceRow;
import org.postern.duis.DuisRequest;
import org.postern.duis.DuisWriter;
import org.postern.duis.ResponsePayload;
import org.postern.gbcs.KeyUse;
import org.postern.inventory.DeviceFacts;
import org.postern.parsecorrelate.Correlation;
import org.postern.parsecorrelate.Correlator;
import org.postern.parsecorrelate.ParsedMessage;
import org.postern.parsecorrelate.Transformer;
import org.postern.simulator.dcc.CriticalCases.Case;

/** Every critical use case on real sockets: done, dated, cancelled, failed. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class CriticalServicesTest {

    /** Security services whose rightful answer needs more than one request; other tests do them. */
    private static final Set<String> NEED_MORE = Set.of("CS02d", "CS06");

    @TempDir
    static Path folder;

    static Line line;

    @BeforeAll
    static void start() throws Exception {
        line = new Line(folder, 14);
    }

    @AfterAll
    static void stop() {
        if (line != null) {
            line.close();
        }
    }

    @BeforeEach
    void quiet() throws Exception {
        line.simulator.faults().clear();
        line.quiet();
    }

    /** 7.16 is left out: no User Role may send it. */
    static List<Case> all() {
        return CriticalCases.all().stream()
                .filter(c -> !c.service().equals("7.16"))
                .toList();
    }

    @Test
    void aServiceThatNoRoleMaySendIsRefused() throws Exception {
        Case one = CriticalCases.of("ECS47e");
        assertThat(line.ask(one.role(), line.cases.request(line.user, one)).responseCode())
                .isEqualTo("E2");
    }

    static Stream<Case> dated() {
        ServiceCatalogue catalogue = new ServiceCatalogue();
        return all().stream().filter(c -> catalogue.require(c.service()).futureDating() == FutureDating.DEVICE);
    }

    @Test
    void theCasesCoverEveryCriticalService() {
        Set<String> services =
                new TreeSet<>(CriticalCases.all().stream().map(Case::service).toList());
        assertThat(services)
                .containsAll(new ServiceCatalogue()
                        .rows().stream()
                                .filter(ServiceRow::critical)
                                .map(ServiceRow::variant)
                                .toList());
    }

    @ParameterizedTest
    @MethodSource("all")
    void isCarriedOutAndAnswered(Case one) throws Exception {
        DuisRequest request = line.cases.request(line.user, one);
        assertThat(line.critical(one.role(), request)).isEqualTo("I99");
        ParsedMessage parsed = line.read(line.next(request), one.service());
        if (!NEED_MORE.contains(one.name())) {
            assertThat(parsed.success()).as(parsed.mmc().orElseThrow().json()).contains(true);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void anAlteredPreCommandIsToldFromTheRightOneAndNotTakenBackUnaltered(Case one) throws Exception {
        DuisRequest request = line.cases.request(line.user, one);
        line.fault("alter-pre-command value times=1");
        byte[] altered = line.preCommand(one.role(), request);
        Optional<Eui64> other = request.body().find("OtherDeviceID").map(Eui64::parse);
        DeviceFacts facts = line.pki
                .population()
                .facts(line.cases.device(one), other, d -> line.cases.certificate(d, KeyUse.KEY_AGREEMENT));
        assertThat(Correlator.withoutProof(Correlator.DEFAULT_TOLERANCE)
                        .correlate(request, altered, facts, Instant.now()))
                .isInstanceOf(Correlation.Different.class);
        // what was given is the altered one: nothing else may come back signed for this request
        byte[] right = Transformer.fromTables().transform(request, facts, Instant.now());
        byte[] signed = line.user.signPreCommand(one.role(), right);
        assertThat(line.ask(one.role(), request.signedPreCommand(CommandVariant.CV5, signed))
                        .responseCode())
                .isEqualTo("E1000");
        assertThat(line.simulator.recorder().events(request.requestId().toString()))
                .extracting(EventRecorder.Event::what)
                .contains("pre-command.altered", "signed-pre-command.refused")
                .doesNotContain("accepted." + one.service());
    }

    @ParameterizedTest
    @MethodSource("all")
    void aDeviceThatFailsSaysSoInItsOwnWay(Case one) throws Exception {
        line.fault("device-failure times=1");
        DuisRequest request = line.cases.request(line.user, one);
        assertThat(line.critical(one.role(), request)).isEqualTo("I99");
        ParsedMessage parsed = line.read(line.next(request), one.service());
        assertThat(parsed.success()).as(parsed.mmc().orElseThrow().json()).contains(false);
    }

    /** Objects with a date of their own, counted by hand in the GBCS Use Cases; one alert each. */
    private static final Map<String, Integer> EXPECTED = Map.ofEntries(
            Map.entry("ECS01a", 6),
            Map.entry("ECS01b", 2),
            Map.entry("ECS01c", 3),
            Map.entry("ECS03", 2),
            Map.entry("ECS08a", 9),
            Map.entry("ECS28a", 4),
            Map.entry("ECS46c", 2),
            Map.entry("ECS46d", 2),
            Map.entry("GCS01a", 5),
            Map.entry("GCS01b", 2),
            Map.entry("GCS05", 6));

    /** All dated cases at once, so that they wait for one time together. */
    private static Map<Case, DuisRequest> sendDated(int seconds) throws Exception {
        Map<Case, DuisRequest> requests = new LinkedHashMap<>();
        String time = soon(seconds);
        for (Case one : dated().toList()) {
            DuisRequest request = line.cases.dated(line.user, line.cases.request(line.user, one), one.role(), time);
            assertThat(line.critical(one.role(), request)).as(one.name()).isEqualTo("I99");
            ResponsePayload accepted = line.next(request);
            assertThat(accepted).as(one.name()).isInstanceOf(ResponsePayload.GbcsPayload.class);
            line.read(accepted, one.service());
            requests.put(one, request);
        }
        return requests;
    }

    @Test
    void datedOnesAreAnsweredAtOnceAndReportedWhenTheirTimeHasCome() throws Exception {
        for (Map.Entry<Case, DuisRequest> sent : sendDated(4).entrySet()) {
            Case one = sent.getKey();
            int count = EXPECTED.getOrDefault(one.name(), 1);
            List<ResponsePayload.FutureDatedDeviceAlertMessage> alerts = alerts(sent.getValue(), count);
            boolean actioned = !NEED_MORE.contains(one.name());
            for (ResponsePayload.FutureDatedDeviceAlertMessage alert : alerts) {
                assertThat(alert.actioned()).as(one.name()).isEqualTo(actioned);
                assertThat(alert.instructions()).as(one.name()).isEqualTo(count);
                assertThat(line.read(alert, one.service()).mmc().orElseThrow().json())
                        .contains(actioned ? "8F66" : "8F67");
            }
            assertThat(alerts)
                    .extracting(ResponsePayload.FutureDatedDeviceAlertMessage::instructionNumber)
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void anInstructionThatIsNotActionedIsReportedAsSuch() throws Exception {
        line.fault("not-actioned 1");
        for (Map.Entry<Case, DuisRequest> sent : sendDated(4).entrySet()) {
            Case one = sent.getKey();
            for (ResponsePayload.FutureDatedDeviceAlertMessage alert :
                    alerts(sent.getValue(), EXPECTED.getOrDefault(one.name(), 1))) {
                boolean actioned = alert.instructionNumber() != 1;
                assertThat(alert.actioned()).as(one.name()).isEqualTo(actioned);
                assertThat(line.read(alert, one.service()).mmc().orElseThrow().json())
                        .contains(actioned ? "8F66" : "8F67");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dated")
    void aCancelledOneIsForgottenAndALaterOneTakesThePlaceOfAnEarlier(Case one) throws Exception {
        int count = EXPECTED.getOrDefault(one.name(), 1);
        String device = line.cases.device(one).deviceId().dashed();
        DuisRequest plain = line.cases.request(line.user, one);
        for (String time : new String[] {soon(86_400), soon(86_500)}) {
            DuisRequest request = line.cases.dated(line.user, plain, one.role(), time);
            line.critical(one.role(), request);
            line.next(request);
            assertThat(line.simulator.metersJson())
                    .contains("\"deviceId\":\"" + device + "\",\"pending\":" + count + ",");
        }
        DuisRequest cancel = line.cases.dated(line.user, plain, one.role(), "3000-12-31T00:00:00.00Z");
        assertThat(line.critical(one.role(), cancel)).isEqualTo("I99");
        line.read(line.next(cancel), one.service());
        assertThat(line.simulator.metersJson()).contains("\"deviceId\":\"" + device + "\",\"pending\":0,");
        assertThat(line.simulator.recorder().events(cancel.requestId().toString()))
                .extracting(EventRecorder.Event::what)
                .doesNotContain("device.dated");
    }

    @Test
    void whatIsCancelledBeforeItsTimeIsNotReported() throws Exception {
        Case one = CriticalCases.of("ECS28a");
        DuisRequest plain = line.cases.request(line.user, one);
        DuisRequest request = line.cases.dated(line.user, plain, one.role(), soon(6));
        line.critical(one.role(), request);
        line.next(request);
        DuisRequest cancel = line.cases.dated(line.user, plain, one.role(), "3000-12-31T00:00:00.00Z");
        line.critical(one.role(), cancel);
        line.next(cancel);
        String id = request.requestId().toString();
        Line.until(() -> line.simulator.recorder().events(id).stream()
                        .filter(e -> e.what().equals("device.dropped"))
                        .count()
                == 4);
        assertThat(line.simulator.recorder().events(id))
                .extracting(EventRecorder.Event::what)
                .doesNotContain("device.actioned", "device.not-actioned");
    }

    private static String soon(int seconds) {
        return DuisWriter.dateTime(Instant.now().plusSeconds(seconds).truncatedTo(ChronoUnit.SECONDS));
    }

    private static List<ResponsePayload.FutureDatedDeviceAlertMessage> alerts(DuisRequest request, int count)
            throws Exception {
        List<ResponsePayload.FutureDatedDeviceAlertMessage> alerts = new ArrayList<>();
        while (alerts.size() < count) {
            alerts.add((ResponsePayload.FutureDatedDeviceAlertMessage) line.next(request));
        }
        return alerts;
    }
}
