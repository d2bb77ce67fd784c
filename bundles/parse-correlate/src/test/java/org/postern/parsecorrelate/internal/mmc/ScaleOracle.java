package org.postern.parsecorrelate.internal.mmc;

import java.util.List;
import java.util.Map;

/**
 * Scalers and units of the standard's mapping tables (GBCS section 20.3), recorded for the tests independently of the
 * tables that the product reads: for each message code and result, the scaler and unit pairs in their order.
 */
final class ScaleOracle {

    private static final Map<String, List<int[]>> DLMS = Map.ofEntries(
            Map.entry("0026/1", pairs(0, 30)),
            Map.entry("0026/3", pairs(0, 32)),
            Map.entry("0027/0", pairs(0, 30, 0, 32)),
            Map.entry("0028/0", pairs(0, 27)),
            Map.entry("002B/2", pairs(0, 27)),
            Map.entry("002C/3", pairs(0, 27)),
            Map.entry("002C/6", pairs(0, 27)),
            Map.entry("0039/1", pairs(0, 255)),
            Map.entry("0039/3", pairs(0, 255)),
            Map.entry("00BC/1", pairs(0, 255)),
            Map.entry("00BC/3", pairs(0, 255)),
            Map.entry("00BC/7", pairs(0, 255)),
            Map.entry("00BC/9", pairs(0, 255)),
            Map.entry("00BC/13", pairs(0, 255)),
            Map.entry("00BC/15", pairs(0, 255)),
            Map.entry("003A/1", pairs(-5, 254)),
            Map.entry("003A/15", pairs(0, -5)),
            Map.entry("003A/16", pairs(3, -5)),
            Map.entry("00BD/0", pairs(3, -5)),
            Map.entry("00BD/2", pairs(-5, 254)),
            Map.entry("003B/0", pairs(0, -5)),
            Map.entry("003B/3", pairs(0, -5)),
            Map.entry("003B/4", pairs(0, -5)),
            Map.entry("003B/6", pairs(0, -5)),
            Map.entry("0042/2", pairs(0, 255)));

    /**
     * Attributes that determine the scale of others: unit, multiplier, divisor, trailing digits; as ZCL value bytes.
     */
    static final Map<String, String> ZCL = Map.ofEntries(
            Map.entry("0702/0300", "01"),
            Map.entry("0702/0301", "010000"),
            Map.entry("0702/0302", "E80300"),
            Map.entry("0700/0617", "50"),
            Map.entry("0700/0615", "00"),
            Map.entry("0700/0202", "010000"),
            Map.entry("0700/0203", "E80300"),
            Map.entry("0700/0303", "50"),
            Map.entry("0700/0305", "01"),
            Map.entry("0700/0306", "10"),
            Map.entry("0702/0B11", "01"),
            Map.entry("0702/0B12", "0100"),
            Map.entry("0702/0B13", "1027"),
            Map.entry("0700/0616", "3A03"));

    private ScaleOracle() {}

    private static List<int[]> pairs(int... values) {
        List<int[]> all = new java.util.ArrayList<>();
        for (int i = 0; i < values.length; i += 2) {
            all.add(new int[] {values[i], values[i + 1]});
        }
        return all;
    }

    static List<int[]> dlms(int code, int position) {
        return DLMS.getOrDefault(String.format("%04X/%d", code, position), List.of());
    }

    static String zcl(int cluster, int attribute) {
        return ZCL.get(String.format("%04X/%04X", cluster, attribute));
    }
}
