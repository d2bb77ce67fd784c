package org.postern.appliance.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.postern.appliance.ApplianceFault;
import org.postern.catalogue.Fault;
import org.postern.catalogue.PartHealth;

class PartChecksTest {

    private final AtomicLong now = new AtomicLong();
    private final PartChecks checks = new PartChecks(now::get);

    private static PartHealth part(String name, Supplier<Optional<Fault>> trouble) {
        return new PartHealth() {
            @Override
            public String part() {
                return name;
            }

            @Override
            public Optional<Fault> trouble() {
                return trouble.get();
            }
        };
    }

    @Test
    void theHealthOfAPartIsStoredUntilItChangesOrThePartIsRemoved() {
        boolean[] broken = {true};
        PartHealth gateway = part(
                "gateway",
                () -> broken[0]
                        ? Optional.of(ApplianceFault.FILE_NOT_OPEN.fault("gateway", "it does not"))
                        : Optional.empty());
        checks.add(gateway);
        assertThat(checks.troubles()).as("not asked yet").isEmpty();
        checks.poll();
        assertThat(checks.troubles().get("gateway"))
                .hasValueSatisfying(reason -> assertThat(reason).contains("PST-7095"));
        broken[0] = false;
        checks.poll();
        assertThat(checks.troubles()).containsEntry("gateway", Optional.empty());
        checks.remove(gateway);
        assertThat(checks.troubles()).isEmpty();
    }

    @Test
    void aCheckThatFailsIsReportedAsTroubleAndTheOthersArePolled() {
        checks.add(part("a", () -> {
            throw new IllegalStateException("gone");
        }));
        checks.add(part("b", Optional::empty));
        checks.poll();
        assertThat(checks.troubles().get("a")).isPresent();
        assertThat(checks.troubles()).containsEntry("b", Optional.empty());
    }

    /** A part whose bundle is being refreshed: its classes can no longer be found. */
    @Test
    void aPartWhoseClassesAreGoneEndsNeitherThePollsNorTheOthersFigures() {
        checks.add(new PartHealth() {
            @Override
            public String part() {
                return "a";
            }

            @Override
            public Optional<Fault> trouble() {
                throw new NoClassDefFoundError("org/postern/a/Gone");
            }

            @Override
            public java.util.List<Fault> remarks() {
                throw new NoClassDefFoundError("org/postern/a/Gone");
            }

            @Override
            public java.util.Map<String, Long> figures() {
                throw new NoClassDefFoundError("org/postern/a/Gone");
            }
        });
        PartHealth other = new PartHealth() {
            @Override
            public String part() {
                return "b";
            }

            @Override
            public Optional<Fault> trouble() {
                return Optional.empty();
            }

            @Override
            public java.util.Map<String, Long> figures() {
                return java.util.Map.of("postern_b", 3L);
            }
        };
        checks.add(other);
        checks.poll();
        assertThat(checks.troubles().get("a"))
                .hasValueSatisfying(reason -> assertThat(reason).contains("NoClassDefFoundError"));
        assertThat(checks.troubles()).containsEntry("b", Optional.empty());
        assertThat(checks.figures()).containsEntry("postern_b", 3L);
        assertThat(checks.remarks()).isEmpty();
    }

    @Test
    void aCheckThatHangsIsReportedAsTrouble() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        checks.add(part("token", () -> {
            inside.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Optional.empty();
        }));
        Thread look = new Thread(checks::poll);
        look.start();
        assertThat(inside.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(checks.troubles()).isEmpty();
        now.addAndGet(PartChecks.HANGS_AFTER.toNanos() + 1);
        assertThat(checks.troubles().get("token"))
                .hasValueSatisfying(reason -> assertThat(reason).contains("not answered"));
        release.countDown();
        look.join(10_000);
        assertThat(checks.troubles()).containsEntry("token", Optional.empty());
    }
}
