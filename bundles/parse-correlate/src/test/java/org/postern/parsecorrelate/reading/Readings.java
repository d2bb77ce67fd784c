package org.postern.parsecorrelate.reading;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DerNode;
import org.postern.gbcs.DlmsData;

/**
 * Converts a value of a message to values of the request. Each reading gives paths below the row's path and values in
 * the form of {@link RequestFacts}; no value if the message states that the request has none.
 */
final class Readings {

    private static final long SECONDS_TO_2000 = 946_684_800L;
    private static final String CANCELLED = "at 32535129600";
    private static final List<String> WEEK =
            List.of("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday");
    private static final DateTimeFormatter GENERALIZED = DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'");

    private Readings() {}

    static Map<String, String> read(String reading, Wire wire) {
        String[] words = reading.split(" ");
        return switch (words[0]) {
            case "number", "octet" -> one(wire.whole().toString());
            case "signed" -> one(wire.signed().toString());
            case "number-less" ->
                one(wire.whole().subtract(new BigInteger(words[1])).toString());
            case "object-less" -> one(String.valueOf(wire.object() - Integer.parseInt(words[1])));
            case "decimal" ->
                one(RequestFacts.plain(new BigDecimal(wire.whole(), Integer.parseInt(words[1])).toPlainString()));
            case "price" ->
                wire.whole().signum() == 0 ? Map.of() : one(wire.whole().toString());
            case "text" -> one(wire.octets().text(StandardCharsets.UTF_8));
            case "bytes" -> one(wire.octets().hex());
            case "truth" -> one(((DlmsData.Bool) wire.dlms()).value() ? words[1] : words[2]);
            case "word" -> one(word(words, wire.whole()));
            case "constant" -> expect(new BigInteger(words[1]), wire.whole(), Map.of());
            case "enumeration" -> expect(new BigInteger(words[1]), wire.whole(), one(""));
            case "position" -> expect(BigInteger.valueOf(wire.number()), wire.whole(), Map.of());
            case "certificate" -> one(encoded(wire.der()));
            case "key-usage" -> one(usage(wire.octets()));
            case "any-entry" -> one(String.valueOf(!wire.dlms().elements().isEmpty()));
            case "price-matrix" -> matrix(wire);
            case "rate" ->
                wire.whole().intValue() > 100
                        ? Map.of(
                                "BlockTariffAction",
                                wire.whole().subtract(BigInteger.valueOf(100)).toString())
                        : Map.of("TOUTariffAction", wire.whole().toString());
            case "switch" ->
                wire.octets().equals(Bytes.ofHex("0000000000000000"))
                        ? Map.of("ALCS", "")
                        : Map.of("HCALCS", wire.octets().hex());
            case "script" ->
                expect(
                        BigInteger.valueOf(Integer.parseInt(words[1])),
                        wire.whole().and(BigInteger.valueOf(0xFF)),
                        one(wire.whole().shiftRight(8).toString()));
            case "switch-script" -> switchScript(wire.whole().intValue());
            case "controller" -> controller(wire.whole().intValue() - Integer.parseInt(words[1]));
            case "weekdays" -> weekdays(wire.bits());
            case "special-day-ids" -> specialDays(wire.bits(), "/SpecialDayApplicability[#%d]/SpecialDayID", true);
            case "special-days" -> specialDays(wire.bits(), "[#%d]", false);
            case "suspensions" -> suspensions(wire.dlms());
            case "gas-suspensions" -> gasSuspensions(wire.whole().intValue());
            case "gas-rate" ->
                wire.whole().signum() == 0
                        ? Map.of("BlockTariff", "")
                        : Map.of("TOUTariffAction", wire.whole().toString());
            case "gas-matrix" -> gasMatrix(wire);
            case "gas-thresholds" ->
                wire.bytes().at(0) == 0x10 ? one(String.valueOf(wire.bytes().at(3))) : Map.of();
            case "periodicity" ->
                periodicity(wire.little(0, 3).intValue(), wire.bytes().at(3));
            case "block-periodicity" ->
                expect(
                        BigInteger.TWO,
                        wire.little(3, 1),
                        periodicity(wire.little(0, 3).intValue(), wire.bytes().at(4)));
            default -> dates(words[0], words, wire);
        };
    }

    private static Map<String, String> dates(String reading, String[] words, Wire wire) {
        return switch (reading) {
            case "time" -> one("time " + seconds(wire.octets(), 0));
            case "minutes" -> one("time " + wire.whole().intValueExact() * 60);
            case "seconds" -> one("at " + (wire.whole().longValueExact() + SECONDS_TO_2000));
            case "date-time" -> one(dateTime(wire.octets()));
            case "when" -> when(wire.octets());
            case "gas-when" -> gasWhen(wire.whole().longValueExact());
            case "generalized-when" -> wire == null ? Map.of() : one(generalized(wire.octets()));
            case "date-of-time" ->
                expect(
                        new BigInteger("8000FF", 16),
                        new BigInteger(1, wire.octets().from(5).toArray()),
                        date(wire.octets().slice(0, 5)));
            case "date" -> date(wire.octets());
            case "plain-date" ->
                one(String.format(
                        "on %04d-%02d-%02d",
                        wire.octets().number(0, 2),
                        wire.octets().at(2),
                        wire.octets().at(3)));
            case "gas-date" -> gasDate(wire.octets());
            case "clock" ->
                clock(
                        dateTime(wire.dlms().elements().get(1).asBytes()),
                        dateTime(wire.dlms().elements().get(2).asBytes()));
            case "gas-clock" -> clock(generalized(content(wire.der(), 0)), generalized(content(wire.der(), 1)));
            case "billing" -> billing(wire.dlms());
            case "credentials" ->
                Credentials.read(wire.der(), Integer.parseInt(words[1]), Integer.parseInt(words[2]), words[3]);
            default -> throw new IllegalStateException("no reading " + reading);
        };
    }

    private static Map<String, String> one(String value) {
        return Map.of("", value);
    }

    private static Map<String, String> expect(BigInteger wanted, BigInteger found, Map<String, String> then) {
        if (!wanted.equals(found)) {
            throw new IllegalStateException(found + " where " + wanted + " must be");
        }
        return then;
    }

    private static String word(String[] words, BigInteger number) {
        for (String word : words) {
            if (word.startsWith(number + "=")) {
                return word.substring(word.indexOf('=') + 1);
            }
        }
        throw new IllegalStateException(number + " is none of " + String.join(" ", words));
    }

    private static Bytes content(DerNode node, int child) {
        return ((DerNode.Primitive) node.children().get(child)).content();
    }

    static String encoded(DerNode node) {
        return node instanceof DerNode.Certificate certificate
                ? certificate.encoded().hex()
                : Credentials.encode(node);
    }

    private static String usage(Bytes bits) {
        return switch (bits.hex()) {
            case "0780" -> "Digital Signature";
            case "0308" -> "Key Agreement";
            default -> throw new IllegalStateException("key usage " + bits.hex());
        };
    }

    /** 01 to 30 are rates 1 to 48; A1 to D8 a block by its letter and its rate. */
    private static Map<String, String> matrix(Wire wire) {
        int index = (int) wire.dlms().elements().get(0).asBytes().number(0, 1);
        long price = ((DlmsData.Whole) wire.dlms().elements().get(1)).value();
        String path = index <= 48
                ? "TOUPrice[#" + index + "]"
                : "BlockPrices[#" + (index & 0x0F) + "]/BlockPrice[#" + ((index >> 4) - 9) + "]";
        return price == 0 ? Map.of() : Map.of(path, String.valueOf(price));
    }

    /** Bit 0 of the control means rates, which count from 1; blocks count from 0. */
    private static Map<String, String> gasMatrix(Wire wire) {
        boolean rates = wire.bytes().at(0) == 1;
        Map<String, String> found = new LinkedHashMap<>();
        for (int at = 1; at < wire.bytes().length(); at += 5) {
            int number = wire.bytes().at(at);
            found.put(
                    rates ? "TOUTariff/TOUPrice[#" + number + "]" : "BlockTariff/BlockPrice[#" + (number + 1) + "]",
                    wire.little(at + 1, 4).toString());
        }
        return found;
    }

    private static Map<String, String> switchScript(int script) {
        return Map.of(
                "@index",
                String.valueOf(script >> 8),
                switch (script & 0xFF) {
                    case 1 -> "ActivateSwitch";
                    case 2 -> "DeactivateSwitch";
                    default -> throw new IllegalStateException("script " + script);
                },
                "");
    }

    /**
     * 1000 hex is the output of the controller, 2000 hex the input from the controlled load; then its number, then the
     * level.
     */
    private static Map<String, String> controller(int script) {
        Map<String, String> found = new LinkedHashMap<>();
        found.put("@auxiliaryControllerN", String.valueOf(script >> 8 & 0x0F));
        found.put("CommandedStateLevel", String.valueOf(script & 0xFF));
        if (script >> 12 == 2) {
            found.put("InputFromControlledLoad", "");
        } else if (script >> 12 != 1) {
            throw new IllegalStateException("script " + script);
        }
        return found;
    }

    private static Map<String, String> weekdays(String bits) {
        Map<String, String> found = new LinkedHashMap<>();
        for (int i = 0; i < 7; i++) {
            if (bits.charAt(i) == '1') {
                found.put(
                        "DaysOfWeekApplicability/DayOfWeekApplicability[" + WEEK.get(i) + "]/DayOfWeekID", WEEK.get(i));
            }
        }
        return found;
    }

    private static Map<String, String> specialDays(String bits, String path, boolean valued) {
        Map<String, String> found = new LinkedHashMap<>();
        for (int i = 0; i < bits.length(); i++) {
            if (bits.charAt(i) == '1') {
                found.put(String.format("~" + path, i + 1), valued ? String.valueOf(i + 1) : "");
            }
        }
        return found;
    }

    /** Whether debts 1 and 2 are collected while disabled (third bit), and from emergency credit (credit 2). */
    private static Map<String, String> suspensions(DlmsData references) {
        boolean disabled = false;
        boolean emergency = false;
        for (DlmsData reference : references.elements()) {
            int credit = reference.elements().get(0).asBytes().at(4);
            int charge = reference.elements().get(1).asBytes().at(4);
            disabled |= credit == 0
                    && charge == 1
                    && !((DlmsData.BitString) reference.elements().get(2)).bit(2);
            emergency |= credit == 2;
        }
        return Map.of(
                "SuspendDebtDisabled", String.valueOf(disabled), "SuspendDebtEmergency", String.valueOf(emergency));
    }

    private static Map<String, String> gasSuspensions(int control) {
        expect(BigInteger.valueOf(0x97), BigInteger.valueOf(control & 0xF3FF), Map.of());
        return Map.of(
                "SuspendDebtDisabled",
                String.valueOf((control & 0x0400) != 0),
                "SuspendDebtEmergency",
                String.valueOf((control & 0x0800) == 0));
    }

    private static Map<String, String> periodicity(int duration, int type) {
        return one(
                switch (String.format("%d %02X", duration, type)) {
                    case "1 21" -> "Daily";
                    case "1 22" -> "Weekly";
                    case "1 23" -> "Monthly";
                    case "3 23" -> "Quarterly";
                    case "6 23" -> "SixMonthly";
                    case "12 23" -> "Yearly";
                    default -> throw new IllegalStateException(duration + " of " + type);
                });
    }

    private static int seconds(Bytes bytes, int at) {
        return bytes.at(at) * 3600 + bytes.at(at + 1) * 60 + bytes.at(at + 2);
    }

    private static String dateTime(Bytes bytes) {
        return "at "
                + LocalDateTime.of(
                                (int) bytes.number(0, 2),
                                bytes.at(2),
                                bytes.at(3),
                                bytes.at(5),
                                bytes.at(6),
                                bytes.at(7))
                        .toEpochSecond(ZoneOffset.UTC);
    }

    private static String generalized(Bytes text) {
        String time = text.text(StandardCharsets.US_ASCII);
        return time.equals("99991231235959Z")
                ? CANCELLED
                : "at " + LocalDateTime.parse(time, GENERALIZED).toEpochSecond(ZoneOffset.UTC);
    }

    /** Nine zeros mean at once, nine FF mean never: a cancellation. */
    private static Map<String, String> when(Bytes bytes) {
        String nine = bytes.slice(0, 9).hex();
        return nine.matches("0+") ? Map.of() : one(nine.matches("F+") ? CANCELLED : dateTime(bytes));
    }

    private static Map<String, String> gasWhen(long seconds) {
        return seconds == 0 ? Map.of() : one(seconds >= 0xFFFFFFFEL ? CANCELLED : "at " + (seconds + SECONDS_TO_2000));
    }

    private static Map<String, String> date(Bytes bytes) {
        return wildcards(
                new String[] {"Year", "Month", "DayOfMonth", "DayOfWeek"},
                new String[] {"NonSpecifiedYear", "NonSpecifiedMonth", "NonSpecifiedDayOfMonth", "NonSpecifiedDayOfWeek"
                },
                new int[] {(int) bytes.number(0, 2), bytes.at(2), bytes.at(3), bytes.at(4)},
                0xFFFF);
    }

    private static Map<String, String> gasDate(Bytes bytes) {
        return wildcards(
                new String[] {
                    "GasYearWithWildcards",
                    "GasMonthWithWildcards",
                    "GasDayOfMonthWithWildcards",
                    "GasDayOfWeekWithWildcards"
                },
                new String[] {
                    "NonSpecifiedYear", "NonSpecifiedMonth", "GasNonSpecifiedDayOfMonth", "NonSpecifiedDayOfWeek"
                },
                new int[] {bytes.at(0) == 0xFF ? 0xFFFF : bytes.at(0) + 1900, bytes.at(1), bytes.at(2), bytes.at(3)},
                0xFFFF);
    }

    private static Map<String, String> wildcards(String[] groups, String[] none, int[] numbers, int noYear) {
        String[] given = {"SpecifiedYear", "SpecifiedMonth", "SpecifiedDayOfMonth", "SpecifiedDayOfWeek"};
        Map<String, String> found = new LinkedHashMap<>();
        for (int i = 0; i < groups.length; i++) {
            boolean wild = numbers[i] == (i == 0 ? noYear : 0xFF);
            if (i == 2 && numbers[i] >= 0xFD && !wild) {
                found.put(groups[i] + "/" + (numbers[i] == 0xFE ? "LastDayOfMonth" : "SecondLastDayOfMonth"), "");
            } else {
                found.put(groups[i] + "/" + (wild ? none[i] : given[i]), wild ? "" : String.valueOf(numbers[i]));
            }
        }
        return found;
    }

    /** The range begins with the time; its length is the tolerance. */
    private static Map<String, String> clock(String from, String to) {
        return Map.of(
                "CurrentDateTime",
                from,
                "TolerancePeriod",
                String.valueOf(Long.parseLong(to.substring(3)) - Long.parseLong(from.substring(3))));
    }

    /** Times and dates of an electricity billing calendar: how many dates, and which parts are given. */
    private static Map<String, String> billing(DlmsData entries) {
        Map<String, String> found = new LinkedHashMap<>();
        List<? extends DlmsData> dates = entries.elements();
        Bytes first = dates.get(0).elements().get(1).asBytes();
        for (int i = 0; i < dates.size(); i++) {
            put(
                    found,
                    "BillingTime",
                    "time " + seconds(dates.get(i).elements().get(0).asBytes(), 0));
            Bytes date = dates.get(i).elements().get(1).asBytes();
            int step = 12 / dates.size();
            boolean follows =
                    dates.size() == 1 || (date.at(2) - first.at(2) - i * step) % 12 == 0 && date.at(3) == first.at(3);
            if (!follows || date.number(0, 2) != 0xFFFF) {
                throw new IllegalStateException("no calendar: " + date.hex());
            }
        }
        int month = first.at(2);
        if (month == 0xFF) {
            String path = first.at(4) != 0xFF ? "Weekly" : first.at(3) != 0xFF ? "Monthly" : "Daily";
            found.put(
                    path,
                    path.equals("Daily") ? "" : String.valueOf(path.equals("Weekly") ? first.at(4) : first.at(3)));
        } else {
            String path = dates.size() == 4 ? "Quarterly" : dates.size() == 2 ? "SixMonthly" : "Yearly";
            found.put(path + "/DayOfMonth", String.valueOf(first.at(3)));
            found.put(path + "/BillingPeriodStartMonth", String.valueOf(month));
        }
        return found;
    }

    static void put(Map<String, String> found, String path, String value) {
        String before = found.put(path, value);
        if (before != null && !before.equals(value)) {
            throw new IllegalStateException(path + " is " + before + " and " + value);
        }
    }
}
