package org.postern.gbcs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.Eui64;
import org.postern.ecprovider.EcProvider;
import org.postern.testkit.Rtds;

/** Every message of the reference data: protection required by its code, MAC, signature, encrypted parts. */
class ReferenceAuthenticationTest {

    private static final Eui64 ACB = Eui64.parse("90B3D51F30000002");

    @Test
    void everyCheckableMacAndSignatureIsValidAndEveryEncryptedPartIsDecrypted() {
        Rtds rtds = Rtds.required();
        GbcsCodec codec = new GbcsCodec();
        EcProvider ec = EcProvider.fastest();
        GbcsCrypto crypto = new GbcsCrypto(ec);
        PartyKeys keys = new KeyFolder(rtds.keystore(), ec, crypto);
        List<String> failures = new ArrayList<>();
        Map<String, Integer> macs = new TreeMap<>();
        Map<String, Integer> signatures = new TreeMap<>();
        Map<String, Integer> parts = new TreeMap<>();
        try (SharedSecretCache cache = new SharedSecretCache(1000)) {
            Authenticator authenticator = new Authenticator(crypto, keys, cache, UseCaseTable.load(), ACB);
            Decryptor decryptor = new Decryptor(crypto, codec, keys, cache);
            for (Path file : rtds.messages()) {
                GbcsMessage message = codec.decode(Rtds.hex(file));
                try {
                    Authentication found = authenticator.authenticate(message);
                    macs.merge(message.kind() + " " + found.mac().verdict(), 1, Integer::sum);
                    signatures.merge(message.kind() + " " + found.signature().verdict(), 1, Integer::sum);
                    if (found.mac().verdict() == Verdict.UNCHECKED
                                    && !file.getFileName().toString().startsWith("PCS0")
                            || !found.notRefused()
                            || found.signature().verdict() == Verdict.UNCHECKED) {
                        failures.add(file.getFileName() + ": " + found);
                    }
                } catch (ProtectionMismatch e) {
                    failures.add(file.getFileName() + ": " + e.getMessage());
                }
                for (DecryptedPart part : decryptor.decrypt(message).parts()) {
                    parts.merge(part.status().name(), 1, Integer::sum);
                    if (!part.decrypted()) {
                        failures.add(file.getFileName() + " " + part.path() + ": " + part.reason());
                    }
                }
            }
        }
        assertThat(failures).isEmpty();
        assertThat(macs)
                .isEqualTo(Map.of(
                        "PRECOMMAND ABSENT",
                        120,
                        "COMMAND VALID",
                        330,
                        "COMMAND ABSENT",
                        4,
                        "COMMAND UNCHECKED",
                        2,
                        "RESPONSE VALID",
                        201,
                        "RESPONSE ABSENT",
                        135,
                        "RESPONSE UNCHECKED",
                        2,
                        "ALERT VALID",
                        11,
                        "ALERT ABSENT",
                        54));
        assertThat(signatures)
                .isEqualTo(Map.of(
                        "PRECOMMAND ABSENT",
                        120,
                        "COMMAND VALID",
                        132,
                        "COMMAND ABSENT",
                        204,
                        "RESPONSE VALID",
                        135,
                        "RESPONSE ABSENT",
                        203,
                        "ALERT VALID",
                        54,
                        "ALERT ABSENT",
                        11));
        assertThat(parts).isEqualTo(Map.of("DECRYPTED", 36));
    }
}
