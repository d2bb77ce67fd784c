package org.postern.parsecorrelate;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** The restrictions of a simple type of the schema, and values that they allow. */
final class SchemaFacets {

    /** One certificate with a short and one with a long DER length. */
    private static final String CERTIFICATE = Base64.getEncoder().encodeToString(new byte[] {0x30, 3, 2, 1, 1});

    private static final String LONG_CERTIFICATE = Base64.getEncoder().encodeToString(longCertificate());

    String base = "string";
    final List<String> values = new ArrayList<>();
    BigDecimal min;
    BigDecimal max;
    int minLength;
    int maxLength = -1;
    int fraction;
    int totalDigits;
    String pattern = "";

    String signature() {
        return String.join(
                " ",
                base,
                values.toString(),
                String.valueOf(min),
                String.valueOf(max),
                minLength + "-" + maxLength,
                String.valueOf(fraction),
                String.valueOf(totalDigits),
                pattern);
    }

    /** Values to be tried for the element or attribute at that path; the first is the default. */
    List<String> ways(String path) {
        if (!values.isEmpty()) {
            return values;
        }
        String last = path.substring(path.lastIndexOf('/') + 1);
        return switch (base) {
            case "boolean" -> List.of("false", "true");
            case "dateTime" ->
                last.equals("ExecutionDateTime")
                        ? List.of("2030-01-15T09:30:10.00Z", "3000-12-31T00:00:00.00Z")
                        : List.of("2015-02-01T00:00:00.00Z", "2099-12-31T23:59:59.00Z");
            case "time" -> List.of("00:00:00.00Z", "23:59:59.00Z", "07:30:00.00Z");
            case "date" -> List.of("2015-10-27Z", "65535-04-29Z");
            case "base64Binary" -> List.of(CERTIFICATE, LONG_CERTIFICATE);
            case "hexBinary" -> List.of("AB".repeat(Math.max(1, maxLength)));
            case "string", "token" -> texts();
            default -> numbers();
        };
    }

    private List<String> texts() {
        int longest = maxLength < 0 ? 12 : maxLength;
        int shortest = Math.max(1, minLength);
        if (pattern.startsWith("[A-Fa-f0-9]{2}-")) {
            return List.of("00-DB-12-34-56-78-90-AB", "ff-db-12-34-56-78-90-ab");
        }
        String letter = pattern.startsWith("[0-9") || longest == 13 || longest == 10 ? "7" : "W";
        return shortest == longest
                ? List.of(letter.repeat(longest))
                : List.of(letter.repeat(shortest), letter.repeat(longest));
    }

    private List<String> numbers() {
        BigDecimal[] range = switch (base) {
            case "short" -> range("-32768", "32767");
            case "int" -> range("-2147483648", "2147483647");
            case "unsignedShort" -> range("0", "65535");
            case "unsignedInt" -> range("0", "4294967295");
            case "unsignedLong" -> range("0", "18446744073709551615");
            case "positiveInteger" -> range("1", "2147483647");
            case "nonNegativeInteger" -> range("0", "2147483647");
            default -> range("0", "99999");
        };
        BigDecimal smallest = min == null ? range[0] : min;
        BigDecimal largest = max == null ? range[1] : max;
        if (max == null && totalDigits > 0) {
            largest = BigDecimal.TEN.pow(totalDigits).subtract(BigDecimal.ONE);
        }
        BigDecimal middle = smallest.add(largest).divide(BigDecimal.valueOf(2)).setScale(fraction, RoundingMode.DOWN);
        List<String> ways = new ArrayList<>();
        for (BigDecimal way : List.of(smallest, largest, middle)) {
            String text = fraction > 0
                    ? way.setScale(fraction, RoundingMode.DOWN).toPlainString()
                    : new BigInteger(way.setScale(0, RoundingMode.DOWN).toPlainString()).toString();
            if (!ways.contains(text)) {
                ways.add(text);
            }
        }
        return ways;
    }

    private static BigDecimal[] range(String min, String max) {
        return new BigDecimal[] {new BigDecimal(min), new BigDecimal(max)};
    }

    private static byte[] longCertificate() {
        byte[] bytes = new byte[4 + 304];
        bytes[0] = 0x30;
        bytes[1] = (byte) 0x82;
        bytes[2] = 1;
        bytes[3] = 0x30;
        for (int i = 0; i < 152; i++) {
            bytes[4 + 2 * i] = 5;
        }
        return bytes;
    }
}
