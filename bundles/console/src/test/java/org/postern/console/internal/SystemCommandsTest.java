package org.postern.console.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.karaf.shell.support.CommandException;
import org.junit.jupiter.api.Test;
import org.postern.appliance.Readiness;
import org.postern.catalogue.Lane;
import org.postern.catalogue.PosternException;
import org.postern.console.internal.command.KeysCommand;
import org.postern.console.internal.command.StatusCommand;
import org.postern.console.internal.command.TailCommand;
import org.postern.console.internal.command.TestCommand;
import org.postern.console.internal.command.UseCasesCommand;
import org.postern.console.internal.command.VerifyCommand;
import org.postern.hsm.KeyEntry;
import org.postern.hsm.KeyPurpose;
import org.postern.hsm.KeyTest;
import org.postern.hsm.KeyVault;
import org.postern.hsm.KeyVaultException;
import org.postern.securitylogging.LoggedEvent;
import org.postern.securitylogging.SecurityLog;
import org.postern.securitylogging.Verification;
import org.postern.servicerequests.ServiceRequests;
import org.postern.servicerequests.WorkQueue;
import org.postern.servicerequests.WorkStep;

/** The commands about the appliance itself: status, keys, security log, use cases; and what all commands share. */
class SystemCommandsTest extends CommandFixture {

    /** Karaf writes any other exception to the log as an error with its stack trace. */
    @Test
    void aRefusalEndsACommandOfTheConsoleWithoutAStackTraceInTheLog() {
        PosternCommand command = new PosternCommand() {
            @Override
            protected void run(Services here, CommandOutput output) {
                throw new PosternException(ConsoleFault.TOO_LATE_TO_CANCEL.fault("r-1", "it is DELIVERED"));
            }
        };
        command.session = (org.apache.karaf.shell.api.console.Session) java.lang.reflect.Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {org.apache.karaf.shell.api.console.Session.class},
                (proxy, method, args) -> System.out);
        CommandException ended = catchThrowableOfType(CommandException.class, command::execute);
        assertThat(ended.getNiceHelp()).startsWith("Error executing command: PST-7094");
    }

    @Test
    void statusWorksWithoutAnyService() throws Exception {
        assertThat(print(new StatusCommand(), false)).contains("key vault", "NO", "no User Role is installed");
        assertThat(member(print(new StatusCommand(), true), "up")).isEqualTo("NO");
    }

    @Test
    void statusShowsWorkInMemoryTheBrokersQueuesAndTheLastSweep() throws Exception {
        List<ServiceRequests.Sweep> sweeps = new ArrayList<>();
        provide(
                ServiceRequests.class,
                Map.of(
                        "depths",
                        a -> List.of(new WorkQueue.Depth(WorkStep.DISPATCH, Lane.BULK, 17, 4)),
                        "lastSweep",
                        a -> sweeps.stream().findFirst()));
        provide(
                Readiness.class,
                Map.of(
                        "parts",
                        a -> Map.of("security log", true),
                        "troubles",
                        a -> Map.of(),
                        "remarks",
                        a -> Map.of(),
                        "figures",
                        a -> Map.of(
                                "postern_broker_queue_messages{queue=\"postern.results\"}",
                                31L,
                                "postern_part_up{part=\"broker\"}",
                                1L)));
        assertThat(print(new StatusCommand(), false))
                .containsPattern("DISPATCH.*BULK.*17.*4")
                .contains("none yet")
                .containsPattern("postern.results.*31")
                .doesNotContain("postern_part_up")
                .containsOnlyOnce("security log");
        sweeps.add(new ServiceRequests.Sweep(
                TEN, new ServiceRequests.Rebuilt(2500, 0, 3), new ServiceRequests.Rebuilt(7, 0, 0)));
        assertThat(print(new StatusCommand(), false))
                .containsPattern("step .*2500.*7.*" + TEN)
                .containsPattern("delivery.*3.*0");
        String json = print(new StatusCommand(), true);
        assertThat(member(json, "waiting")).isEqualTo("17");
        assertThat(member(json, "at work")).isEqualTo("4");
        assertThat(member(json, "due")).isEqualTo("2500");
        assertThat(member(json, "found")).isEqualTo("7");
        assertThat(member(json, "at")).isEqualTo(TEN.toString());
        assertThat(member(json, "messages")).isEqualTo("31");
    }

    @Test
    void aTestOfAllKeysPrintsEachAndFailsIfOneFails() throws Exception {
        provide(KeyVault.class, Map.of("keys", a -> List.of(entry("bad"), entry("good")), "test", a -> {
            if (a[0].equals("bad")) {
                throw new PosternException(KeyVaultException.Kind.KEY_FAILED.fault("bad", "it lies"));
            }
            return new KeyTest("good", KeyPurpose.XML_SIGNING, "ab".repeat(32), 42);
        }));
        assertThat(print(new KeysCommand(), false)).contains("bad", "good", "XML_SIGNING", METER.dashed());
        assertThat(catchThrowableOfType(PosternException.class, () -> print(new TestCommand(), false))
                        .fault()
                        .code())
                .isEqualTo("PST-5010");
        assertThat(lastOutput).contains("PST-5010 it lies", "42");
        assertThat(member(print(with(new TestCommand(), "alias", "good"), true), "microseconds"))
                .isEqualTo("42");
    }

    private static KeyEntry entry(String alias) {
        return new KeyEntry(alias, KeyPurpose.XML_SIGNING, METER, "ab".repeat(32), "CN=x", "1", TEN);
    }

    @Test
    void theSecurityLogIsPrintedAndABreakOfItsChainFailsTheCommand() throws Exception {
        provide(
                SecurityLog.class,
                Map.of(
                        "tail",
                        a -> List.of(new LoggedEvent(
                                5, TEN, "SL-201", "c", "internal", "o", "REFUSED", Map.of("path", "p"), "ab")),
                        "verify",
                        a -> new Verification(
                                4,
                                1,
                                5,
                                "ab",
                                List.of(new Verification.Finding("security-00000001.log", 3, "was changed")))));
        assertThat(print(new TailCommand(), false)).contains("outcome", "SL-201", "REFUSED", "path=p");
        assertThat(member(print(new TailCommand(), true), "path")).isEqualTo("p");
        assertThat(catchThrowableOfType(PosternException.class, () -> print(new VerifyCommand(), true))
                        .fault()
                        .code())
                .isEqualTo("PST-8004");
        assertThat(member(lastOutput, "problem")).isEqualTo("was changed");
    }

    @Test
    void theUseCasesAreListedAndFiltered() throws Exception {
        String all = print(new UseCasesCommand(), false);
        String some = print(with(new UseCasesCommand(), "filter", "ecs17b"), false);
        assertThat(all.lines().count()).isGreaterThan(100);
        assertThat(some).contains("ECS17b");
        assertThat(some.lines().count()).isLessThan(10);
    }

    @Test
    void aMissingPartIsReportedByItsName() {
        assertThat(catchThrowableOfType(PosternException.class, () -> print(new KeysCommand(), false))
                        .getMessage())
                .startsWith("PST-7090 KeyVault");
    }
}
