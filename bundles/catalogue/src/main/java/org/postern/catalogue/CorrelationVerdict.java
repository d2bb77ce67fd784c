package org.postern.catalogue;

/** Whether a Pre-Command is the one that its Service Request asks for (SEC section A1.1, "Correlate"). */
public enum CorrelationVerdict {
    /** Byte for byte, but for what the DCC may choose. */
    IDENTICAL("identical"),
    /** Anything else: it is not signed. */
    DIFFERENT("different");

    private final String text;

    CorrelationVerdict(String text) {
        this.text = text;
    }

    /** The stored text, lower case. */
    public String text() {
        return text;
    }

    /**
     * The verdict of that stored text.
     *
     * @throws IllegalArgumentException for any other text
     */
    public static CorrelationVerdict of(String text) {
        for (CorrelationVerdict verdict : values()) {
            if (verdict.text.equals(text)) {
                return verdict;
            }
        }
        throw new IllegalArgumentException("no verdict of that name");
    }

    @Override
    public String toString() {
        return text;
    }
}
