package org.postern.gbcs;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.Eui64;

class SharedSecretCacheTest {

    private final TestVectors vectors = TestVectors.open();
    private final X509Certificate esme = certificate(TestVectors.ESME);
    private final X509Certificate gpf = certificate(TestVectors.GPF);
    private int agreements;
    private final PartyKeys keys = new PartyKeys() {
        @Override
        public Optional<X509Certificate> certificate(Eui64 party, KeyUse use) {
            return Optional.empty();
        }

        @Override
        public Optional<byte[]> agree(Eui64 own, KeyUse use, X509Certificate peer) {
            agreements++;
            return vectors.keys().agree(own, use, peer);
        }
    };

    private X509Certificate certificate(Eui64 eui) {
        return vectors.keys().certificate(eui, KeyUse.KEY_AGREEMENT).orElseThrow();
    }

    private Optional<byte[]> use(SharedSecretCache cache, Eui64 peer, X509Certificate certificate) {
        return cache.with(keys, TestVectors.SUPPLIER, KeyUse.KEY_AGREEMENT, peer, certificate, z -> z);
    }

    @Test
    void agreesOncePerPairAndWipesTheCopies() {
        try (SharedSecretCache cache = new SharedSecretCache(2)) {
            Optional<byte[]> copy =
                    cache.with(keys, TestVectors.SUPPLIER, KeyUse.KEY_AGREEMENT, TestVectors.ESME, esme, byte[]::clone);
            byte[] lent = use(cache, TestVectors.ESME, esme).orElseThrow();
            assertThat(agreements).isEqualTo(1);
            assertThat(lent).containsOnly(0);
            assertThat(copy.orElseThrow())
                    .isEqualTo(vectors.keys()
                            .agree(TestVectors.SUPPLIER, KeyUse.KEY_AGREEMENT, esme)
                            .orElseThrow());
        }
    }

    @Test
    void dropsASecretWhenThePeersCertificateChanges() {
        try (SharedSecretCache cache = new SharedSecretCache(2)) {
            use(cache, TestVectors.ESME, esme);
            byte[] other = cache.with(
                            keys, TestVectors.SUPPLIER, KeyUse.KEY_AGREEMENT, TestVectors.ESME, gpf, byte[]::clone)
                    .orElseThrow();
            assertThat(agreements).isEqualTo(2);
            assertThat(other)
                    .isEqualTo(vectors.keys()
                            .agree(TestVectors.SUPPLIER, KeyUse.KEY_AGREEMENT, gpf)
                            .orElseThrow());
            assertThat(cache.size()).isEqualTo(1);
        }
    }

    @Test
    void cachesNoMoreThanItsCapacityAndNothingAfterClose() {
        SharedSecretCache cache = new SharedSecretCache(1);
        use(cache, TestVectors.ESME, esme);
        use(cache, TestVectors.GPF, gpf);
        assertThat(cache.size()).isEqualTo(1);
        use(cache, TestVectors.GPF, gpf);
        assertThat(agreements).isEqualTo(2);
        cache.close();
        assertThat(cache.size()).isZero();
        assertThat(use(cache, TestVectors.GPF, gpf)).isPresent();
        assertThat(cache.size()).isZero();
    }

    @Test
    void removesTheSecretsOfAParty() {
        try (SharedSecretCache cache = new SharedSecretCache(10)) {
            use(cache, TestVectors.ESME, esme);
            use(cache, TestVectors.GPF, gpf);
            cache.forget(TestVectors.ESME);
            assertThat(cache.size()).isEqualTo(1);
            cache.forget(TestVectors.SUPPLIER);
            assertThat(cache.size()).isZero();
        }
    }

    @Test
    void returnsEmptyWithoutThePrivateKey() {
        try (SharedSecretCache cache = new SharedSecretCache(10)) {
            boolean[] worked = new boolean[1];
            assertThat(cache.with(keys, TestVectors.GPF, KeyUse.KEY_AGREEMENT, TestVectors.ESME, esme, z -> {
                        worked[0] = true;
                        Arrays.fill(z, (byte) 1);
                        return 1;
                    }))
                    .isEmpty();
            assertThat(worked[0]).isFalse();
        }
    }
}
