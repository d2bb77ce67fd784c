package org.postern.parsecorrelate.reading;

import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.util.Locale;

/** Another lexical form of the same value, as the types of XML Schema allow. */
final class OtherForms {

    private static final ZoneOffset EAST = ZoneOffset.ofHoursMinutes(5, 30);

    private OtherForms() {}

    static String of(String element, String text) {
        if (RequestFacts.BOOLEANS.contains(element)) {
            return text.equals("true") ? "1" : "0";
        }
        if (element.endsWith("Certificate")) {
            return text.substring(0, 4) + "\n  " + text.substring(4);
        }
        if (element.equals("FirmwareHash") || text.matches("([0-9A-F]{2}-){7}[0-9A-F]{2}")) {
            return text.toLowerCase(Locale.ROOT);
        }
        if (text.matches("\\d{4}-\\d\\d-\\d\\dT.*T?00:00:00(\\.0+)?Z")) {
            return OffsetDateTime.parse(text).minusDays(1).toLocalDate() + "T24:00:00.000Z";
        }
        if (text.matches("\\d{4}-\\d\\d-\\d\\dT.*")) {
            return OffsetDateTime.parse(text).withOffsetSameInstant(EAST).toLocalDateTime()
                    + ":00".repeat(seconds(text)) + "+05:30";
        }
        if (text.matches("\\d\\d:\\d\\d:\\d\\d.*Z")) {
            return OffsetTime.parse(text)
                            .withOffsetSameInstant(EAST)
                            .format(java.time.format.DateTimeFormatter.ofPattern("HH:mm:ss"))
                    + "+05:30";
        }
        if (text.matches("\\d{4,}-\\d\\d-\\d\\dZ")) {
            return text.replace("Z", "+00:00");
        }
        if (text.matches("\\d+\\.\\d+")) {
            return "0" + text + "0";
        }
        return text.matches("-?\\d+") ? text.startsWith("-") ? "-0" + text.substring(1) : "+0" + text : text;
    }

    /** Java omits seconds that are zero; XML does not. */
    private static int seconds(String text) {
        return OffsetDateTime.parse(text).getSecond() == 0
                        && OffsetDateTime.parse(text).getNano() == 0
                ? 1
                : 0;
    }
}
