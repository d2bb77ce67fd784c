package org.postern.catalogue;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The common written form of RequestID and ResponseID. */
record IdParts(Eui64 first, Eui64 second, long counter) {

    private static final String EUI = "[0-9A-Fa-f]{2}(?:-[0-9A-Fa-f]{2}){7}";
    private static final Pattern FORM = Pattern.compile("(" + EUI + "):(" + EUI + "):(0|[1-9][0-9]{0,19})");

    static IdParts parse(String text, String field) {
        Matcher matcher = FORM.matcher(text == null ? "" : text);
        if (matcher.matches()) {
            try {
                return new IdParts(Eui64.parse(matcher.group(1)), Eui64.parse(matcher.group(2)),
                        Long.parseUnsignedLong(matcher.group(3)));
            } catch (NumberFormatException e) {
                // twenty digits above 2^64-1: the same refusal
            }
        }
        throw new PosternException(CatalogueFault.INVALID_ID.fault(field, "another form"));
    }

    static String format(Eui64 first, Eui64 second, long counter) {
        return first.dashed() + ':' + second.dashed() + ':' + Long.toUnsignedString(counter);
    }
}
