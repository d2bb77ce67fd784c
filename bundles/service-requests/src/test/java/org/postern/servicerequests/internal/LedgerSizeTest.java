package org.postern.servicerequests.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.catalogue.Channel;
import org.postern.catalogue.DeviceType;
import org.postern.ledger.RequestState;
import org.postern.servicerequests.Admission;
import org.postern.servicerequests.Submission;
import org.postern.simulator.pki.SimulatedDevice;

/**
 * How much of the ledger's file a request takes, pages and indexes included: the difference of two sizes, so that what
 * is there without any request does not count. The number of requests can be raised ({@code -Dpostern.size.requests}).
 */
class LedgerSizeTest {

    private static final int FIRST = 20;
    private static final int REQUESTS = Integer.getInteger("postern.size.requests", 60);

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"4.1.1, 4500", "11.2, 4500", "8.2, 4500", "7.1, 10000"})
    void aRequestTakesNoMoreThan(String service, long most) throws Exception {
        try (FullLifeCycle line = new FullLifeCycle(folder, FullLifeCycle.pki(folder.resolve("pki")))) {
            deliver(line, service, FIRST);
            long before = used();
            deliver(line, service, REQUESTS);
            long each = (used() - before) / REQUESTS;
            System.out.printf("[size] %s %d bytes for each request%n", service, each);
            assertThat(each).isPositive().isLessThanOrEqualTo(most);
        }
    }

    private static void deliver(FullLifeCycle line, String service, int count) throws InterruptedException {
        List<SimulatedDevice> devices = line.simulator.population().devices(DeviceType.ESME);
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String device = devices.get(i % devices.size()).deviceId().dashed();
            String json = service.equals("8.2")
                    ? "{\"service\":\"8.2\",\"role\":\"IS\",\"body\":{\"DeviceID\":\"" + device + "\"}}"
                    : "{\"service\":\"" + service + "\",\"device\":\"" + device + "\",\"role\":\"IS\"}";
            Admission admission = line.line.admit(new Submission(
                    Channel.HTTP,
                    Submission.Format.JSON,
                    json.getBytes(StandardCharsets.UTF_8),
                    Optional.empty(),
                    Optional.of(UUID.randomUUID().toString()),
                    Optional.empty(),
                    "http"));
            ids.add(((Admission.Accepted) admission).id());
        }
        for (String id : ids) {
            assertThat(line.await(id, RequestState.DELIVERED).state()).isEqualTo(RequestState.DELIVERED);
        }
        line.awaitIdle();
    }

    /** Bytes of the pages in use, those that are still in the write-ahead log included. */
    private long used() throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("ledger.db"));
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT page_size * (page_count - freelist_count) FROM pragma_page_size, pragma_page_count,"
                                + " pragma_freelist_count")) {
            row.next();
            return row.getLong(1);
        }
    }
}
