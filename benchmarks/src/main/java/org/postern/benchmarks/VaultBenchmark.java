package org.postern.benchmarks;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import org.postern.catalogue.Eui64;
import org.postern.ecprovider.EcProvider;
import org.postern.hsm.AbstractKeyVault;
import org.postern.hsm.KeyBinding;
import org.postern.hsm.KeyPurpose;
import org.postern.hsm.KeyUse;
import org.postern.hsm.KeyUseListener;
import org.postern.hsm.KeyVaultException;
import org.postern.hsm.ProductionRule;
import org.postern.hsm.ProofAuthority;

/**
 * What the vault's rules add to a bare signature of the same provider: CPU time of {@code signXml} against it,
 * alternated, median of several rounds (the aim: the whole sign path at most 1.3). No arguments; no security log is
 * written.
 */
public final class VaultBenchmark {

    private static final int OPERATIONS = 5000;
    private static final int ROUNDS = 9;

    private VaultBenchmark() {}

    /** A vault over one key in memory. */
    private static final class OneKey extends AbstractKeyVault {
        OneKey(EcProvider ec, PrivateKey key, X509Certificate certificate) {
            super(
                    List.of(new FoundKey(
                            new KeyBinding("k", KeyPurpose.XML_SIGNING, "k", new Eui64(1)), certificate, new RawKey() {
                                @Override
                                public byte[] sign(byte[] input, int offset, int length) {
                                    return ec.sign(key, input, offset, length);
                                }

                                @Override
                                public byte[] agree(PublicKey peer) {
                                    return ec.agree(key, peer);
                                }
                            })),
                    new ProductionRule(false),
                    new ProofAuthority(),
                    new KeyUseListener() {
                        @Override
                        public void beforeRelease(KeyUse use) {
                            // measured apart, by SecurityLogBenchmark
                        }

                        @Override
                        public void refused(KeyUse use, KeyVaultException why) {
                            throw why;
                        }
                    },
                    ec);
        }
    }

    public static void main(String[] args) {
        EcProvider ec = EcProvider.fastest();
        ThrowawayKey made = ThrowawayKey.make();
        PrivateKey key = ec.privateKey(made.key().getEncoded());
        OneKey vault = new OneKey(ec, key, made.certificate());
        byte[] input = signedInfo();
        double[] bare = new double[ROUNDS];
        double[] whole = new double[ROUNDS];
        for (int round = -2; round < ROUNDS; round++) {
            double plain = micros(() -> ec.sign(key, input));
            double ruled = micros(() -> vault.signXml("k", input));
            if (round >= 0) {
                bare[round] = plain;
                whole[round] = ruled;
            }
        }
        Arrays.sort(bare);
        Arrays.sort(whole);
        System.out.printf(
                "%s: bare signature %.1f us, signXml %.1f us, ratio %.2f (CPU time)%n",
                ec.description(), bare[ROUNDS / 2], whole[ROUNDS / 2], whole[ROUNDS / 2] / bare[ROUNDS / 2]);
    }

    private static double micros(Runnable work) {
        long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        for (int i = 0; i < OPERATIONS; i++) {
            work.run();
        }
        return (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start) / 1000.0 / OPERATIONS;
    }

    private static byte[] signedInfo() {
        return ("<ds:SignedInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">"
                        + "<ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:CanonicalizationMethod>"
                        + "<ds:SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256\"></ds:SignatureMethod>"
                        + "<ds:Reference URI=\"\"><ds:Transforms>"
                        + "<ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"></ds:Transform>"
                        + "</ds:Transforms><ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"></ds:DigestMethod>"
                        + "<ds:DigestValue>" + "A".repeat(43) + "=</ds:DigestValue></ds:Reference></ds:SignedInfo>")
                .getBytes(StandardCharsets.UTF_8);
    }
}
