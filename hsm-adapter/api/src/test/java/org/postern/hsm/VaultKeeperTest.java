package org.postern.hsm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.Fault;
import org.postern.catalogue.FaultCode;
import org.postern.hsm.KeyVaultException.Kind;
import org.postern.testkit.Await;

/** When the keeper opens, publishes, replaces, tests and withdraws a vault. The test runs each check directly. */
class VaultKeeperTest {

    private static final TestKey KEY = TestKey.of("is-xml", KeyPurpose.XML_SIGNING);

    private final List<KeyVault> published = new CopyOnWriteArrayList<>();
    private final AtomicLong now = new AtomicLong(1_000_000_000_000L);
    private volatile Supplier<AbstractKeyVault> opening = VaultKeeperTest::vault;
    private String files = "1";
    private KeyVaultException objection;
    private int openings;
    private volatile Runnable duringPublishing = () -> {};

    private final VaultKeeper keeper = new VaultKeeper(
            new VaultKeeper.Source() {
                @Override
                public String pid() {
                    return "org.postern.hsm.test";
                }

                @Override
                public AbstractKeyVault open() {
                    openings++;
                    return opening.get();
                }

                @Override
                public String fingerprint() {
                    return files;
                }
            },
            vault -> {
                published.add(vault);
                duringPublishing.run();
                return () -> published.remove(vault);
            },
            () -> Optional.ofNullable(objection),
            now::get);

    @AfterEach
    void close() throws Exception {
        KEY.failure = null;
        keeper.close();
        Await.until("nothing is published after closing", Duration.ofSeconds(20), published::isEmpty);
    }

    private static AbstractKeyVault vault() {
        return new AbstractKeyVault(
                List.of(KEY.found()),
                new ProductionRule(false),
                new ProofAuthority(),
                new KeyUseListener() {
                    @Override
                    public void beforeRelease(KeyUse use) {
                        throw new IllegalStateException("no key is used");
                    }

                    @Override
                    public void refused(KeyUse use, KeyVaultException why) {
                        throw new IllegalStateException("no key is used");
                    }
                },
                TestKey.EC) {};
    }

    private static KeyVaultException failure(Kind kind) {
        return new KeyVaultException(kind, "field", "rule", "cause", "action");
    }

    private static Supplier<AbstractKeyVault> fails(Kind kind) {
        return () -> {
            throw failure(kind);
        };
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private Optional<FaultCode> trouble() {
        return keeper.trouble().map(Fault::kind);
    }

    @Test
    void beforeTheFirstOpeningThereIsNoVault() {
        assertThat(keeper.part()).isEqualTo("key vault");
        assertThat(trouble()).contains(Kind.TOKEN_OFFLINE);
        assertThat(keeper.trouble())
                .hasValueSatisfying(f -> assertThat(f.cause()).isEqualTo("it is being opened"));
        assertThat(keeper.remarks()).isEmpty();
        assertThat(keeper.figures()).isEmpty();
        keeper.tick();
        assertThat(published).hasSize(1);
        assertThat(trouble()).isEmpty();
        assertThat(keeper.remarks()).isEmpty();
    }

    @Test
    void anOpenVaultIsNotOpenedAgainWithoutReason() {
        keeper.tick();
        for (int i = 0; i < 100; i++) {
            pass(Duration.ofSeconds(30));
            keeper.tick();
        }
        assertThat(openings).isEqualTo(1);
    }

    @Test
    void openingAVaultIsRetriedAfterFiveSeconds() {
        opening = fails(Kind.TOKEN_OFFLINE);
        keeper.tick();
        assertThat(trouble()).contains(Kind.TOKEN_OFFLINE);
        assertThat(keeper.remarks()).as("there is no previous vault").isEmpty();
        pass(Duration.ofMillis(4_999));
        keeper.tick();
        assertThat(openings).isEqualTo(1);
        pass(Duration.ofMillis(1));
        keeper.tick();
        assertThat(openings).isEqualTo(2);
        opening = VaultKeeperTest::vault;
        pass(Duration.ofSeconds(5));
        keeper.tick();
        assertThat(published).hasSize(1);
        assertThat(trouble()).isEmpty();
    }

    @Test
    void aRefusedPinIsNotRetriedUntilItsFileHasChanged() {
        opening = fails(Kind.PIN_REJECTED);
        keeper.tick();
        pass(Duration.ofDays(1));
        keeper.tick();
        assertThat(openings).isEqualTo(1);
        files = "2";
        keeper.tick();
        assertThat(openings).isEqualTo(2);
        keeper.reopen();
        keeper.tick();
        assertThat(openings).isEqualTo(3);
        keeper.tick();
        assertThat(openings).as("a request to open is served once").isEqualTo(3);
    }

    @Test
    void changedFilesReopenTheVaultAndTheNewOneIsPublishedBeforeThePreviousIsWithdrawn() {
        keeper.tick();
        KeyVault former = published.get(0);
        files = "2";
        List<Integer> together = new ArrayList<>();
        duringPublishing = () -> together.add(published.size());
        keeper.tick();
        assertThat(together).containsExactly(2);
        assertThat(published).hasSize(1).doesNotContain(former);
    }

    @Test
    void thePreviousVaultStaysInUseWhereTheNewOneCannotBeOpened() {
        keeper.tick();
        KeyVault former = published.get(0);
        opening = fails(Kind.KEY_TWICE);
        files = "2";
        keeper.tick();
        assertThat(published).containsExactly(former);
        assertThat(trouble()).as("it signs, so it is ready").isEmpty();
        assertThat(keeper.remarks()).singleElement().satisfies(remark -> {
            assertThat(remark.kind()).isEqualTo(Kind.KEY_TWICE);
            assertThat(remark.cause()).startsWith("cause; ");
        });
        pass(Duration.ofSeconds(5));
        keeper.tick();
        assertThat(openings).as("retried").isEqualTo(3);
        opening = VaultKeeperTest::vault;
        pass(Duration.ofSeconds(5));
        keeper.tick();
        assertThat(keeper.remarks()).isEmpty();
        assertThat(published).hasSize(1).doesNotContain(former);
    }

    @Test
    void theKeysOfThePreviousVaultAreTestedImmediatelyWhereTheNewOneCannotBeOpened() {
        keeper.tick();
        KEY.failure = failure(Kind.TOKEN_OFFLINE);
        opening = fails(Kind.PIN_REJECTED);
        keeper.reopen();
        keeper.tick();
        assertThat(trouble()).contains(Kind.TOKEN_OFFLINE);
    }

    @Test
    void theKeysOfAnOpenVaultAreTestedEveryMinuteAndEveryFiveSecondsAfterAFailure() {
        keeper.tick();
        int before = KEY.operations;
        pass(Duration.ofMillis(59_999));
        keeper.tick();
        assertThat(KEY.operations).isEqualTo(before);
        KEY.failure = failure(Kind.TOKEN_OFFLINE);
        pass(Duration.ofMillis(1));
        keeper.tick();
        assertThat(KEY.operations).isEqualTo(before + 1);
        assertThat(trouble()).contains(Kind.TOKEN_OFFLINE);
        KEY.failure = null;
        pass(Duration.ofMillis(4_999));
        keeper.tick();
        assertThat(trouble()).contains(Kind.TOKEN_OFFLINE);
        pass(Duration.ofMillis(1));
        keeper.tick();
        assertThat(trouble()).isEmpty();
        pass(Duration.ofSeconds(5));
        int after = KEY.operations;
        keeper.tick();
        assertThat(KEY.operations).isEqualTo(after);
        assertThat(openings).isEqualTo(1);
    }

    @Test
    void anObjectionWithdrawsTheVaultAndItIsReopenedWhenTheObjectionEnds() {
        keeper.tick();
        objection = failure(Kind.TWO_VAULTS);
        keeper.tick();
        assertThat(published).isEmpty();
        assertThat(trouble()).contains(Kind.TWO_VAULTS);
        pass(Duration.ofHours(1));
        keeper.tick();
        assertThat(openings).as("nothing is opened against an objection").isEqualTo(1);
        objection = null;
        keeper.tick();
        assertThat(published).hasSize(1);
        assertThat(trouble()).isEmpty();
    }

    @Test
    void anOpeningThatTakesLongerThanTenSecondsIsReportedWithItsTime() {
        keeper.tick();
        List<Optional<Fault>> seen = new ArrayList<>();
        opening = () -> {
            pass(Duration.ofSeconds(10));
            seen.add(keeper.trouble());
            pass(Duration.ofSeconds(2));
            seen.add(keeper.trouble());
            return vault();
        };
        keeper.reopen();
        keeper.tick();
        assertThat(seen.get(0)).as("within its time").isEmpty();
        assertThat(seen.get(1)).hasValueSatisfying(fault -> {
            assertThat(fault.kind()).isEqualTo(Kind.TOKEN_OFFLINE);
            assertThat(fault.cause()).isEqualTo("it has been opening for 12 s");
        });
        assertThat(keeper.trouble()).isEmpty();
    }

    @Test
    void publishingAndAFailedOpeningDoNotCountAsAnOpeningThatHangs() {
        List<Optional<Fault>> seen = new ArrayList<>();
        duringPublishing = () -> {
            pass(Duration.ofMinutes(1));
            seen.add(keeper.trouble());
        };
        keeper.tick();
        assertThat(seen).containsExactly(Optional.empty());
        opening = fails(Kind.KEY_TWICE);
        keeper.reopen();
        keeper.tick();
        pass(Duration.ofMinutes(1));
        assertThat(keeper.trouble()).isEmpty();
    }

    @Test
    void aVaultThatOpensAfterClosingIsNotPublished() {
        opening = () -> {
            keeper.close();
            return vault();
        };
        List<KeyVault> everPublished = new ArrayList<>();
        duringPublishing = () -> everPublished.addAll(published);
        keeper.tick();
        assertThat(everPublished).isEmpty();
    }

    /** Otherwise a vault of the previous configuration would remain registered. */
    @Test
    void aVaultThatIsPublishedWhileTheKeeperClosesIsWithdrawn() {
        duringPublishing = keeper::close;
        keeper.tick();
        assertThat(published).isEmpty();
    }

    @Test
    void itsThreadOpensTheVaultAndContinuesAfterAFailedCheck() throws Exception {
        List<String> threads = new CopyOnWriteArrayList<>();
        opening = () -> {
            threads.add(Thread.currentThread().getName() + " "
                    + Thread.currentThread().isDaemon());
            if (threads.size() == 1) {
                throw new IllegalStateException("unforeseen");
            }
            return vault();
        };
        // a new thread inherits from the thread that creates it whether it is a daemon, and this thread is not one
        Thread starter = new Thread(keeper::start);
        starter.setDaemon(false);
        starter.start();
        starter.join();
        Await.until("the vault is published", Duration.ofSeconds(20), () -> {
            pass(Duration.ofSeconds(5));
            return !published.isEmpty();
        });
        assertThat(threads).hasSizeGreaterThan(1).containsOnly("postern-key-vault true");
    }

    @Test
    void figuresAreThoseOfTheSource() {
        VaultKeeper other = new VaultKeeper(
                new VaultKeeper.Source() {
                    @Override
                    public String pid() {
                        return "p";
                    }

                    @Override
                    public AbstractKeyVault open() {
                        return vault();
                    }

                    @Override
                    public String fingerprint() {
                        return "";
                    }

                    @Override
                    public Map<String, Long> figures() {
                        return Map.of("sessions", 3L);
                    }
                },
                vault -> () -> {},
                Optional::empty,
                now::get);
        assertThat(other.figures()).containsEntry("sessions", 3L);
        other.close();
    }
}
