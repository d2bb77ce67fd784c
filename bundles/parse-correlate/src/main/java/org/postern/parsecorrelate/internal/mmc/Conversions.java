package org.postern.parsecorrelate.internal.mmc;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postern.catalogue.Eui64;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DlmsDateTime;

/** The closed set of conversions to a text. Those to elements are in {@link Structures}. */
final class Conversions {

    private static final Map<String, Conversion> ALL;
    /** Digits, with a sign, that always fit a long. */
    private static final int LONG_DIGITS = 18;

    private static final Pattern PRINTABLE_GAP = Pattern.compile("[\\u0000 ]+$");

    static {
        Map<String, Conversion> all = new HashMap<>();
        all.put("number", (s, a, c) -> Conversion.Result.of(within(s, a)));
        all.put("reading", Conversions::reading);
        all.put("unsigned", (s, a, c) -> Conversion.Result.of(unsigned(s)));
        all.put("signed32", (s, a, c) -> Conversion.Result.of((int) s.whole()));
        all.put("decimal", (s, a, c) -> Conversion.Result.of(plain(decimal(s, Integer.parseInt(a.get(0))))));
        all.put("gas-volume", Conversions::gasVolume);
        all.put("sample", Conversions::sample);
        all.put("metered", Conversions::metered);
        all.put(
                "trailing",
                (s, a, c) -> noValue(s, a.get(1), c)
                        ? Conversion.Result.NOTHING
                        : Conversion.Result.of(plain(decimal(s, digits(c, a.get(0))))));
        all.put("scale", (s, a, c) -> Conversion.Result.of(-(s.small() >> 4 & 0xF)));
        all.put("part", Conversions::bounded);
        all.put("controller-level", (s, a, c) -> {
            c.remark("switch actions of auxiliary controllers are read like schedule selectors (unverified)");
            return bounded(s, List.of("0", "0x7F", "0", "100"), c);
        });
        all.put("position", Conversions::position);
        all.put("minus", (s, a, c) -> Conversion.Result.of(s.whole() - Long.parseLong(a.get(0))));
        all.put("octets", (s, a, c) -> Conversion.Result.of(octets(s, a).hex()));
        all.put(
                "octets-number",
                (s, a, c) -> Conversion.Result.of(Long.toUnsignedString(
                        octets(s, a).number(0, octets(s, a).length()))));
        all.put("octets-word", (s, a, c) -> word(s.bytes().number(0, s.bytes().length()), a.get(0), c));
        all.put("last-byte", (s, a, c) -> word(s.bytes().at(s.bytes().length() - 1), a.get(0), c));
        all.put("boolean", (s, a, c) -> Conversion.Result.of(s.number().signum() != 0));
        all.put("bit", (s, a, c) -> Conversion.Result.of((s.small() & Integer.decode(a.get(0))) != 0));
        all.put("bit-not", (s, a, c) -> Conversion.Result.of((s.small() & Integer.decode(a.get(0))) == 0));
        all.put("enum", (s, a, c) -> word(s.whole(), a.get(0), c));
        all.put("enum-part", (s, a, c) -> word(part(s, a, 1), a.get(0), c));
        all.put("asn1-status", Conversions::asn1Status);
        all.put("time2000", (s, a, c) -> noValue(s, "time", c) ? Conversion.Result.NOTHING : time2000(s.whole()));
        all.put("sample-time", Conversions::sampleTime);
        all.put("datetime", (s, a, c) -> Conversion.Result.of(dateTime(s.bytes())));
        all.put("gentime", (s, a, c) -> Conversion.Result.of(generalizedTime(s.bytes())));
        all.put("time4", (s, a, c) -> Conversion.Result.of(time(s.bytes())));
        all.put(
                "minutes",
                (s, a, c) -> Conversion.Result.of(text(LocalTime.ofSecondOfDay(Math.floorMod(s.small(), 1440) * 60L))));
        all.put("date5", (s, a, c) -> Conversion.Result.of(date(s.bytes())));
        all.put("hex", (s, a, c) -> hex(s.bytes(), a));
        all.put("eui", (s, a, c) -> Conversion.Result.of(eui(s.bytes())));
        all.put(
                "text",
                (s, a, c) -> Conversion.Result.of(string(a.isEmpty() ? s.bytes() : first(s.bytes(), a.get(0)))));
        all.put(
                "model-eui",
                (s, a, c) -> s.bytes().length() < 16
                        ? Conversion.Result.NOTHING
                        : Conversion.Result.of(eui(s.bytes().slice(s.bytes().length() - 8, 8))));
        all.put(
                "number-text",
                (s, a, c) -> Conversion.Result.of(
                        within(new BigInteger(1, s.bytes().toArray()), a).toString()));
        all.put("mpan", Conversions::mpan);
        all.put(
                "base64",
                (s, a, c) -> Conversion.Result.of(
                        Base64.getEncoder().encodeToString(s.bytes().toArray())));
        all.put("const", (s, a, c) -> Conversion.Result.of(a.get(0)));
        all.put("alert-name", (s, a, c) -> alertName(s.small(), c));
        all.put("log-other", Conversions::logOther);
        all.put("json-level", Conversions::jsonLevel);
        all.put("certificate-type", Conversions::certificateType);
        all.put("certificate", Conversions::certificate);
        Structures.register(all);
        ALL = Map.copyOf(all);
    }

    private Conversions() {}

    /** The conversion of that name, or null. */
    static Conversion find(String name) {
        return ALL.get(name);
    }

    /** True, after it was noted, where the number is one that the set reserves for no value. */
    static boolean noValue(Source s, String set, Conversion.Context c) {
        String meaning = c.tables().reserved().meaning(set, s.whole());
        if (meaning != null) {
            c.noValue(meaning);
        }
        return meaning != null;
    }

    /**
     * A number that was measured or counted; nothing where it is reserved. Arguments: set of reserved values, [least,
     * greatest].
     */
    private static Conversion.Result reading(Source s, List<String> args, Conversion.Context c) {
        if (noValue(s, args.get(0), c)) {
            return Conversion.Result.NOTHING;
        }
        return Conversion.Result.of(args.size() == 1 ? digits(s) : within(s, args.subList(1, 3)));
    }

    private static String unsigned(Source s) {
        return s.isLong()
                ? Long.toUnsignedString(s.whole())
                : s.number().signum() < 0
                        ? s.number().add(BigInteger.ONE.shiftLeft(Long.SIZE)).toString()
                        : digits(s);
    }

    /** The number in decimal digits. */
    static String digits(Source s) {
        return s.isLong() ? Long.toString(s.whole()) : s.number().toString();
    }

    /** The number in decimal digits; two arguments are the least and greatest value that MMC can say. */
    static String within(Source s, List<String> args) {
        boolean longs = args.size() == 2
                && s.isLong()
                && args.get(0).length() <= LONG_DIGITS
                && args.get(1).length() <= LONG_DIGITS;
        boolean out = longs
                ? s.whole() < Long.parseLong(args.get(0)) || s.whole() > Long.parseLong(args.get(1))
                : outside(s.number(), args);
        if (out) {
            throw new Mismatch("the value " + digits(s) + " is out of range");
        }
        return digits(s);
    }

    private static BigInteger within(BigInteger number, List<String> args) {
        if (outside(number, args)) {
            throw new Mismatch("the value " + number + " is out of range");
        }
        return number;
    }

    private static boolean outside(BigInteger number, List<String> args) {
        return args.size() == 2
                && (number.compareTo(new BigInteger(args.get(0))) < 0
                        || number.compareTo(new BigInteger(args.get(1))) > 0);
    }

    private static BigDecimal decimal(Source s, int scale) {
        return s.isLong() ? BigDecimal.valueOf(s.whole(), scale) : new BigDecimal(s.number(), scale);
    }

    private static long part(Source s, List<String> args, int from) {
        return s.whole() >> Integer.decode(args.get(from)) & Integer.decode(args.get(from + 1));
    }

    /** Bits of a number; two more arguments are the least and greatest value that MMC can say. */
    private static Conversion.Result bounded(Source s, List<String> args, Conversion.Context c) {
        long value = part(s, args, 0);
        if (args.size() == 4 && (value < Long.parseLong(args.get(2)) || value > Long.parseLong(args.get(3)))) {
            throw new Mismatch("the value " + value + " is out of range");
        }
        return Conversion.Result.of(value);
    }

    /** The number that the entry gives itself where it is 1 to 20, else its place in the list. */
    private static Conversion.Result position(Source s, List<String> args, Conversion.Context c) {
        long own = s.at(args.get(0)).whole();
        return Conversion.Result.of(own >= 1 && own <= 20 ? own : c.counter());
    }

    private static Bytes octets(Source s, List<String> args) {
        return s.bytes().slice(Integer.parseInt(args.get(0)), Integer.parseInt(args.get(1)));
    }

    /** Hex digits; nothing for no bytes, and at most as many bytes as the argument says. */
    private static Conversion.Result hex(Bytes bytes, List<String> args) {
        if (!args.isEmpty() && bytes.length() > Integer.parseInt(args.get(0))) {
            throw new Mismatch("more than " + args.get(0) + " bytes");
        }
        return bytes.isEmpty() ? Conversion.Result.NOTHING : Conversion.Result.of(bytes.hex());
    }

    private static Bytes first(Bytes bytes, String most) {
        return bytes.slice(0, Math.min(bytes.length(), Integer.parseInt(most)));
    }

    /** Use of a key from its cell: BIT STRING at the place given, and an INTEGER after it for prepayment top-ups. */
    private static Conversion.Result certificateType(Source s, List<String> args, Conversion.Context c) {
        int place = Integer.parseInt(args.get(0));
        Bytes usage = s.at(args.get(0)).bytes();
        Source next = s.at(Integer.toString(place + 1));
        String word = c.tables().word("key-usage", usage.at(usage.length() - 1));
        if (word == null) {
            throw new Mismatch("a key usage without a word");
        }
        boolean topUp = next != null && next.at("tag") != null && next.at("tag").small() == 0x02;
        return Conversion.Result.of(topUp && word.equals("KeyAgreement") ? "KeyAgreementTopUp" : word);
    }

    /** The certificate itself, or the only child of a sequence. */
    private static Conversion.Result certificate(Source s, List<String> args, Conversion.Context c) {
        Source certificate = s.list().size() == 1 ? s.list().get(0) : s;
        return Conversion.Result.of(Base64.getEncoder()
                .encodeToString(certificate.at("encoded").bytes().toArray()));
    }

    static String plain(BigDecimal value) {
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }

    private static Conversion.Result gasVolume(Source s, List<String> args, Conversion.Context c) {
        if (noValue(s, "zcl-u48", c)) {
            return Conversion.Result.NOTHING;
        }
        c.remark(
                "gas volumes without multiplier and divisor in the message are taken as thousandths of m3 (unverified)");
        return Conversion.Result.of(plain(decimal(s, 3)));
    }

    private static Conversion.Result sample(Source s, List<String> args, Conversion.Context c) {
        if (noValue(s, "zcl-u24", c)) {
            return Conversion.Result.NOTHING;
        }
        return gasVolume(s, args, c);
    }

    /** Value times multiplier by divisor, each from where the arguments say; nothing where one of them is missing. */
    private static Conversion.Result metered(Source s, List<String> args, Conversion.Context c) {
        Source multiplier = c.look(args.get(0));
        Source divisor = c.look(args.get(1));
        if (noValue(s, args.get(2), c)) {
            return Conversion.Result.NOTHING;
        }
        if (multiplier == null
                || divisor == null
                || divisor.number().signum() == 0
                || reserved(multiplier, c)
                || reserved(divisor, c)) {
            c.remark("a value was read without its multiplier or divisor and is left out");
            return Conversion.Result.NOTHING;
        }
        BigDecimal product = decimal(s, 0).multiply(decimal(multiplier, 0));
        return Conversion.Result.of(plain(product.divide(decimal(divisor, 0), 12, java.math.RoundingMode.HALF_EVEN)));
    }

    private static boolean reserved(Source factor, Conversion.Context c) {
        return c.tables().reserved().meaning(factor.bytes().length() == 2 ? "zcl-u16" : "zcl-u24", factor.whole())
                != null;
    }

    private static int digits(Conversion.Context c, String path) {
        Source s = c.look(path);
        if (s == null) {
            throw new Mismatch("the number of trailing digits is missing");
        }
        return s.small() >> 4 & 0xF;
    }

    private static Conversion.Result word(long code, String table, Conversion.Context c) {
        String word = c.tables().word(table, code);
        if (word == null) {
            throw new Mismatch("no word for " + code + " in the table " + table);
        }
        return Conversion.Result.of(word);
    }

    private static Conversion.Result asn1Status(Source s, List<String> args, Conversion.Context c) {
        String word = c.tables().word(args.get(0), s.whole());
        return Conversion.Result.of(word == null ? "notKnown" : word);
    }

    private static Conversion.Result time2000(long seconds) {
        return seconds == 0xFFFF_FFFFL
                ? Conversion.Result.NOTHING
                : Conversion.Result.of(Digits.instant(Instant.ofEpochSecond(DlmsDateTime.EPOCH_2000 + seconds)));
    }

    /**
     * Time of a sample: start and interval from where the arguments say, counted from 0. An interval of FFFF is a day.
     */
    private static Conversion.Result sampleTime(Source s, List<String> args, Conversion.Context c) {
        Source start = c.look(args.get(0));
        Source interval = c.look(args.get(1));
        if (start == null || interval == null) {
            throw new Mismatch("start or interval of the samples is missing");
        }
        if (noValue(start, "time", c)) {
            return Conversion.Result.NOTHING;
        }
        c.remark("times of samples are counted from the start of sampling, oldest first (unverified)");
        long step = interval.small() == 0xFFFF ? 86_400 : interval.small();
        return time2000(start.whole() + (c.counter() - 1) * step);
    }

    /** As XML writes it; empty where a field is not specified or XML has no such year. */
    static Optional<String> instant(DlmsDateTime time) {
        return time.year() < 1 || time.year() > 9998
                ? Optional.empty()
                : time.instant().map(Digits::instant);
    }

    static String dateTime(Bytes bytes) {
        if (bytes.length() != DlmsDateTime.LENGTH) {
            throw new Mismatch("a date-time of twelve bytes is expected");
        }
        return instant(DlmsDateTime.of(bytes)).orElseThrow(() -> new Mismatch("the date-time is not specified"));
    }

    static String generalizedTime(Bytes bytes) {
        String t = bytes.text(StandardCharsets.US_ASCII);
        try {
            if (t.length() != 15 || t.charAt(14) != 'Z') {
                throw new Mismatch("a GeneralizedTime is expected");
            }
            LocalDateTime time = LocalDateTime.of(
                    digits(t, 0, 4),
                    digits(t, 4, 6),
                    digits(t, 6, 8),
                    digits(t, 8, 10),
                    digits(t, 10, 12),
                    digits(t, 12, 14));
            return Digits.instant(time.toInstant(ZoneOffset.UTC));
        } catch (DateTimeException e) {
            throw new Mismatch("a GeneralizedTime is expected");
        }
    }

    private static int digits(String text, int from, int to) {
        int value = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                throw new Mismatch("a GeneralizedTime is expected");
            }
            value = value * 10 + digit;
        }
        return value;
    }

    static String time(Bytes bytes) {
        if (bytes.length() != 4) {
            throw new Mismatch("a time of four bytes is expected");
        }
        try {
            return text(LocalTime.of(bytes.at(0), bytes.at(1), bytes.at(2)));
        } catch (DateTimeException e) {
            throw new Mismatch("the time is not specified");
        }
    }

    private static String text(LocalTime time) {
        return Digits.clock(time.getHour(), time.getMinute(), time.getSecond());
    }

    private static String date(Bytes bytes) {
        if (bytes.length() != 5) {
            throw new Mismatch("a date of five bytes is expected");
        }
        try {
            int year = (int) bytes.number(0, 2);
            if (year < 1 || year > 9999) {
                throw new Mismatch("the date is not specified in full");
            }
            return LocalDate.of(year, bytes.at(2), bytes.at(3)).toString();
        } catch (DateTimeException e) {
            throw new Mismatch("the date is not specified in full");
        }
    }

    static String eui(Bytes bytes) {
        if (bytes.length() != 8) {
            throw new Mismatch("eight bytes are expected");
        }
        return new Eui64(bytes.number(0, 8)).dashed();
    }

    static String string(Bytes bytes) {
        return PRINTABLE_GAP.matcher(bytes.text(StandardCharsets.UTF_8)).replaceFirst("");
    }

    private static Conversion.Result mpan(Source s, List<String> args, Conversion.Context c) {
        int from = Integer.parseInt(args.get(0));
        Bytes b = s.bytes();
        if (b.length() <= from) {
            return Conversion.Result.NOTHING;
        }
        String text = string(b.slice(from, Math.min(13, b.length() - from)));
        return text.isEmpty() ? Conversion.Result.NOTHING : Conversion.Result.of(text);
    }

    private static Conversion.Result alertName(int code, Conversion.Context c) {
        String name = c.tables().alert(code);
        return name == null ? Conversion.Result.NOTHING : Conversion.Result.of(name);
    }

    /**
     * Use case behind the other information of a log entry, where the event code is one that carries a message code.
     */
    private static Conversion.Result logOther(Source s, List<String> args, Conversion.Context c) {
        Source code = c.look(args.get(0));
        if (code == null
                || c.tables()
                                .table("log-other-is-message-code")
                                .get(HexFormat.of().withUpperCase().toHexDigits((short) code.small()))
                        == null
                || s.bytes().length() != 2) {
            return Conversion.Result.NOTHING;
        }
        String name = c.useCase((int) s.bytes().number(0, 2));
        return name == null ? Conversion.Result.NOTHING : Conversion.Result.of(name);
    }

    /** A level, 0 to 100, from a member of the JSON text that auxiliary controllers hold. */
    private static Conversion.Result jsonLevel(Source s, List<String> args, Conversion.Context c) {
        Matcher m = c.tables().level(args.get(0)).matcher(s.bytes().text(StandardCharsets.UTF_8));
        if (!m.find()) {
            return Conversion.Result.NOTHING;
        }
        int level = Integer.parseInt(m.group(1));
        if (level > 100) {
            throw new Mismatch("a level beyond 100");
        }
        return Conversion.Result.of(level);
    }
}
