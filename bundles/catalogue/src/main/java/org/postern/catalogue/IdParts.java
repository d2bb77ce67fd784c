package org.postern.catalogue;

/** The common notation of RequestID and ResponseID. */
record IdParts(Eui64 first, Eui64 second, long counter) {

    private static final int SECOND_AT = Eui64.DASHED_LENGTH + 1;
    private static final int COUNTER_AT = 2 * SECOND_AT;
    private static final int MAX_DIGITS = 20;

    static IdParts parse(String text, String field) {
        if (text != null
                && Eui64.isDashed(text, 0)
                && colon(text, Eui64.DASHED_LENGTH)
                && Eui64.isDashed(text, SECOND_AT)
                && colon(text, COUNTER_AT - 1)
                && isCounter(text)) {
            try {
                return new IdParts(
                        Eui64.dashed(text, 0),
                        Eui64.dashed(text, SECOND_AT),
                        Long.parseUnsignedLong(text, COUNTER_AT, text.length(), 10));
            } catch (NumberFormatException e) {
                // twenty digits with a value above 2^64-1 are refused in the same way
            }
        }
        throw new PosternException(CatalogueFault.INVALID_ID.fault(field, "another form"));
    }

    private static boolean colon(String text, int at) {
        return at < text.length() && text.charAt(at) == ':';
    }

    /** Whether the text ends with a whole number of at most twenty digits, without leading zeros. */
    private static boolean isCounter(String text) {
        int digits = text.length() - COUNTER_AT;
        if (digits < 1 || digits > MAX_DIGITS || text.charAt(COUNTER_AT) == '0' && digits > 1) {
            return false;
        }
        for (int i = COUNTER_AT; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    static String format(Eui64 first, Eui64 second, long counter) {
        return first.dashed() + ':' + second.dashed() + ':' + Long.toUnsignedString(counter);
    }
}
