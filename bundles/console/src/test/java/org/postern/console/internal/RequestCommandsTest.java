package org.postern.console.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.catalogue.Channel;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.CorrelationVerdict;
import org.postern.catalogue.DeliveryKind;
import org.postern.catalogue.Fault;
import org.postern.catalogue.Lane;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.ReplyAddress;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.UserRole;
import org.postern.console.internal.command.CheckCertificatesCommand;
import org.postern.console.internal.command.RequestsCommand;
import org.postern.console.internal.command.ShowCommand;
import org.postern.console.internal.command.SubmitCommand;
import org.postern.ledger.Evidence;
import org.postern.ledger.Ledger;
import org.postern.ledger.Origin;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.RequestDocuments;
import org.postern.ledger.RequestFilter;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.ledger.Target;
import org.postern.ledger.Transition;
import org.postern.securitylogging.SecurityEvent;
import org.postern.securitylogging.SecurityLog;
import org.postern.servicerequests.Admission;
import org.postern.servicerequests.CredentialChecks;
import org.postern.servicerequests.CredentialsReport;
import org.postern.servicerequests.ServiceRequestFault;
import org.postern.servicerequests.ServiceRequests;
import org.postern.servicerequests.Submission;

/** The commands about requests: list, show, submit, check certificates. */
class RequestCommandsTest extends CommandFixture {

    private static RequestRecord request(RequestState state, String cause) {
        return new RequestRecord(
                "r-1",
                Optional.of(RequestId.parse("90-B3-D5-1F-30-01-00-00:00-DB-12-34-56-78-90-A0:7")),
                new Origin(Channel.HTTP, Optional.empty(), Optional.empty(), "", "xml"),
                new Target(
                        Optional.of(UserRole.IS),
                        Optional.of("7.1"),
                        Optional.of(CommandVariant.CV4),
                        Optional.of(METER)),
                Lane.PREPAYMENT,
                new RequestRecord.Progress(state, cause, Optional.of("I0"), Optional.empty()),
                RequestRecord.Sending.NONE,
                new RequestRecord.Timing(Optional.empty(), Optional.empty(), 0),
                TEN,
                TEN);
    }

    @Test
    void requestsAreFilteredByTheLedgerAndPrintedAsTableAndAsJson() throws Exception {
        List<RequestFilter> asked = new ArrayList<>();
        provide(Ledger.class, Map.of("requests", a -> {
            asked.add((RequestFilter) a[0]);
            return List.of(request(RequestState.NOT_CORRELATED, "differs\u001b[2J\nhere"));
        }));
        RequestsCommand command = with(
                with(with(new RequestsCommand(), "state", "not-correlated"), "device", METER.hex()), "service", "7.1");
        assertThat(print(command, false))
                .contains("service", "r-1", "NOT_CORRELATED", "7.1", METER.dashed())
                .doesNotContain("\u001b");
        assertThat(member(print(command, true), "state")).isEqualTo("NOT_CORRELATED");
        assertThat(asked.get(0))
                .isEqualTo(new RequestFilter(
                        Optional.of(RequestState.NOT_CORRELATED), Optional.of(METER), Optional.of("7.1"), 50));
    }

    @Test
    void aStateThatDoesNotExistIsReportedByItsOption() {
        provide(Ledger.class, Map.of());
        assertThat(catchThrowableOfType(
                                PosternException.class, () -> print(with(new RequestsCommand(), "state", "odd"), false))
                        .fault()
                        .field())
                .isEqualTo("--state");
    }

    @Test
    void showPrintsEveryTransitionAndWhyNothingWasSigned() throws Exception {
        provide(
                Ledger.class,
                Map.of(
                        "find",
                        a -> Optional.empty(),
                        "findByRequestId",
                        a -> Optional.of(request(RequestState.NOT_CORRELATED, "differs")),
                        "path",
                        a -> List.of(
                                new Transition(1, Optional.empty(), RequestState.ADMITTED, TEN, "", Optional.empty()),
                                new Transition(
                                        2,
                                        Optional.of(RequestState.ADMITTED),
                                        RequestState.TRANSFORM_SENT,
                                        TEN.plusMillis(1234),
                                        "",
                                        Optional.of("ab"))),
                        "evidence",
                        a -> Optional.of(new Evidence(
                                CorrelationVerdict.DIFFERENT,
                                "1",
                                "ECS42",
                                "{}",
                                TEN,
                                Duration.ofSeconds(600),
                                "aa",
                                "bb",
                                "[]",
                                "[{\"path\":\"UpdateX/Value\",\"expected\":\"1\",\"got\":\"2\",\"rule\":\"equal\"}]",
                                Optional.empty())),
                        "documents",
                        a -> Optional.of(new RequestDocuments(
                                new byte[] {1},
                                Optional.of(new byte[3]),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(new byte[9]),
                                Optional.empty())),
                        "remarks",
                        a -> List.of(),
                        "inboundOf",
                        a -> List.of(),
                        "deliveriesOf",
                        a -> List.of()));
        ShowCommand command = with(new ShowCommand(), "id", "90-b3-d5-1f-30-01-00-00:00-db-12-34-56-78-90-a0:7");
        assertThat(print(command, false))
                .startsWith("Refused: 1 field differs")
                .contains("UpdateX/Value: expected 1, got 2; rule: equal")
                .contains("TRANSFORM_SENT", "1234", "different", "UpdateX/Value", "Pre-Command")
                .containsPattern("signed +no");
        String json = print(command, true);
        assertThat(member(json, "got")).isEqualTo("2");
        assertThat(member(json, "after ms")).isEqualTo("0");
    }

    @Test
    void showPrintsHowFarAResultCanBeTrustedAndWhatToDo() throws Exception {
        Map<String, String> marks = Map.of(
                "outcome",
                "already-credited",
                "form",
                "mmc",
                "authenticated",
                "yes",
                "flag",
                "odd",
                "topUpResult",
                "2",
                "advice",
                "the credit is on the meter",
                "unprovenCode",
                "E1",
                "encrypted",
                "decrypted",
                "reason",
                "because");
        provide(
                Ledger.class,
                Map.of(
                        "find",
                        a -> Optional.of(request(RequestState.DELIVERED, "already credited")),
                        "path",
                        a -> List.of(),
                        "evidence",
                        a -> Optional.empty(),
                        "documents",
                        a -> Optional.empty(),
                        "remarks",
                        a -> List.of(),
                        "inboundOf",
                        a -> List.of(),
                        "deliveriesOf",
                        a -> List.of(OutboxEntry.pending(
                                "e-1",
                                Optional.of("r-1"),
                                DeliveryKind.RESULT,
                                ReplyAddress.COMMON,
                                marks,
                                "application/xml",
                                new byte[] {1},
                                Optional.empty()))));
        assertThat(print(with(new ShowCommand(), "id", "r-1"), false))
                .contains(marks.keySet())
                .contains(marks.values());
        String json = print(with(new ShowCommand(), "id", "r-1"), true);
        for (Map.Entry<String, String> mark : marks.entrySet()) {
            assertThat(member(json, mark.getKey())).as(mark.getKey()).isEqualTo(mark.getValue());
        }
    }

    @Test
    void showOfAnUnknownRequestFails() {
        provide(Ledger.class, Map.of("find", a -> Optional.empty(), "findByRequestId", a -> Optional.empty()));
        assertThat(catchThrowableOfType(PosternException.class, () -> print(with(new ShowCommand(), "id", "x"), false))
                        .fault()
                        .code())
                .isEqualTo("PST-7092");
    }

    @Test
    void submittingIsLoggedBeforeItIsDoneAndARefusalFailsTheCommand(@TempDir Path folder) throws Exception {
        allow(folder);
        Path file = Files.writeString(folder.resolve("request"), " \n{\"service\":\"7.1\"}");
        List<Object> done = new ArrayList<>();
        provide(SecurityLog.class, Map.of("append", a -> {
            done.add(((SecurityEvent) a[0]).id());
            return 1L;
        }));
        provide(ServiceRequests.class, Map.of("admit", a -> {
            done.add(((Submission) a[0]).format());
            return done.size() == 2
                    ? new Admission.Accepted("r-9", "a:b:1", false)
                    : Admission.Refused.permanent("r-10", ServiceRequestFault.ROLE_INACTIVE.fault("role", "c"));
        }));
        SubmitCommand command = with(new SubmitCommand(), "file", file.toString());
        assertThat(member(print(command, true), "id")).isEqualTo("r-9");
        assertThat(lastOutput).startsWith("{\"id\":\"r-9\"");
        assertThat(done).containsExactly("SL-303", Submission.Format.JSON);
        assertThat(catchThrowableOfType(PosternException.class, () -> print(command, true))
                        .fault()
                        .code())
                .isEqualTo("PST-2110");
        assertThat(member(lastOutput, "refused")).isEqualTo("PST-2110");
        assertThat(catchThrowableOfType(
                                PosternException.class,
                                () -> print(with(new SubmitCommand(), "file", folder.toString()), true))
                        .fault()
                        .code())
                .isEqualTo("PST-7095");
    }

    @Test
    void aCredentialsRequestIsCheckedAndNothingIsSubmitted(@TempDir Path folder) throws Exception {
        allow(folder);
        Path file = Files.writeString(folder.resolve("rotation.xml"), "<sr:Request/>");
        Fault low = new Fault(
                ServiceRequestFault.FLOOR,
                "Body/X/RemotePartyFloorSeqNumber",
                "not below 9",
                "a lower one",
                "take a higher one");
        List<Submission.Format> formats = new ArrayList<>();
        List<CredentialsReport.Finding> findings = new ArrayList<>(List.of(new CredentialsReport.Finding(false, low)));
        provide(CredentialChecks.class, Map.of("check", a -> {
            formats.add((Submission.Format) a[0]);
            return new CredentialsReport(
                    "6.15.1",
                    METER,
                    METER,
                    "Supplier",
                    List.of(new CredentialsReport.Certificate(
                            "Body/X/DigitalSigningCertificate",
                            true,
                            "02",
                            METER.dashed(),
                            "digitalSignature",
                            "4711",
                            TEN,
                            TEN)),
                    List.of(
                            new CredentialsReport.Floor(
                                    "Body/X/RemotePartyFloorSeqNumber", 12, METER, true, false, 9, 99),
                            new CredentialsReport.Floor("Body/X/Other", 3, METER, false, false, 0, Long.MAX_VALUE)),
                    findings,
                    Optional.of("6.24.1"));
        }));
        CheckCertificatesCommand command = with(new CheckCertificatesCommand(), "file", file.toString());

        assertThat(print(command, false))
                .contains("admissible", "4711", "digitalSignature", "warns", "PST-2140", "6.24.1")
                .doesNotContain(Long.toString(Long.MAX_VALUE));
        String json = print(command, true);
        assertThat(member(json, "verdict")).isEqualTo("admissible");
        assertThat(member(json, "lowest")).isEqualTo("9");
        assertThat(member(json, "raises")).isEqualTo("true");
        findings.add(new CredentialsReport.Finding(true, low));
        assertThat(catchThrowableOfType(PosternException.class, () -> print(command, true))
                        .fault()
                        .code())
                .isEqualTo("PST-2140");
        assertThat(member(lastOutput, "verdict")).isEqualTo("refused");
        assertThat(formats).containsOnly(Submission.Format.XML);
        assertThat(catchThrowableOfType(
                                PosternException.class,
                                () -> print(with(new CheckCertificatesCommand(), "file", folder.toString()), false))
                        .fault()
                        .code())
                .isEqualTo("PST-7095");
    }
}
