package org.postern.intake.internal;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.jms.JMSContext;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.Channel;
import org.postern.servicerequests.Admission;
import org.postern.servicerequests.Submission;

/** Requests by files through the running routes; {@link FileInterfaceTest} tests the rules of the interface. */
class FileRoutesTest extends IntakeBench {

    @Test
    void aBadLineOfABatchNeverBlocksTheRest() throws Exception {
        answer = submission -> new String(submission.bytes(), StandardCharsets.UTF_8).contains("bad")
                ? Admission.Refused.permanent("id-5", FAULT)
                : new Admission.Accepted("id-6", "A:B:9", false);
        drop(
                "batch.csv",
                "service,device,role,body.ReadDate\n4.1.1,00-01,IS,\"2026-01-01\"\n4.1.1,only-two\nbad,00-02,IS,\n"
                        + "11.2,00-03,IS,\n" + "z".repeat(LIMIT + 1) + "\n8.2,,GS,\n");
        Path report = home.resolve("intake/done/batch.csv.report.csv");
        await(home.resolve("intake/done/batch.csv"));
        List<String> lines = Files.readAllLines(report);
        assertThat(lines).hasSize(7);
        assertThat(lines.get(1)).startsWith("2,admitted,id-6,A:B:9");
        assertThat(lines.get(2)).startsWith("3,rejected,,,PST-7309");
        assertThat(lines.get(3)).startsWith("4,rejected,id-5,,PST-2104");
        assertThat(lines.get(4)).startsWith("5,admitted");
        assertThat(lines.get(5)).startsWith("6,rejected,,,PST-7309");
        assertThat(lines.get(6)).startsWith("7,admitted");
        assertThat(submitted)
                .extracting(submission -> new String(submission.bytes(), StandardCharsets.UTF_8))
                .contains(
                        "{\"service\":\"4.1.1\",\"device\":\"00-01\",\"role\":\"IS\",\"body\":{\"ReadDate\":\"2026-01-01\"}}");
        assertThat(submitted.peek().replyTo().orElseThrow().toString())
                .startsWith("file:batch-csv-")
                .endsWith("?format=json");
    }

    @Test
    void aFileWithoutAnAdmittedRequestIsRejected() throws Exception {
        answer = submission -> Admission.Refused.permanent("id-7", FAULT);
        drop("one.xml", "<Request/>");
        await(home.resolve("intake/rejected/one.xml"));
        assertThat(home.resolve("intake/rejected/one.xml.report.csv")).content().contains("PST-2104");
        assertThat(submitted.poll().format()).isEqualTo(Submission.Format.XML);
    }

    @Test
    void aFileWaitsWhileTheLedgerCannotWriteAndIsThenReadWithTheSameLineIds() throws Exception {
        int[] tries = {0};
        answer = submission ->
                ++tries[0] == 1 ? Admission.Refused.temporary(FAULT) : new Admission.Accepted("id-8", "A:B:10", false);
        drop("lines.jsonl", "{\"service\":\"8.2\"}\n");
        await(home.resolve("intake/done/lines.jsonl"));
        assertThat(submitted).hasSize(2);
        assertThat(submitted.poll().correlationId()).isEqualTo(submitted.poll().correlationId());
    }

    @Test
    void withoutTheAdmissionServiceFilesAndMessagesWaitAndAreAdmittedLater() throws Exception {
        routes.unbindRequests(services.requests());
        drop("lines.jsonl", "{\"service\":\"8.2\"}\n");
        try (JMSContext supplier = connections.createContext()) {
            supplier.createProducer().send(supplier.createQueue("postern.requests"), "{}");
            // each was tried without success
            awaitCount("interface file outcome unavailable");
            awaitCount("interface jms outcome unavailable");
            assertThat(home.resolve("intake/rejected/lines.jsonl")).doesNotExist();
            assertThat(submitted).isEmpty();
            routes.bindRequests(services.requests());
            await(home.resolve("intake/done/lines.jsonl"));
            assertThat(List.of(
                            submitted.poll(WAIT, TimeUnit.MILLISECONDS).channel(),
                            submitted.poll(WAIT, TimeUnit.MILLISECONDS).channel()))
                    .containsExactlyInAnyOrder(Channel.FILE, Channel.JMS);
            assertThat(supplier.createConsumer(supplier.createQueue("postern.results"))
                            .receiveNoWait())
                    .isNull();
        }
    }

    private void awaitCount(String outcome) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WAIT);
        while (!counted.contains(outcome) && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertThat(counted).contains(outcome);
    }

    private void drop(String name, String content) throws Exception {
        Path draft = Files.writeString(home.resolve("intake/" + name + ".part"), content);
        Files.move(draft, home.resolve("intake/" + name), StandardCopyOption.ATOMIC_MOVE);
    }

    private static void await(Path file) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WAIT);
        while (!Files.exists(file) && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertThat(file).exists();
    }
}
