package org.postern.parsecorrelate;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.postern.duis.DuisElement;

/**
 * An oracle that knows none of the rules: every value of the request that is long enough to be told apart must be found
 * somewhere in the message, in one of the ways that GBCS writes numbers, names, times and certificates.
 */
final class RequestValues {

    /** Values that go into the message multiplied. */
    private static final Map<String, BigDecimal> SCALED = Map.of("CalorificValue", BigDecimal.TEN, "ConversionFactor", new BigDecimal(100000),
            "UncontrolledGasFlowRateDecimal", new BigDecimal(10000));
    /** Values that go in changed, or where GBCS has no place for them. */
    private static final Set<String> CHANGED = Set.of("TolerancePeriod", "NumberOfThresholds", "ExecutionDateTime", "SpecifiedYear");

    private final List<DuisElement> leaves = new ArrayList<>();

    RequestValues(DuisElement body) {
        // a gas tariff by time of use has no blocks: the schema demands thresholds all the same (facts 8)
        boolean noBlocks = body.at("GasTariffElements").isPresent() && body.at("PriceElements/GasPriceElements/TOUTariff").isPresent();
        collect(body);
        if (noBlocks) {
            leaves.removeIf(leaf -> leaf.name().equals("BlockThreshold"));
        }
    }

    private void collect(DuisElement element) {
        if (element.children().isEmpty() && !element.text().isEmpty()) {
            leaves.add(element);
        }
        element.children().forEach(this::collect);
    }

    List<String> missingFrom(byte[] message) {
        String hex = HexFormat.of().formatHex(message);
        List<String> missing = new ArrayList<>();
        for (DuisElement leaf : leaves) {
            List<String> ways = ways(leaf);
            if (!ways.isEmpty() && ways.stream().noneMatch(hex::contains)) {
                missing.add(leaf.name() + "=" + (leaf.text().length() > 40 ? leaf.text().substring(0, 40) : leaf.text()));
            }
        }
        return missing;
    }

    private static List<String> ways(DuisElement leaf) {
        String text = leaf.text();
        if (CHANGED.contains(leaf.name()) || leaf.name().equals("BlockThreshold") && text.equals("0")) {
            return List.of();
        }
        if (text.matches("-?\\d+(\\.\\d+)?")) {
            BigInteger number = new BigDecimal(text).multiply(SCALED.getOrDefault(leaf.name(), BigDecimal.ONE)).toBigInteger();
            return number.bitLength() < 9 ? List.of() : numberWays(number);
        }
        if (text.matches("\\d\\d:\\d\\d:\\d\\d.*")) {
            int hour = Integer.parseInt(text.substring(0, 2));
            int minute = Integer.parseInt(text.substring(3, 5));
            int minutes = hour * 60 + minute;
            return List.of(String.format("%02x%02x%02x00", hour, minute, Integer.parseInt(text.substring(6, 8))),
                    String.format("%02x%02x", minutes & 0xFF, minutes >> 8));
        }
        if (text.matches("([0-9A-Fa-f]{2}-){7}[0-9A-Fa-f]{2}")) {
            return List.of(text.replace("-", "").toLowerCase(java.util.Locale.ROOT));
        }
        if (leaf.name().endsWith("Certificate")) {
            return List.of(HexFormat.of().formatHex(Base64.getDecoder().decode(text)));
        }
        if (leaf.name().equals("FirmwareHash")) {
            return List.of(text.toLowerCase(java.util.Locale.ROOT));
        }
        if (text.startsWith("WWW")) {
            return List.of(HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII)));
        }
        return List.of();
    }

    private static List<String> numberWays(BigInteger number) {
        List<String> ways = new ArrayList<>();
        for (int width : new int[] {2, 3, 4, 6, 8}) {
            if (number.bitLength() > width * 8) {
                continue;
            }
            byte[] big = new byte[width];
            byte[] little = new byte[width];
            BigInteger rest = number;
            for (int i = 0; i < width; i++) {
                big[width - 1 - i] = rest.byteValue();
                little[i] = rest.byteValue();
                rest = rest.shiftRight(8);
            }
            ways.add(HexFormat.of().formatHex(big));
            ways.add(HexFormat.of().formatHex(little));
        }
        return ways;
    }
}
