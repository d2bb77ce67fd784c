package org.postern.servicerequests.internal.topup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.servicerequests.internal.topup.TopUpBench.METER;
import static org.postern.servicerequests.internal.topup.TopUpBench.SUPPLIER;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.catalogue.Channel;
import org.postern.catalogue.RequestId;
import org.postern.gbcs.TopUpToken;
import org.postern.servicerequests.Admission;
import org.postern.servicerequests.Submission;
import org.postern.servicerequests.TopUpAmount;
import org.postern.testkit.Rtds;

/** A request 2.2 with its own token: the checks without its key, and the order of counters. */
class TokenFromElsewhereTest {

    private static final long OFFSET = 7394156990786306048L;

    @TempDir
    Path folder;

    private TopUpBench bench;

    @BeforeEach
    void open() {
        bench = new TopUpBench(folder);
    }

    @AfterEach
    void close() {
        if (bench != null) { // skipped without reference data
            bench.close();
        }
    }

    private Admission admit(String xml, String correlation) {
        return bench.submissions.admit(new Submission(
                Channel.HTTP,
                Submission.Format.XML,
                xml.getBytes(StandardCharsets.UTF_8),
                Optional.empty(),
                Optional.ofNullable(correlation),
                Optional.empty(),
                "vending"));
    }

    private static String request(String counter, String digits) {
        return "<sr:Request xmlns:sr=\"http://www.dccinterface.co.uk/ServiceUserGateway\""
                + " schemaVersion=\"5.4\"><sr:Header><sr:RequestID>"
                + SUPPLIER.dashed() + ":" + METER.dashed() + ":" + counter
                + "</sr:RequestID><sr:CommandVariant>1</sr:CommandVariant>"
                + "<sr:ServiceReference>2.2</sr:ServiceReference><sr:ServiceReferenceVariant>2.2</sr:ServiceReferenceVariant></sr:Header>"
                + "<sr:Body><sr:TopUpDevice><sr:UTRN>" + digits + "</sr:UTRN></sr:TopUpDevice></sr:Body></sr:Request>";
    }

    private static String request(long n, int valueClass, int value) {
        return request(Long.toUnsignedString(n << 32), token(n, valueClass, value));
    }

    /** By hand: counter bits at 47, class at 45, value at 32; any MAC. */
    private static String token(long n, int valueClass, int value) {
        String nineteen = Long.toString(
                OFFSET + ((n & 0x3FF) << 47) + ((long) valueClass << 45) + ((long) value << 32) + 0x1234_5678L);
        return nineteen + TopUpToken.checkDigit(nineteen);
    }

    private static void refused(Admission admission, String code) {
        assertThat(admission).isInstanceOfSatisfying(Admission.Refused.class, r -> {
            assertThat(r.fault().code()).isEqualTo(code);
            assertThat(r.worthRepeating()).isFalse();
        });
    }

    private static long counter(Admission admission) {
        assertThat(admission).isInstanceOf(Admission.Accepted.class);
        return RequestId.parse(((Admission.Accepted) admission).requestId()).counter();
    }

    private long own() {
        return counter(bench.topUp(METER, new TopUpAmount(TopUpAmount.Unit.PENCE, 100), null)) >>> 32;
    }

    @Test
    void theReferenceRequestIsAdmittedUnderItsOwnCounterAndOursGoOnAboveIt() throws Exception {
        String given = Files.readString(Rtds.required().requests().stream()
                .filter(f -> f.toString().endsWith("CS01a_2.2_SUCCESS_REQUEST_DUIS.XML"))
                .findFirst()
                .orElseThrow());
        String unsigned = given.replaceAll("(?s)<ds:Signature.*</ds:Signature>", "");
        Admission admission = admit(unsigned, "v1");
        assertThat(counter(admission)).isEqualTo(3L << 32);
        assertThat(((Admission.Accepted) admission).token())
                .as("it is the caller's own")
                .isEmpty();
        assertThat(((Admission.Accepted) admit(unsigned, "v1")).repeated()).isTrue();
        refused(admit(unsigned, "v2"), "PST-6004");
        assertThat(own()).isEqualTo(4);
    }

    @Test
    void aCounterThatWentBackwardsIsRefused() {
        assertThat(own()).isEqualTo(1);
        assertThat(own()).isEqualTo(2);
        refused(admit(request(2, 0, 100), null), "PST-6004");
        assertThat(counter(admit(request(9, 0, 100), null))).isEqualTo(9L << 32);
        for (long n = 3; n < 9; n++) {
            refused(admit(request(n, 0, 100), null), "PST-6009");
        }
        bench.ledger.counters().raisePrepayment(SUPPLIER, METER, 500L << 32);
        refused(admit(request(500, 0, 100), null), "PST-6009");
        assertThat(counter(admit(request(501, 1, 20), null))).isEqualTo(501L << 32);
    }

    // the token contains ten bits: 1029 and 5 are the same, and the RequestID decides
    @Test
    void theTenBitsWrapAndTheWholeCounterDecides() {
        assertThat(counter(admit(request("" + (1029L << 32), token(5, 0, 100)), null)))
                .isEqualTo(1029L << 32);
        refused(admit(request("" + (5L << 32), token(1029, 0, 100)), null), "PST-6009");
        assertThat(own()).isEqualTo(1030);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        another counter than the token's | PST-2254 | 12884901888          | 4 | 0 | 100
        low word not zero                | PST-2254 | 12884901889          | 3 | 0 | 100
        zero                             | PST-2254 | 0                    | 0 | 0 | 100
        2^63                             | PST-2254 | 9223372036854775808  | 0 | 0 | 100
        epoch milliseconds               | PST-2254 | 1790000000000        | 3 | 0 | 100
        no such class                    | PST-3062 | 12884901888          | 3 | 2 | 100
        worth nothing                    | PST-2255 | 12884901888          | 3 | 1 | 0
        """)
    void whatDoesNotAgreeIsRefused(String what, String code, String counter, long n, int valueClass, int value) {
        refused(admit(request(counter, token(n, valueClass, value)), null), code);
        assertThat(own()).isEqualTo(1);
    }

    @Test
    void digitsThatAreNoTokenAreRefused() {
        String good = token(3, 0, 100);
        refused(
                admit(request("12884901888", good.substring(0, 19) + (good.charAt(19) == '0' ? '1' : '0')), null),
                "PST-3060");
        refused(
                admit(
                        request("12884901888", "0000000000000000000" + TopUpToken.checkDigit("0000000000000000000")),
                        null),
                "PST-3063");
    }

    @Test
    void theJsonFormCannotBringATokenSinceItNamesNoCounter() {
        String json = "{\"service\":\"2.2\",\"device\":\"" + METER.dashed() + "\",\"role\":\"IS\",\"body\":{\"UTRN\":\""
                + token(1, 0, 100) + "\"}}";
        refused(bench.submissions.admit(bench.json(json, null, null)), "PST-2254");
    }
}
