package org.postern.parsecorrelate;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;

/** Makes values that differ from each other as far as their type allows. */
final class DistinctValues {

    private DistinctValues() {}

    /**
     * The n-th value of a type.
     *
     * @param range smallest and largest value, each null if the type does not limit it
     * @param ways valid values, for types without order
     */
    static String of(
            String base,
            List<String> enumeration,
            BigDecimal[] range,
            int fraction,
            int maxLength,
            List<String> ways,
            String path,
            int n) {
        if (!enumeration.isEmpty()) {
            return enumeration.get(n % enumeration.size());
        }
        return switch (base) {
            case "boolean" -> String.valueOf(n % 2 == 0);
            case "dateTime" ->
                Instant.parse(path.endsWith("ExecutionDateTime") ? "2030-01-15T09:30:10Z" : "2015-02-01T00:00:00Z")
                        .plusSeconds(3607L * n)
                        .toString();
            case "time" ->
                LocalTime.MIDNIGHT.plusSeconds(673L * n).format(DateTimeFormatter.ofPattern("HH:mm:ss")) + ".00Z";
            case "date" -> LocalDate.of(2015, 10, 27).plusDays(n) + "Z";
            case "base64Binary" ->
                Base64.getEncoder().encodeToString(new byte[] {0x30, 4, 2, 2, (byte) (1 + n / 256), (byte) n});
            case "hexBinary" ->
                String.format("%04X", n).repeat(Math.max(1, maxLength)).substring(0, 2 * Math.max(1, maxLength));
            case "string", "token" -> text(ways.get(0), maxLength, n);
            default -> number(range, fraction, ways, path, n);
        };
    }

    private static String text(String way, int maxLength, int n) {
        if (way.startsWith("00-DB")) {
            return String.format("00-DB-12-34-56-78-%02X-%02X", n / 256 % 256, n % 256);
        }
        String text = "W " + Integer.toString(n, 36);
        return maxLength >= 0 && text.length() > maxLength ? text.substring(0, maxLength) : text;
    }

    private static String number(BigDecimal[] range, int fraction, List<String> ways, String path, int n) {
        if (path.endsWith("SpecifiedYear")) {
            return String.valueOf(2014 + n % 100);
        }
        BigDecimal step = BigDecimal.ONE.movePointLeft(fraction);
        BigDecimal least = range[0] == null ? new BigDecimal(ways.get(0)) : range[0];
        BigDecimal most = ways.stream().map(BigDecimal::new).reduce(least, BigDecimal::max);
        BigInteger span = most.subtract(least).divide(step).toBigInteger().add(BigInteger.ONE);
        BigInteger place = BigInteger.valueOf(n * 37L + 1).mod(span);
        if (n % 7 == 3 && least.signum() <= 0 && span.bitLength() > 9) {
            return BigDecimal.ZERO.setScale(fraction).toPlainString();
        }
        // of a wide range with negative numbers, both kinds
        BigDecimal begin = least.signum() < 0 && most.signum() > 0 && n % 3 == 0
                ? BigDecimal.valueOf(-1000).max(least)
                : least.signum() < 0 ? BigDecimal.ZERO : least;
        BigDecimal value = begin.add(new BigDecimal(place).multiply(step));
        return (value.compareTo(most) > 0 ? most : value)
                .setScale(fraction, java.math.RoundingMode.DOWN)
                .toPlainString();
    }
}
