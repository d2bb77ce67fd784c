package org.postern.console.internal.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.PosternException;
import org.postern.ledger.Change;
import org.postern.parsecorrelate.EvidenceFile;
import org.postern.parsecorrelate.Recheck;
import org.postern.servicerequests.Admission;
import org.postern.servicerequests.ServiceRequestFault;
import org.postern.servicerequests.ServiceRequests;
import org.postern.servicerequests.Withdrawal;

/** Recheck, export of evidence and cancellation of critical requests. */
class EvidenceCommandsTest extends CriticalRequestFixture {

    @Test
    void aStoredVerdictIsRecheckedFieldByFieldAndItsSignatureIsVerified() throws Exception {
        Given given = Given.of("7.1_ECS42", "ECS42", "ESME");
        String id = correlated(given, given.preCommand());
        signed(id, given, given.preCommand());
        RecheckCommand command = new RecheckCommand();
        command.id = id;
        command.fields = true;
        String shown = print(command, false);
        assertThat(shown)
                .containsPattern("agrees +true")
                .containsPattern("verdict +identical")
                .contains("unchanged since the correlation", "verified with the recorded certificate", "is-gbcs")
                .contains("Header/RequestID")
                .contains("equal");
        assertThat(tree(print(command, true))).contains("fields", "recheck", "excused", "differences");

        // a later change of the ledger is detected
        ledger.apply(Change.of(id).preCommand(Arrays.copyOf(given.preCommand(), given.preCommand().length + 1)));
        assertThatThrownBy(() -> print(command, true))
                .isInstanceOf(PosternException.class)
                .hasMessageStartingWith("PST-7093")
                .hasMessageContaining("Pre-Command is not the one that was compared")
                .hasMessageContaining("signature");
        assertThat(lastOutput).contains("\"agrees\":false");
    }

    @Test
    void evidenceIsExportedOnceWithItsDigestInTheSecurityLog() throws Exception {
        Given given = Given.of("7.1_ECS42", "ECS42", "ESME");
        String id = correlated(given, given.preCommand());
        signed(id, given, given.preCommand());
        EvidenceCommand command = new EvidenceCommand();
        command.id = id;
        command.file = "evidence.json";
        print(command, false);
        EvidenceFile file = EvidenceFile.read(Files.readAllBytes(folder.resolve("export/evidence.json")));
        assertThat(Recheck.of(file, EC).agrees()).isTrue();
        assertThat(Recheck.of(file, EC).signature()).isEqualTo(Recheck.SignatureCheck.VERIFIED);
        assertThat(lastOutput).contains(file.computedDigest());
        assertThat(log.tail(1))
                .singleElement()
                .satisfies(event ->
                        assertThat(event.object()).isEqualTo("dcc:evidence " + id + " " + file.computedDigest()));
        assertThat(catchThrowableOfType(PosternException.class, () -> print(command, false))
                        .fault()
                        .cause())
                .isEqualTo("it exists");
        command.file = null;
        assertThat(EvidenceFile.read(print(command, false).getBytes(StandardCharsets.UTF_8))
                        .computedDigest())
                .isEqualTo(file.computedDigest());
    }

    @Test
    void cancellingARequestReportsWhatWasDone() throws Exception {
        Given given = Given.of("7.1_ECS42", "ECS42", "ESME");
        String id = admitted(given);
        List<Withdrawal> answers = new ArrayList<>(List.of(
                Withdrawal.withdrawn(),
                Withdrawal.cancelling(new Admission.Accepted("r-2", "a:b:2", false)),
                Withdrawal.cancelling(
                        Admission.Refused.permanent("r-3", ServiceRequestFault.ROLE_INACTIVE.fault("role", "c"))),
                Withdrawal.tooLate("it is DELIVERED and not future-dated")));
        services.put(
                ServiceRequests.class,
                java.lang.reflect.Proxy.newProxyInstance(
                        getClass().getClassLoader(), new Class<?>[] {ServiceRequests.class}, (proxy, method, args) -> {
                            assertThat(method.getName() + args[0]).isEqualTo("withdraw" + id);
                            return answers.remove(0);
                        }));
        CancelCommand command = new CancelCommand();
        command.id = id;
        assertThat(print(command, false)).contains("withdrawn", "It had not been sent");
        assertThat(log.tail(1))
                .singleElement()
                .satisfies(event -> assertThat(event.id() + event.object()).isEqualTo("SL-303dcc:cancel " + id));
        assertThat(print(command, false)).contains("r-2", "a:b:2", "pending until that is confirmed");
        assertThat(catchThrowableOfType(PosternException.class, () -> print(command, true))
                        .fault()
                        .code())
                .isEqualTo("PST-2110");
        assertThat(catchThrowableOfType(PosternException.class, () -> print(command, true))
                        .fault())
                .satisfies(fault -> {
                    assertThat(fault.code()).isEqualTo("PST-7094");
                    assertThat(fault.cause()).contains("not future-dated");
                });
    }
}
