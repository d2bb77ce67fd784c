package org.postern.hsm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.postern.hsm.KeyVaultException.Kind;

/** Proof before signature (docs/security.md). */
class ProofAuthorityTest {

    private static final byte[] BYTES = {1, 2, 3};

    private static Kind refusal(Runnable work) {
        return catchThrowableOfType(KeyVaultException.class, work::run).kind();
    }

    @Test
    void theMintIsIssuedOnceUntilItIsReleased() {
        ProofAuthority authority = new ProofAuthority();
        ProofMint first = authority.claim();
        assertThat(refusal(authority::claim)).isEqualTo(Kind.PROOF_REFUSED);
        first.close();
        ProofMint second = authority.claim();
        // the first holder has released the mint: neither its old nor its new proofs are accepted, and closing it again
        // does not affect the second holder
        first.close();
        assertThat(refusal(() -> authority.consume(first.mint("r", BYTES), "r", BYTES)))
                .isEqualTo(Kind.PROOF_REFUSED);
        authority.consume(second.mint("r", BYTES), "r", BYTES);
    }

    @Test
    void inOsgiOnlyTheBundleOfTheCorrelatorMayClaim() {
        assertThat(refusal(() -> new ProofAuthority(type -> "org.postern.something").claim()))
                .isEqualTo(Kind.PROOF_REFUSED);
        assertThat(refusal(() -> new ProofAuthority(type -> "").claim())).isEqualTo(Kind.PROOF_REFUSED);
        assertThat(new ProofAuthority(type -> "org.postern.parse-correlate").claim())
                .isNotNull();
    }

    @Test
    void theCallingClassIsDeterminedAndNotOneThatTheCallerNames() {
        Class<?>[] seen = new Class<?>[1];
        new ProofAuthority(type -> {
                    seen[0] = type;
                    return null;
                })
                .claim();
        assertThat(seen[0]).isEqualTo(ProofAuthorityTest.class);
    }

    @Test
    void aProofIsForItsRequestItsBytesAndItsOwnAuthorityOnly() {
        ProofAuthority authority = new ProofAuthority();
        ProofMint mint = authority.claim();
        CorrelationProof proof = mint.mint("r", BYTES);
        assertThat(refusal(() -> authority.consume(null, "r", BYTES))).isEqualTo(Kind.PROOF_REFUSED);
        assertThat(refusal(() -> authority.consume(proof, "s", BYTES))).isEqualTo(Kind.PROOF_REFUSED);
        assertThat(refusal(() -> authority.consume(proof, "r", new byte[] {1, 2})))
                .isEqualTo(Kind.PROOF_REFUSED);
        assertThat(refusal(() -> new ProofAuthority().consume(proof, "r", BYTES)))
                .isEqualTo(Kind.PROOF_REFUSED);
        ProofAuthority other = new ProofAuthority();
        other.claim();
        assertThat(refusal(() -> other.consume(proof, "r", BYTES))).isEqualTo(Kind.PROOF_REFUSED);
        authority.consume(proof, "r", BYTES);
        assertThat(refusal(() -> authority.consume(proof, "r", BYTES))).isEqualTo(Kind.PROOF_REFUSED);
    }

    @Test
    void aProofOfACorrelatorThatHasStoppedIsInvalidEvenBeforeAnotherStarts() {
        ProofAuthority authority = new ProofAuthority();
        ProofMint mint = authority.claim();
        CorrelationProof proof = mint.mint("r", BYTES);
        mint.close();
        assertThat(refusal(() -> authority.consume(proof, "r", BYTES))).isEqualTo(Kind.PROOF_REFUSED);
    }

    @Test
    void aProofStatesItsRequestAndTheDigestOfItsBytes() {
        CorrelationProof proof = new ProofAuthority().claim().mint("r", BYTES);
        String digest = org.postern.catalogue.Sha256.hex(BYTES);
        assertThat(proof.requestId()).isEqualTo("r");
        assertThat(proof.preCommandSha256()).isEqualTo(digest);
        assertThat(proof).hasToString("CorrelationProof r " + digest);
    }

    @Test
    void onlyFaultsOfTheRequestItselfAreRefusedPermanently() {
        assertThat(Arrays.stream(Kind.values()).filter(kind -> !kind.mayPass()))
                .containsExactly(Kind.WRONG_PURPOSE, Kind.PROOF_REFUSED, Kind.INPUT_REFUSED);
    }

    @Test
    void concurrentThreadsCannotUseOneProofTwice() {
        ProofAuthority authority = new ProofAuthority();
        CorrelationProof proof = authority.claim().mint("r", BYTES);
        long used = Stream.generate(() -> proof)
                .limit(1000)
                .parallel()
                .filter(p -> {
                    try {
                        authority.consume(p, "r", BYTES);
                        return true;
                    } catch (KeyVaultException e) {
                        return false;
                    }
                })
                .count();
        assertThat(used).isEqualTo(1);
    }

    @Test
    void theMintIsTheOnlyPublicWayToCreateAProof() {
        for (Class<?> type : new Class<?>[] {CorrelationProof.class, ProofMint.class}) {
            assertThat(Modifier.isFinal(type.getModifiers())).isTrue();
            assertThat(type.getDeclaredConstructors())
                    .extracting(Constructor::getModifiers)
                    .noneMatch(Modifier::isPublic)
                    .noneMatch(Modifier::isProtected);
            assertThat(Arrays.stream(type.getDeclaredMethods())
                            .filter(m -> Modifier.isStatic(m.getModifiers()))
                            .filter(m -> Modifier.isPublic(m.getModifiers()))
                            .map(Method::getName))
                    .isEmpty();
        }
        assertThat(Arrays.stream(KeyVault.class.getMethods())
                        .filter(m -> m.getReturnType() == byte[].class)
                        .map(Method::getName))
                .containsExactlyInAnyOrder("signXml", "signPreCommand");
    }
}
