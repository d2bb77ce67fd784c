package org.postern.faultsimulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.catalogue.DeliveryKind;
import org.postern.hsm.KeyUse;
import org.postern.ledger.InboundResult;
import org.postern.ledger.Ledger;
import org.postern.ledger.OutboxEntry;

/** The rules can fail: each planted flaw is found. */
class FlawsTest {

    private static final int REQUESTS = 40;
    private static final long SEED = 4;

    @TempDir
    static Path folder;

    private static Keys keys;

    @BeforeAll
    static void keys() {
        keys = new Keys(folder);
    }

    private static List<String> violations(Plants plants) throws Exception {
        return new Simulation(keys, folder, REQUESTS, plants, line -> { }).run(SEED).violations();
    }

    @Test
    void withoutAFlawNothingIsFound() throws Exception {
        assertThat(violations(Plants.NONE)).isEmpty();
    }

    @Test
    void aDeliveryThatReachesNobodyIsFound() throws Exception {
        assertThat(violations(new Plants() {
            @Override
            public boolean drops(OutboxEntry entry) {
                return entry.kind() == DeliveryKind.RESULT;
            }
        })).anyMatch(violation -> violation.startsWith("every accepted request has an outcome"));
    }

    @Test
    void aSecondFinalOutcomeIsFound() throws Exception {
        assertThat(violations(new Plants() {
            @Override
            public boolean doubles(OutboxEntry entry) {
                return true;
            }
        })).anyMatch(violation -> violation.startsWith("one final outcome, told once"));
    }

    @Test
    void aDocumentThatIsAcknowledgedAndForgottenIsFound() throws Exception {
        assertThat(violations(new Plants() {
            @Override
            public Ledger ledger(Ledger real) {
                return (Ledger) Proxy.newProxyInstance(Ledger.class.getClassLoader(), new Class<?>[] {Ledger.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("store")) {
                        return new InboundResult(InboundResult.Outcome.STORED, "i000000000000-0000000000000000");
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
            }
        })).anyMatch(violation -> violation.startsWith("nothing acknowledged is forgotten"));
    }

    @Test
    void otherBytesUnderOneRequestIdAreFound() throws Exception {
        Map<String, Integer> times = new HashMap<>();
        assertThat(violations(new Plants() {
            @Override
            public byte[] sent(byte[] document) {
                int again = times.merge(Oracle.digest(document), 1, Integer::sum);
                byte[] changed = java.util.Arrays.copyOf(document, document.length + (again > 1 ? 1 : 0));
                if (again > 1) {
                    changed[document.length] = '\n';
                }
                return changed;
            }
        })).anyMatch(violation -> violation.startsWith("one content under one RequestID"));
    }

    @Test
    void aSignatureThatIsNotOnRecordIsFound() throws Exception {
        assertThat(violations(new Plants() {
            @Override
            public boolean unlogged(KeyUse use) {
                return use.operation() == KeyUse.Operation.SIGN_PRE_COMMAND;
            }
        })).anyMatch(violation -> violation.startsWith("the security log tells of each signature"));
    }
}
