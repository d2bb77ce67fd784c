package org.postern.faultsimulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.catalogue.DeliveryKind;
import org.postern.catalogue.Sha256;
import org.postern.duis.DuisRequest;
import org.postern.hsm.KeyUse;
import org.postern.hsm.ProofMint;
import org.postern.ledger.Counters;
import org.postern.ledger.InboundDocument;
import org.postern.ledger.InboundResult;
import org.postern.ledger.Ledger;
import org.postern.ledger.OutboxEntry;
import org.postern.parsecorrelate.Correlation;
import org.postern.parsecorrelate.Correlator;

/** The rules can fail: each planted flaw is found. */
class FlawsTest {

    private static final int REQUESTS = 60;
    private static final long SEED = 4;
    private static final long SEEDS = 12;
    /** Delivered of a document that is nowhere. */
    private static final InboundResult NOT_KEPT =
            new InboundResult(InboundResult.Outcome.STORED, "i000000000000-0000000000000000");

    @TempDir
    static Path folder;

    private static final Map<Long, List<String>> UNPLANTED = new HashMap<>();

    private static Keys keys;

    @BeforeAll
    static void keys() {
        keys = new Keys(folder);
    }

    /**
     * Some flaws show only where the seed brings a kill or a repetition at the right moment: one of the next seeds
     * does, and nothing is wrong with it but the flaw.
     */
    private static void found(String rule, Supplier<Plants> plants) throws Exception {
        List<String> all = new ArrayList<>();
        long seed = SEED - 1;
        while (seed < SEED + SEEDS && all.stream().noneMatch(violation -> violation.startsWith(rule))) {
            seed++;
            all.addAll(violations(seed, plants.get()));
        }
        assertThat(all)
                .as("seeds %d to %d with the flaw", SEED, seed)
                .anyMatch(violation -> violation.startsWith(rule));
        withoutAFlaw(seed);
    }

    private static List<String> violations(Plants plants) throws Exception {
        return violations(SEED, plants);
    }

    private static List<String> violations(long seed, Plants plants) throws Exception {
        return new Simulation(keys, folder, REQUESTS, plants, line -> {})
                .run(seed)
                .violations();
    }

    private static void withoutAFlaw(long seed) throws Exception {
        if (!UNPLANTED.containsKey(seed)) {
            UNPLANTED.put(seed, violations(seed, Plants.NONE));
        }
        assertThat(UNPLANTED.get(seed)).as("seed %d without the flaw", seed).isEmpty();
    }

    @Test
    void withoutAFlawNothingIsFound() throws Exception {
        withoutAFlaw(SEED);
    }

    @Test
    void aDeliveryThatReachesNobodyIsFound() throws Exception {
        assertThat(violations(new Plants() {
                    @Override
                    public boolean drops(OutboxEntry entry) {
                        return entry.kind() == DeliveryKind.RESULT;
                    }
                }))
                .anyMatch(violation -> violation.startsWith("every accepted request has an outcome"));
    }

    @Test
    void aSecondFinalOutcomeIsFound() throws Exception {
        assertThat(violations(new Plants() {
                    @Override
                    public boolean doubles(OutboxEntry entry) {
                        return true;
                    }
                }))
                .anyMatch(violation -> violation.startsWith("one final outcome, delivered once"));
    }

    /** A ledger of which one method answers otherwise; what that gives as null is answered by the ledger. */
    private static Ledger ledger(Ledger real, Function<String, Object> otherwise) {
        return ledger(real, (method, arguments) -> otherwise.apply(method));
    }

    private static Ledger ledger(Ledger real, BiFunction<String, Object[], Object> otherwise) {
        return (Ledger) Proxy.newProxyInstance(
                Ledger.class.getClassLoader(), new Class<?>[] {Ledger.class}, (proxy, method, arguments) -> {
                    Object other = otherwise.apply(method.getName(), arguments);
                    if (other != null) {
                        return other;
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /**
     * Plants that begin with the second life of the process: what is not on its timers or in its memory is forgotten.
     */
    private static Plants afterAKill(String method) {
        return new Plants() {
            private int lives;

            @Override
            public Ledger ledger(Ledger real) {
                return ++lives == 1 ? real : FlawsTest.ledger(real, name -> name.equals(method) ? List.of() : null);
            }
        };
    }

    @Test
    void aDocumentThatIsAcknowledgedAndForgottenIsFound() throws Exception {
        assertThat(violations(new Plants() {
                    @Override
                    public Ledger ledger(Ledger real) {
                        return FlawsTest.ledger(real, name -> name.equals("store") ? NOT_KEPT : null);
                    }
                }))
                .anyMatch(violation -> violation.startsWith("nothing acknowledged is forgotten"));
    }

    @Test
    void anAlertThatIsAcknowledgedAndForgottenIsFound() throws Exception {
        found("nothing acknowledged is forgotten: the alert", () -> new Plants() {
            @Override
            public Ledger ledger(Ledger real) {
                return FlawsTest.ledger(
                        real,
                        (name, arguments) -> name.equals("store")
                                        && arguments[0] instanceof InboundDocument document
                                        && Oracle.alert(document.body())
                                ? NOT_KEPT
                                : null);
            }
        });
    }

    @Test
    void anOrderThatGivesARequestEachTimeIsFound() throws Exception {
        found("one request for one order", () -> new Plants() {
            @Override
            public void beforeCommit(Connection connection) throws SQLException {
                execute(connection, "UPDATE requests SET idempotency_key = NULL WHERE idempotency_key IS NOT NULL");
            }
        });
    }

    /** By another RequestID than the ledger has: nobody would find what the DCC answers. */
    @Test
    void aRequestAtTheDccThatIsNotInTheLedgerIsFound() throws Exception {
        found("what reached the DCC is in the ledger", () -> new Plants() {
            private int documents;

            @Override
            public byte[] sent(byte[] document) {
                return ++documents == 5
                        ? new String(document, StandardCharsets.UTF_8)
                                .replaceFirst("(RequestID>[^<]+:)\\d+(\\s*<)", "$1987654321$2")
                                .getBytes(StandardCharsets.UTF_8)
                        : document;
            }
        });
    }

    @Test
    void aRequestThatWentFromTheLedgerAfterItWasAnsweredIsFound() throws Exception {
        found("what reached the DCC is in the ledger", () -> new Plants() {
            @Override
            public void beforeCommit(Connection connection) throws SQLException {
                execute(connection, "DELETE FROM requests WHERE state = 'DELIVERED'");
            }
        });
    }

    /** Once, where nothing hinders it: the next one succeeds. */
    @Test
    void aStartThatFailsAfterAKillIsFound() throws Exception {
        found("it starts again: start ", () -> new Plants() {
            private int lives;

            @Override
            public Ledger ledger(Ledger real) {
                if (++lives == 2) {
                    throw new IllegalStateException("planted");
                }
                return real;
            }
        });
    }

    @Test
    void anOutcomeThatIsForgottenAfterAKillIsFound() throws Exception {
        found("everything is delivered", () -> afterAKill("deliveriesOutstanding"));
    }

    @Test
    void aDocumentThatIsForgottenAfterAKillIsFound() throws Exception {
        found("everything is processed", () -> afterAKill("processingOutstanding"));
    }

    @Test
    void aRequestThatIsForgottenAfterAKillIsFound() throws Exception {
        found("every request comes to an end", () -> afterAKill("stepsOutstanding"));
    }

    @Test
    void aPreCommandThatIsSignedWithoutComparisonIsFound() throws Exception {
        assertThat(violations(new Plants() {
                    @Override
                    public Correlator correlator(Correlator real, ProofMint mint) {
                        return (Correlator) Proxy.newProxyInstance(
                                Correlator.class.getClassLoader(),
                                new Class<?>[] {Correlator.class},
                                (proxy, method, arguments) -> {
                                    Object result = method.invoke(real, arguments);
                                    return result instanceof Correlation.Different different
                                            ? new Correlation.Identical(
                                                    different.useCase(),
                                                    Sha256.hex((byte[]) arguments[1]),
                                                    different.ruleVersion(),
                                                    List.of(),
                                                    Optional.of(mint.mint(
                                                            ((DuisRequest) arguments[0])
                                                                    .requestId()
                                                                    .toString(),
                                                            (byte[]) arguments[1])))
                                            : result;
                                });
                    }

                    @Override
                    public List<String> dccFaults() {
                        return List.of("alter-pre-command cv=4");
                    }
                }))
                .anyMatch(violation -> violation.startsWith("nothing is signed without proof"));
    }

    @Test
    void aCounterThatIsGivenTwiceIsFound() throws Exception {
        assertThat(violations(new Plants() {
                    @Override
                    public Ledger ledger(Ledger real) {
                        Map<Object, Object> before = new HashMap<>();
                        Object counters = Proxy.newProxyInstance(
                                Counters.class.getClassLoader(),
                                new Class<?>[] {Counters.class},
                                (proxy, method, arguments) -> {
                                    if (method.getName().equals("next") && before.containsKey(arguments[0])) {
                                        return before.remove(arguments[0]);
                                    }
                                    Object next = method.invoke(real.counters(), arguments);
                                    if (method.getName().equals("next")) {
                                        before.put(arguments[0], next);
                                    }
                                    return next;
                                });
                        return FlawsTest.ledger(real, name -> name.equals("counters") ? counters : null);
                    }
                }))
                .anyMatch(violation -> violation.startsWith("no counter twice"));
    }

    @Test
    void aStateThatGoesBackIsFound() throws Exception {
        assertThat(violations(new Plants() {
                    @Override
                    public void beforeCommit(Connection connection) throws SQLException {
                        execute(connection, "UPDATE steps SET to_state = 'ADMITTED' WHERE to_state = 'ACKNOWLEDGED'");
                    }
                }))
                .anyMatch(violation -> violation.startsWith("states only forward"));
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    @Test
    void anOutcomeThatIsNotTrueIsFound() throws Exception {
        assertThat(violations(changed(entry -> Map.of("outcome", "success"))))
                .anyMatch(violation -> violation.startsWith("what is delivered is true"));
    }

    @Test
    void aDeliveryThatComesAgainWithAnotherContentIsFound() throws Exception {
        Map<String, Integer> times = new HashMap<>();
        found(
                "the same delivery is the same",
                () -> changed(entry -> Map.of("time", Integer.toString(times.merge(entry.id(), 1, Integer::sum)))));
    }

    /** Deliveries whose headers say more, or something else, than they should. */
    private static Plants changed(Function<OutboxEntry, Map<String, String>> headers) {
        return new Plants() {
            @Override
            public OutboxEntry told(OutboxEntry entry) {
                Map<String, String> all = new HashMap<>(entry.headers());
                all.putAll(headers.apply(entry));
                return OutboxEntry.pending(
                        entry.id(),
                        entry.request(),
                        entry.kind(),
                        entry.destination(),
                        all,
                        entry.contentType(),
                        entry.body(),
                        entry.json());
            }
        };
    }

    @Test
    void otherBytesUnderOneRequestIdAreFound() throws Exception {
        Map<String, Integer> times = new HashMap<>();
        found("one content under one RequestID", () -> new Plants() {
            @Override
            public byte[] sent(byte[] document) {
                int again = times.merge(Sha256.hex(document), 1, Integer::sum);
                byte[] changed = java.util.Arrays.copyOf(document, document.length + (again > 1 ? 1 : 0));
                if (again > 1) {
                    changed[document.length] = '\n';
                }
                return changed;
            }
        });
    }

    @Test
    void aSignatureThatIsNotOnRecordIsFound() throws Exception {
        assertThat(violations(new Plants() {
                    @Override
                    public boolean unlogged(KeyUse use) {
                        return use.operation() == KeyUse.Operation.SIGN_PRE_COMMAND;
                    }
                }))
                .anyMatch(violation -> violation.startsWith("the security log records each signature"));
    }

    @Test
    void oneSignatureOfManyThatIsNotOnRecordIsFound() throws Exception {
        assertThat(violations(new Plants() {
                    private int documents;

                    @Override
                    public boolean unlogged(KeyUse use) {
                        return use.operation() == KeyUse.Operation.SIGN_XML && ++documents == 5;
                    }
                }))
                .singleElement()
                .satisfies(violation ->
                        assertThat(violation).startsWith("the security log records each signature: SIGN_XML"));
    }
}
