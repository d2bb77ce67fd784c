package org.postern.catalogue;

/**
 * The ways by which a caller hands a request in. The text is what the ledger, the security log and the metrics hold.
 */
public enum Channel {
    /** Queue {@code postern.requests}. */
    JMS("jms"),
    /** {@code POST /service-requests} and {@code POST /top-ups}. */
    HTTP("http"),
    /** The intake folder. */
    FILE("file"),
    /** A console command. */
    CONSOLE("console");

    private final String text;

    Channel(String text) {
        this.text = text;
    }

    /** The stored text, lower case. */
    public String text() {
        return text;
    }

    /**
     * The channel of that stored text.
     *
     * @throws IllegalArgumentException for any other text
     */
    public static Channel of(String text) {
        for (Channel channel : values()) {
            if (channel.text.equals(text)) {
                return channel;
            }
        }
        throw new IllegalArgumentException("no channel of that name");
    }

    @Override
    public String toString() {
        return text;
    }
}
