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
     * The faults of the vault, which callers distinguish. {@link #mayPass()} is true where the vault itself is the
     * cause: the request is correct, waits until the vault works again and is never refused permanently.
     */
    public enum Kind implements FaultCode {
        /** The token or key file cannot be reached, or does not answer in time. */
        TOKEN_OFFLINE(passes(
                "PST-5001",
                OPERATOR,
                "the token or key file cannot be reached, or does not answer in time",
                "the token answers",
                "check that the token is connected and its service is running")),
        /** No such alias, or its key is not on the token. */
        NO_SUCH_KEY(passes(
                "PST-5002",
                SECURITY_OFFICER,
                "an alias that is not in the vault, or whose key is not on the token",
                "a key of the vault",
                "correct the alias, or add the key to the vault")),
        /**
         * The PIN or password was refused. The vault does not retry with the same one, because tokens lock after a few
         * attempts.
         */
        PIN_REJECTED(passes(
                "PST-5003",
                SECURITY_OFFICER,
                "the PIN or password of the vault was refused; the vault does not retry with the same one",
                "the PIN or password of the vault",
                "correct the secret file before the token locks")),
        /** The key is configured for another purpose. */
        WRONG_PURPOSE(stays(
                "PST-5004",
                SECURITY_OFFICER,
                "a key that is configured for another purpose",
                "each key has one purpose",
                "use a key of that purpose, or correct the key's entry")),
        /**
         * The proof was not created by the registered correlator, is for other bytes or for another request, or has
         * already been used.
         */
        PROOF_REFUSED(stays(
                "PST-5005",
                SECURITY_OFFICER,
                "a Pre-Command without an unused proof of its correlation",
                "an unused proof of the registered correlator for these bytes and this request",
                "treat this as an attempt to sign a Pre-Command that was not correlated; see the security log")),
        /** The bytes do not have the form that this operation signs. */
        INPUT_REFUSED(stays(
                "PST-5006",
                VENDOR,
                "bytes of a form that the operation does not sign",
                "exactly the form that the operation signs",
                "report the fault and the operation to the vendor")),
        /** The security log did not accept the entry, so the result is withheld. */
        NOT_LOGGED(passes(
                "PST-5007",
                OPERATOR,
                "the security log did not accept the entry, so the signature is withheld",
                "the use of a key is recorded before its result is returned",
                "check the disk of the security log")),
        /** The settings of the vault contradict each other or the keys. */
        BAD_SETTING(passes(
                "PST-5008",
                OPERATOR,
                "settings of the vault that contradict each other or the keys",
                "the values that are described in the settings file",
                "correct the setting")),
        /** Not allowed in production mode. */
        NOT_FOR_PRODUCTION(passes(
                "PST-5009",
                SECURITY_OFFICER,
                "a vault or key that production mode does not allow",
                "keys on a token in production",
                "use the token, or switch production mode off")),
        /** The key gave a wrong result. */
        KEY_FAILED(passes(
                "PST-5010",
                SECURITY_OFFICER,
                "a key whose signature or agreed value is wrong",
                "the results of the key agree with its certificate",
                "take the key out of use and check the token")),
        /** The private key does not belong to its certificate; no results are returned until it does. */
        KEY_MISMATCH(passes(
                "PST-5011",
                SECURITY_OFFICER,
                "a private key that does not belong to its certificate",
                "private keys belong to their certificates before the vault is used",
                "restore the correct token or certificate")),
        /** A name refers to two keys or certificates, for example after a renewal that did not remove the old one. */
        KEY_TWICE(passes(
                "PST-5012",
                SECURITY_OFFICER,
                "a name that refers to two keys or certificates",
                "each name refers to one key and one certificate",
                "remove the one that is no longer used, or give the new one another name")),
        /** Two vaults are configured; neither is used. */
        TWO_VAULTS(passes(
                "PST-5013",
                OPERATOR,
                "two vaults are configured; neither is used",
                "one vault",
                "remove the settings file of one of them")),
        /** The settings come from a file that no longer exists. */
        STALE_SETTINGS(passes(
                "PST-5014",
                OPERATOR,
                "settings of a vault whose file no longer exists",
                "settings come from their file",
                "restore the file, or restart, which discards the settings"));

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
