package org.postern.hsmpkcs11.internal;

import com.sun.jna.NativeLong;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.postern.hsmcontract.ContractKey;
import org.postern.hsmpkcs11.internal.Cryptoki.Attribute;
import org.postern.testkit.Missing;

/**
 * A SoftHSM2 installation with new tokens. The library reads SOFTHSM2_CONF from the environment, which the build sets,
 * and lists its tokens when it is first used, so all of them are created before that.
 */
final class SoftHsm {

    static final String PIN = "4711";
    private static final List<String> LABELS = List.of("contract", "wrong pin", "twice", "twice");

    private static SoftHsm instance;

    private SoftHsm() {}

    /** The tokens, or the calling test is skipped (fails where {@code CI=true}). */
    static synchronized SoftHsm required() {
        if (instance == null) {
            String conf = System.getenv("SOFTHSM2_CONF");
            if (conf == null || !tool("--version")) {
                Missing.tool("softhsm2-util or SOFTHSM2_CONF is missing (install package softhsm2):"
                        + " tests on a PKCS#11 token cannot run");
            }
            prepare(Path.of(conf));
            for (String label : LABELS) {
                Assertions.assertTrue(
                        tool("--init-token", "--free", "--label", label, "--so-pin", "0815", "--pin", PIN),
                        "token made");
            }
            instance = new SoftHsm();
        }
        return instance;
    }

    private static void prepare(Path conf) {
        Path tokens = conf.resolveSibling("tokens");
        try {
            if (Files.isDirectory(tokens)) {
                try (Stream<Path> old = Files.walk(tokens)) {
                    old.sorted(Collections.reverseOrder())
                            .forEach(file -> file.toFile().delete());
                }
            }
            Files.createDirectories(tokens);
            Files.writeString(
                    conf,
                    "directories.tokendir = " + tokens
                            + "\nobjectstore.backend = file\nlog.level = ERROR\nslots.removable = false\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean tool(String... arguments) {
        try {
            List<String> command = new java.util.ArrayList<>(List.of("softhsm2-util"));
            command.addAll(List.of(arguments));
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Removes all objects from the token and stores these keys. */
    void fill(String label, List<ContractKey> keys) throws GeneralSecurityException {
        Path library = Libraries.find("softhsm2");
        KeyStore store = new TokenSession(library, label, PIN.toCharArray()).store();
        for (String entry : Collections.list(store.aliases())) {
            store.deleteEntry(entry);
        }
        Set<String> done = new HashSet<>();
        for (ContractKey key : keys) {
            if (done.add(key.binding().entry())) {
                store.setKeyEntry(key.binding().entry(), key.privateKey(), null, new Certificate[] {key.certificate()});
            }
        }
    }

    /** Adds a second key and certificate under an existing label, as some tools do for a renewal. */
    void addUnderTheSameName(String label, ContractKey key, boolean sameId) throws GeneralSecurityException {
        Path library = Libraries.find("softhsm2");
        Cryptoki cryptoki = new Cryptoki(library);
        KeyStore store = new TokenSession(library, label, PIN.toCharArray()).store();
        store.setKeyEntry("second", key.privateKey(), null, new Certificate[] {key.certificate()});
        rename(cryptoki, label, Cryptoki.CKA_LABEL, key.binding().entry());
        if (sameId) {
            rename(cryptoki, label, Cryptoki.CKA_ID, key.binding().entry());
        }
    }

    private static void rename(Cryptoki cryptoki, String label, long attribute, String to) {
        NativeLong session = cryptoki.openSession(cryptoki.slotIndex(label), true);
        List<NativeLong> found =
                cryptoki.find(session, Attribute.of(attribute, "second".getBytes(StandardCharsets.UTF_8)));
        Assertions.assertFalse(found.isEmpty(), "something to rename");
        for (NativeLong object : found) {
            Attribute value = Attribute.of(attribute, to.getBytes(StandardCharsets.UTF_8));
            Cryptoki.require(
                    "C_SetAttributeValue",
                    cryptoki.call("C_SetAttributeValue", session, object, Attribute.array(value), new NativeLong(1)));
        }
        cryptoki.closeSession(session);
    }

    /** Destroys all objects, including those that the key store of the JDK would not open. */
    void empty(String label) {
        Cryptoki cryptoki = new Cryptoki(Libraries.find("softhsm2"));
        NativeLong session = cryptoki.openSession(cryptoki.slotIndex(label), true);
        for (NativeLong object : cryptoki.find(session)) {
            Cryptoki.require("C_DestroyObject", cryptoki.call("C_DestroyObject", session, object));
        }
        cryptoki.closeSession(session);
    }

    /** Closes the sessions, as happens when a token is disconnected and connected again. */
    void dropSessions(String label) {
        Cryptoki cryptoki = new Cryptoki(Libraries.find("softhsm2"));
        cryptoki.closeAllSessions(cryptoki.slotIndex(label));
    }
}
