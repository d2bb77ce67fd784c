package org.postern.catalogue;

/**
 * The interfaces by which a caller submits a request. The ledger, the security log and the metrics contain the text.
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
     * The channel with this stored text.
     *
     * @throws IllegalArgumentException for any other text
     */
    public static Channel of(String text) {
        for (Channel channel : values()) {
            if (channel.text.equals(text)) {
                return channel;
            }
        }
        throw new IllegalArgumentException("there is no channel with this name");
    }

    @Override
    public String toString() {
        return text;
    }
}
