package org.postern.hsm;

import static org.postern.catalogue.FaultActor.OPERATOR;
import static org.postern.catalogue.FaultActor.SECURITY_OFFICER;
import static org.postern.catalogue.FaultActor.VENDOR;
import static org.postern.catalogue.FaultEntry.passes;
import static org.postern.catalogue.FaultEntry.stays;

import org.jspecify.annotations.Nullable;
import org.postern.catalogue.FaultCode;
import org.postern.catalogue.FaultEntry;
import org.postern.catalogue.PosternException;

/** A refusal or failure of the vault, PST-5000 to PST-5999. */
public class KeyVaultException extends PosternException {

    private static final long serialVersionUID = 1L;

    /**
     * The faults of the vault, which callers tell apart. {@link #mayPass()} is true for whatever is the vault's own
     * trouble: nothing is wrong with the request, which waits until the vault is in order again and is never refused
     * for good.
     */
    public enum Kind implements FaultCode {
        /** The token or key file cannot be reached, or does not answer in time. */
        TOKEN_OFFLINE(passes(
                "PST-5001",
                OPERATOR,
                "the token or key file cannot be reached, or does not answer in time",
                "the token answers",
                "see that the token is plugged in and its service runs")),
        /** No such alias, or its key is not on the token. */
        NO_SUCH_KEY(passes(
                "PST-5002",
                SECURITY_OFFICER,
                "an alias that the vault does not have, or whose key is not on the token",
                "a key of the vault",
                "correct the alias, or add the key to the vault")),
        /**
         * The PIN or password was refused. The vault does not try the same one again: tokens lock after a few attempts.
         */
        PIN_REJECTED(passes(
                "PST-5003",
                SECURITY_OFFICER,
                "the PIN or password of the vault was refused; the vault does not try the same one again",
                "the PIN or password of the vault",
                "correct the secret file before the token locks")),
        /** The key exists for another purpose. */
        WRONG_PURPOSE(stays(
                "PST-5004",
                SECURITY_OFFICER,
                "a key that is there for another purpose",
                "each key for one purpose",
                "use a key of that purpose, or correct the key's entry")),
        /**
         * The proof is not the registered correlator's, or for other bytes, or for another request, or used already.
         */
        PROOF_REFUSED(stays(
                "PST-5005",
                SECURITY_OFFICER,
                "a Pre-Command that comes without a fresh proof of its correlation",
                "the registered correlator's proof for these bytes and this request, used once",
                "treat it as an attempt to sign what was not correlated; see the security log")),
        /** The bytes are not what this operation signs. */
        INPUT_REFUSED(stays(
                "PST-5006",
                VENDOR,
                "bytes that the operation does not sign",
                "what the operation signs, and nothing else",
                "report it together with the operation")),
        /** The security log did not take the entry, so the result is withheld. */
        NOT_LOGGED(passes(
                "PST-5007",
                OPERATOR,
                "the security log did not take the entry, so the signature is withheld",
                "a use of a key is on record before its result is given out",
                "check the security log's disk")),
        /** The vault's settings contradict themselves or the keys. */
        BAD_SETTING(passes(
                "PST-5008",
                OPERATOR,
                "settings of the vault that contradict themselves or the keys",
                "the values that the settings file explains",
                "correct the setting")),
        /** Not allowed in production mode. */
        NOT_FOR_PRODUCTION(passes(
                "PST-5009",
                SECURITY_OFFICER,
                "a vault or key that production mode does not allow",
                "keys on a token in production",
                "use the token, or leave production mode")),
        /** The key answered, wrongly. */
        KEY_FAILED(passes(
                "PST-5010",
                SECURITY_OFFICER,
                "a key whose signature or agreement is wrong",
                "what the key makes can be checked with its certificate",
                "take the key out of use and look at the token")),
        /** The private key is not the one that the certificate is for; nothing is given out while that is so. */
        KEY_MISMATCH(passes(
                "PST-5011",
                SECURITY_OFFICER,
                "a private key that is not the one its certificate is for",
                "keys and certificates agree before anything is given out",
                "bring back the right token or certificate")),
        /** A name stands for two keys or certificates, as after a renewal that left the old one in place. */
        KEY_TWICE(passes(
                "PST-5012",
                SECURITY_OFFICER,
                "a name that stands for two keys or certificates",
                "each name once",
                "take away the one that is no longer used, or give the new one a name of its own")),
        /** Two vaults are configured; neither is used. */
        TWO_VAULTS(passes(
                "PST-5013",
                OPERATOR,
                "two vaults are configured; neither is used",
                "one vault",
                "take away the settings file of one of them")),
        /** The settings are left over from a file that is no longer there. */
        STALE_SETTINGS(passes(
                "PST-5014",
                OPERATOR,
                "settings of a vault whose file is no longer there",
                "settings come from their file",
                "put the file back, or start again to have the settings dropped"));

        private final FaultEntry entry;

        Kind(FaultEntry entry) {
            this.entry = entry;
        }

        @Override
        public FaultEntry entry() {
            return entry;
        }
    }

    private final Kind kind;

    public KeyVaultException(Kind kind, String field, String rule, String cause, String action) {
        this(kind, field, rule, cause, action, null);
    }

    public KeyVaultException(
            Kind kind, String field, String rule, String cause, String action, @Nullable Throwable why) {
        super(kind.fault(field, rule, cause, action), why);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
