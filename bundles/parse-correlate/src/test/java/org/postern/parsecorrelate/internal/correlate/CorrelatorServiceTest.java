package org.postern.parsecorrelate.internal.correlate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.annotation.Annotation;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.RequestId;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisRequest;
import org.postern.hsm.KeyVaultException;
import org.postern.hsm.ProofAuthority;
import org.postern.inventory.DeviceFacts;
import org.postern.parsecorrelate.Correlation;
import org.postern.parsecorrelate.Correlator;
import org.postern.parsecorrelate.Transformer;

/** The correlator of the appliance has the only mint, and makes a proof for identical messages only. */
class CorrelatorServiceTest {

    private static final RequestId ID =
            new RequestId(Eui64.parse("90B3D51F30010000"), Eui64.parse("00DB1234567890A0"), 7);
    private static final DuisRequest ENABLE =
            new DuisRequest(ID, CommandVariant.CV4, "7.1", "7.1", DuisElement.of("EnableSupply"));
    private static final DeviceFacts METER = DeviceFacts.of(ID.target(), DeviceType.ESME);
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private final ProofAuthority authority = new ProofAuthority();

    private static CorrelatorService.Config tolerance(int seconds) {
        return new CorrelatorService.Config() {
            @Override
            public int buildTimeToleranceSeconds() {
                return seconds;
            }

            @Override
            public Class<? extends Annotation> annotationType() {
                return CorrelatorService.Config.class;
            }
        };
    }

    @Test
    void anIdenticalPreCommandComesWithAProofOfItsBytes() {
        CorrelatorService service = new CorrelatorService(authority, tolerance(600));
        byte[] preCommand = Transformer.fromTables().transform(ENABLE, METER, NOW);
        Correlation verdict = service.correlate(ENABLE, preCommand, METER, NOW);
        assertThat(verdict).isInstanceOfSatisfying(Correlation.Identical.class, identical -> {
            assertThat(identical.useCase()).isEqualTo("ECS42");
            assertThat(identical.proof()).hasValueSatisfying(proof -> {
                assertThat(proof.requestId()).isEqualTo(ID.toString());
                assertThat(proof.preCommandSha256()).isEqualTo(identical.sha256());
            });
        });
    }

    @Test
    void aDifferentPreCommandComesWithNone() {
        CorrelatorService service = new CorrelatorService(authority, tolerance(600));
        byte[] preCommand = Transformer.fromTables().transform(ENABLE, METER, NOW);
        preCommand[preCommand.length - 1]++;
        assertThat(service.correlate(ENABLE, preCommand, METER, NOW)).isInstanceOf(Correlation.Different.class);
    }

    /** Unchanged fields between a length and a count that are both encoded in another way are not a difference. */
    @Test
    void aDifferenceShowsTwoThingsThatDiffer() {
        byte[] right = Transformer.fromTables().transform(ENABLE, METER, NOW);
        int contentLength = 33;
        int count = contentLength + 7;
        assertThat(right[contentLength]).isEqualTo((byte) (right.length - contentLength - 1));
        byte[] wide = Arrays.copyOf(right, right.length + 1);
        System.arraycopy(right, count, wide, count + 1, right.length - count);
        wide[count] = (byte) 0x81;
        wide[contentLength]++;
        assertThat(Correlator.withoutProof(Correlator.DEFAULT_TOLERANCE).correlate(ENABLE, wide, METER, NOW))
                .isInstanceOfSatisfying(
                        Correlation.Different.class,
                        different -> assertThat(different.differences())
                                .isNotEmpty()
                                .allSatisfy(one -> {
                                    assertThat(one.path()).startsWith("EnableSupply");
                                    assertThat(one.expected()).isNotEqualTo(one.got());
                                }));
    }

    @Test
    void thereIsOneAtATime() {
        CorrelatorService first = new CorrelatorService(authority, tolerance(600));
        assertThatThrownBy(() -> new CorrelatorService(authority, tolerance(600)))
                .isInstanceOf(KeyVaultException.class);
        first.stop();
        assertThat(new CorrelatorService(authority, tolerance(600)).ruleVersion())
                .isEqualTo(first.ruleVersion());
    }

    @Test
    void aToleranceOutOfRangeIsRefusedBeforeTheMintIsTaken() {
        assertThatThrownBy(() -> new CorrelatorService(authority, tolerance(-1)))
                .hasMessageContaining("buildTimeToleranceSeconds");
        assertThat(new CorrelatorService(authority, tolerance(0)).ruleVersion()).isNotBlank();
    }
}
