package org.postern.securitylogging;

/**
 * A text that must never be written: whoever asks for its characters gets three asterisks. Wrap a value in it where its
 * place in an event is fixed but its content may be a secret (a prepayment token, a PIN).
 */
public final class Sensitive implements CharSequence {

    private static final String SHOWN = "***";

    /** Wraps a secret; the secret itself is not even kept. */
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
