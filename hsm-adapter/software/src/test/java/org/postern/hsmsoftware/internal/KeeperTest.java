package org.postern.hsmsoftware.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.Eui64;
import org.postern.ecprovider.EcProvider;
import org.postern.hsm.AbstractKeyVault;
import org.postern.hsm.AbstractKeyVault.FoundKey;
import org.postern.hsm.AbstractKeyVault.RawKey;
import org.postern.hsm.KeyPurpose;
import org.postern.hsm.KeyVault;
import org.postern.hsm.KeyVaultException;
import org.postern.hsm.KeyVaultException.Kind;
import org.postern.hsm.ProductionRule;
import org.postern.hsm.ProofAuthority;
import org.postern.hsm.VaultKeeper;
import org.postern.hsmcontract.ContractKey;
import org.postern.hsmcontract.RecordingListener;

/** When a vault is published, kept in use, replaced and withdrawn. */
class KeeperTest {

    private static final EcProvider EC = EcProvider.fastest();
    private static final ContractKey KEY =
            ContractKey.of("is-xml", KeyPurpose.XML_SIGNING, Eui64.parse("90B3D51F30010000"));

    private final List<KeyVault> published = new ArrayList<>();
    private final AtomicLong now = new AtomicLong();
    private volatile Supplier<AbstractKeyVault> opening = this::vault;
    private volatile String files = "1";
    private volatile KeyVaultException objection;
    private volatile boolean signing = true;
    private final AtomicInteger openings = new AtomicInteger();
    private final VaultKeeper keeper = new VaultKeeper(
                    new VaultKeeper.Source() {
                        @Override
                        public String pid() {
                            return "org.postern.hsm.test";
                        }

                        @Override
                        public AbstractKeyVault open() {
                            openings.incrementAndGet();
                            return opening.get();
                        }

                        @Override
                        public String fingerprint() {
                            return files;
                        }
                    },
                    vault -> {
                        synchronized (published) {
                            published.add(vault);
                        }
                        return () -> {
                            synchronized (published) {
                                published.remove(vault);
                            }
                        };
                    },
                    () -> Optional.ofNullable(objection),
                    now::get)
            .start();

    @AfterEach
    void close() {
        keeper.close();
        assertThat(published).isEmpty();
    }

    private AbstractKeyVault vault() {
        return new AbstractKeyVault(
                List.of(new FoundKey(KEY.binding(), KEY.certificate(), new RawKey() {
                    @Override
                    public byte[] sign(byte[] input, int offset, int length) {
                        if (!signing) {
                            throw fails(Kind.TOKEN_OFFLINE);
                        }
                        return EC.sign(EC.privateKey(KEY.privateKey().getEncoded()), input, offset, length);
                    }

                    @Override
                    public byte[] agree(java.security.PublicKey peer) {
                        throw new IllegalStateException("it signs");
                    }
                })),
                new ProductionRule(false),
                new ProofAuthority(),
                new RecordingListener(),
                EC) {};
    }

    private static KeyVaultException fails(Kind kind) {
        return new KeyVaultException(kind, "token", "rule", "cause", "action");
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }

    private boolean open() {
        synchronized (published) {
            return published.size() == 1;
        }
    }

    private Kind trouble() {
        return keeper.trouble()
                .flatMap(fault -> java.util.Arrays.stream(Kind.values())
                        .filter(kind -> kind.code().equals(fault.code()))
                        .findFirst())
                .orElse(null);
    }

    @Test
    void openingAVaultIsRetriedAutomatically() {
        await(this::open);
        objection = fails(Kind.TWO_VAULTS);
        await(() -> !open());
        opening = () -> {
            throw fails(Kind.KEY_TWICE);
        };
        objection = null;
        await(() -> trouble() == Kind.KEY_TWICE);
        opening = this::vault;
        await(() -> {
            now.addAndGet(Duration.ofSeconds(6).toNanos());
            return open();
        });
        await(() -> keeper.trouble().isEmpty());
    }

    @Test
    void aRefusedPinIsRetriedOnlyWhenItsFileHasChangedOrOnRequest() {
        await(this::open);
        objection = fails(Kind.TWO_VAULTS);
        await(() -> !open());
        opening = () -> {
            throw fails(Kind.PIN_REJECTED);
        };
        objection = null;
        await(() -> trouble() == Kind.PIN_REJECTED);
        int before = openings.get();
        now.addAndGet(Duration.ofHours(1).toNanos());
        // two checks pass, each of which would have retried
        CountDownLatch looks = new CountDownLatch(1);
        assertThat(waits(looks, 2500)).isFalse();
        assertThat(openings).hasValue(before);
        opening = this::vault;
        files = "new PIN";
        await(this::open);
    }

    private static boolean waits(CountDownLatch never, long millis) {
        try {
            return never.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void changedFilesThatAreUnusableLeaveThePreviousVaultInUse() {
        await(this::open);
        KeyVault good = published.get(0);
        opening = () -> {
            throw fails(Kind.KEY_MISMATCH);
        };
        files = "2";
        await(() -> !keeper.remarks().isEmpty());
        assertThat(keeper.remarks()).singleElement().satisfies(remark -> {
            assertThat(remark.code()).isEqualTo(Kind.KEY_MISMATCH.code());
            assertThat(remark.cause()).startsWith("cause; ").contains("stays in use");
        });
        assertThat(keeper.trouble()).as("it signs, so it is ready").isEmpty();
        assertThat(published).containsExactly(good);
        opening = this::vault;
        keeper.reopen();
        await(() -> keeper.remarks().isEmpty());
        await(() -> open() && published.get(0) != good);
    }

    @Test
    void thePreviousVaultIsTestedImmediatelyWhereItCannotBeReopened() {
        await(this::open);
        signing = false;
        opening = () -> {
            throw fails(Kind.PIN_REJECTED);
        };
        keeper.reopen();
        await(() -> trouble() == Kind.TOKEN_OFFLINE);
        await(() -> !keeper.remarks().isEmpty());
    }

    @Test
    void aSecondVaultWithdrawsTheOneThatIsOpen() {
        await(this::open);
        objection = fails(Kind.TWO_VAULTS);
        await(() -> trouble() == Kind.TWO_VAULTS);
        assertThat(published).isEmpty();
        objection = null;
        await(this::open);
    }

    @Test
    void anOpeningThatHangsIsReportedAndBlocksNoOtherThread() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        await(this::open);
        opening = () -> {
            inside.countDown();
            waits(release, 20_000);
            return vault();
        };
        keeper.reopen();
        assertThat(inside.await(10, TimeUnit.SECONDS)).isTrue();
        now.addAndGet(Duration.ofSeconds(11).toNanos());
        assertThat(trouble()).isEqualTo(Kind.TOKEN_OFFLINE);
        assertThat(open()).isTrue();
        release.countDown();
        await(() -> keeper.trouble().isEmpty());
    }
}
