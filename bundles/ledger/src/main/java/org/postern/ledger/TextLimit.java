package org.postern.ledger;

/**
 * The maximum lengths of external texts in the ledger's columns; none may contain U+0000. The limits are the same for
 * every database engine.
 */
public enum TextLimit {
    /** The caller's own id. */
    CORRELATION_ID("correlation id", 300),
    /** Reply address of the caller, as text. */
    REPLY_TO("reply-to", 300),
    /** The submitter as known to the channel. */
    PRINCIPAL("principal", 200),
    /** Service Reference Variant of a submission, known or not. */
    SERVICE("service", 20),
    /** The DCC's response code. */
    RESPONSE_CODE("response code", 20),
    /** Kind of a received document. */
    KIND("kind", 80),
    /** Who signed a received document. */
    SIGNER("signer", 300),
    /** Subject of an instruction of a future-dated command. */
    SUBJECT("subject", 400),
    /** Alias of a signing key in the vault. */
    KEY_ALIAS("key alias", 200),
    /** Issuer of the certificate of a signing key. */
    ISSUER("certificate issuer", 400),
    /** Version of a rule. */
    RULE_VERSION("rule version", 200),
    /** Use case of a rule. */
    USE_CASE("use case", 80),
    /** Cause of a state. */
    CAUSE("cause", 2000);

    private static final char REPLACEMENT = '\uFFFD';

    private final String field;
    private final int characters;

    TextLimit(String field, int characters) {
        this.field = field;
        this.characters = characters;
    }

    /** True if the ledger can store the text unchanged. */
    public boolean holds(String text) {
        return text.length() <= characters && text.indexOf('\0') < 0;
    }

    /**
     * Checks a text that must be stored unchanged, because other texts are compared with it.
     *
     * @return the text
     * @throws LedgerException NOT_HOLDABLE if it cannot be stored
     */
    public String checked(String text) {
        if (!holds(text)) {
            throw new LedgerException(
                    LedgerException.Kind.NOT_HOLDABLE,
                    field,
                    "at most " + characters + " characters, none of them U+0000",
                    text.length() > characters ? text.length() + " characters" : "contains U+0000",
                    "use a shorter text of printable characters");
        }
        return text;
    }

    /** Truncates a text that is only for information to what can be stored. */
    public String truncated(String text) {
        String shorter = text.length() <= characters ? text : text.substring(0, characters);
        return shorter.replace('\0', REPLACEMENT);
    }
}
