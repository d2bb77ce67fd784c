package org.postern.securitylogging;

/**
 * A text that must never be written: its characters are always three asterisks. Use it for a member of an event whose
 * value may be a secret, such as a prepayment token or a PIN.
 */
public final class Sensitive implements CharSequence {

    private static final String SHOWN = "***";

    /** Replaces a secret; the secret itself is not stored. */
    public static Sensitive of(CharSequence secret) {
        return new Sensitive();
    }

    private Sensitive() {}

    @Override
    public int length() {
        return SHOWN.length();
    }

    @Override
    public char charAt(int index) {
        return SHOWN.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return SHOWN.subSequence(start, end);
    }

    @Override
    public String toString() {
        return SHOWN;
    }
}
