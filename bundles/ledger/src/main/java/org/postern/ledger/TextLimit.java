package org.postern.ledger;

/**
 * The texts of others that the ledger's columns hold: how many characters at most, none of them U+0000. The same with
 * every database, whatever it would take itself.
 */
public enum TextLimit {
    /** The caller's own id. */
    CORRELATION_ID("correlation id", 300),
    /** Where the caller wants the answer, as text. */
    REPLY_TO("reply-to", 300),
    /** Who handed it in, as the channel knows it. */
    PRINCIPAL("principal", 200),
    /** Service Reference Variant of what was handed in, known or not. */
    SERVICE("service", 20),
    /** The DCC's code. */
    RESPONSE_CODE("response code", 20),
    /** Kind of a received document. */
    KIND("kind", 80),
    /** Who signed a received document. */
    SIGNER("signer", 300),
    /** What an instruction of a dated command is about. */
    SUBJECT("subject", 400),
    /** Key of a signature by its name in the vault. */
    KEY_ALIAS("key alias", 200),
    /** Issuer of the certificate of a signature. */
    ISSUER("certificate issuer", 400),
    /** Version of a rule. */
    RULE_VERSION("rule version", 200),
    /** Use case of a rule. */
    USE_CASE("use case", 80),
    /** Why something is as it is. */
    CAUSE("cause", 2000);

    private static final char REPLACEMENT = '\uFFFD';

    private final String field;
    private final int characters;

    TextLimit(String field, int characters) {
        this.field = field;
        this.characters = characters;
    }

    /** True where the ledger can hold it as it is. */
    public boolean holds(String text) {
        return text.length() <= characters && text.indexOf('\0') < 0;
    }

    /**
     * For what has to be held as it is, because others are compared with it.
     *
     * @return the text
     * @throws LedgerException NOT_HOLDABLE where it cannot
     */
    public String checked(String text) {
        if (!holds(text)) {
            throw new LedgerException(
                    LedgerException.Kind.NOT_HOLDABLE,
                    field,
                    "at most " + characters + " characters, none of them U+0000",
                    text.length() > characters ? text.length() + " characters" : "U+0000 in it",
                    "give a shorter one of visible characters");
        }
        return text;
    }

    /** For what only tells: cut to what can be held. */
    public String fitted(String text) {
        String shorter = text.length() <= characters ? text : text.substring(0, characters);
        return shorter.replace('\0', REPLACEMENT);
    }
}
