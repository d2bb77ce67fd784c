package org.postern.hsm;

import org.postern.catalogue.Fault;
import org.postern.catalogue.PosternException;

/** A refusal or failure of the vault, PST-5001 to PST-5010. */
public class KeyVaultException extends PosternException {

    private static final long serialVersionUID = 1L;

    /** Kinds that callers tell apart. */
    public enum Kind {
        /** The token or key file cannot be reached; trying again later can help. */
        TOKEN_OFFLINE("PST-5001", true),
        /** No such alias, or its key is not on the token. */
        NO_SUCH_KEY("PST-5002", false),
        /** The PIN or password was refused. Not tried again by itself: tokens lock after a few attempts. */
        PIN_REJECTED("PST-5003", false),
        /** The key exists for another purpose. */
        WRONG_PURPOSE("PST-5004", false),
        /** The proof is not the registered correlator's, or for other bytes, or for another request, or used already. */
        PROOF_REFUSED("PST-5005", false),
        /** The bytes are not what this operation signs. */
        INPUT_REFUSED("PST-5006", false),
        /** The security log did not take the entry, so the result is withheld. */
        NOT_LOGGED("PST-5007", true),
        /** The vault's settings contradict themselves or the keys. */
        BAD_SETTING("PST-5008", false),
        /** Not allowed in production mode. */
        NOT_FOR_PRODUCTION("PST-5009", false),
        /** The key answered, wrongly. */
        KEY_FAILED("PST-5010", false);

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

        /** True where the same call may succeed later without anybody changing anything. */
        public boolean retryable() {
            return retryable;
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
