package org.postern.hsm;

import org.postern.catalogue.Fault;
import org.postern.catalogue.PosternException;

/** A refusal or failure of the vault, PST-5001 to PST-5014. */
public class KeyVaultException extends PosternException {

    private static final long serialVersionUID = 1L;

    /**
     * Kinds that callers tell apart. {@link #retryable()} is true for whatever is the vault's own trouble: nothing is wrong with
     * the request, which waits until the vault is in order again and is never refused for good.
     */
    public enum Kind {
        /** The token or key file cannot be reached, or does not answer in time. */
        TOKEN_OFFLINE("PST-5001", true),
        /** No such alias, or its key is not on the token. */
        NO_SUCH_KEY("PST-5002", true),
        /** The PIN or password was refused. The vault does not try the same one again: tokens lock after a few attempts. */
        PIN_REJECTED("PST-5003", true),
        /** The key exists for another purpose. */
        WRONG_PURPOSE("PST-5004", false),
        /** The proof is not the registered correlator's, or for other bytes, or for another request, or used already. */
        PROOF_REFUSED("PST-5005", false),
        /** The bytes are not what this operation signs. */
        INPUT_REFUSED("PST-5006", false),
        /** The security log did not take the entry, so the result is withheld. */
        NOT_LOGGED("PST-5007", true),
        /** The vault's settings contradict themselves or the keys. */
        BAD_SETTING("PST-5008", true),
        /** Not allowed in production mode. */
        NOT_FOR_PRODUCTION("PST-5009", true),
        /** The key answered, wrongly. */
        KEY_FAILED("PST-5010", true),
        /** The private key is not the one that the certificate is for; nothing is given out while that is so. */
        KEY_MISMATCH("PST-5011", true),
        /** A name stands for two keys or certificates, as after a renewal that left the old one in place. */
        KEY_TWICE("PST-5012", true),
        /** Two vaults are configured; neither is used. */
        TWO_VAULTS("PST-5013", true),
        /** The settings are left over from a file that is no longer there. */
        STALE_SETTINGS("PST-5014", true);

        private final String code;
        private final boolean retryable;

        Kind(String code, boolean retryable) {
            this.code = code;
            this.retryable = retryable;
        }

        /** The fault code. */
        public String code() {
            return code;
        }

        /** True where the same call, unchanged, may succeed later: once the vault is in order again. */
        public boolean retryable() {
            return retryable;
        }

        /** True for the code of a {@link #retryable()} kind; false for a code that is no vault's. */
        public static boolean retryable(String code) {
            for (Kind kind : values()) {
                if (kind.code.equals(code)) {
                    return kind.retryable;
                }
            }
            return false;
        }
    }

    private final Kind kind;

    public KeyVaultException(Kind kind, String field, String rule, String cause, String action) {
        this(kind, field, rule, cause, action, null);
    }

    public KeyVaultException(Kind kind, String field, String rule, String cause, String action, Throwable why) {
        super(new Fault(kind.code(), field, rule, cause, action), why);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
