package org.postern.parsecorrelate.internal.mmc;

import java.util.HexFormat;

/** Hex and clock digits on the hot path, where a format string would cost more than all the rest of a row. */
final class Digits {

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private Digits() {
    }

    /** Four upper-case hex digits. */
    static String hex4(int value) {
        return HEX.toHexDigits((short) value);
    }

    /** Two upper-case hex digits. */
    static String hex2(int value) {
        return HEX.toHexDigits((byte) value);
    }

    /** {@code hh:mm:ss}. */
    static String clock(int hour, int minute, int second) {
        return new StringBuilder(8).append((char) ('0' + hour / 10)).append((char) ('0' + hour % 10)).append(':')
                .append((char) ('0' + minute / 10)).append((char) ('0' + minute % 10)).append(':').append((char) ('0' + second / 10))
                .append((char) ('0' + second % 10)).toString();
    }
}
