package org.postern.catalogue;

/** Whether a Pre-Command is substantively identical to its Service Request (SEC section A1.1, "Correlate"). */
public enum CorrelationVerdict {
    /** Identical byte by byte, except for values that the DCC may choose. */
    IDENTICAL("identical"),
    /** Not identical; the Pre-Command is not signed. */
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
     * The verdict with this stored text.
     *
     * @throws IllegalArgumentException for any other text
     */
    public static CorrelationVerdict of(String text) {
        for (CorrelationVerdict verdict : values()) {
            if (verdict.text.equals(text)) {
                return verdict;
            }
        }
        throw new IllegalArgumentException("there is no verdict with this name");
    }

    @Override
    public String toString() {
        return text;
    }
}
