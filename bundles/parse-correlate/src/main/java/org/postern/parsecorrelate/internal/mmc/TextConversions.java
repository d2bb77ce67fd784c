package org.postern.parsecorrelate.internal.mmc;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postern.catalogue.Eui64;
import org.postern.gbcs.Bytes;

/** Conversions of bytes and codes to a text. */
final class TextConversions {

    private static final Pattern PRINTABLE_GAP = Pattern.compile("[\\u0000 ]+$");
    private static final int MPAN_DIGITS = 13;

    private TextConversions() {}

    static void addTo(Map<String, Conversions.Kind> all) {
        all.put("const", new Conversions.Kind("text:text", a -> constant(a.text(0))));
        all.put("hex", new Conversions.Kind("[max:count]", a -> hex(a.size() == 0 ? Integer.MAX_VALUE : a.count(0))));
        all.put("eui", new Conversions.Kind("", a -> (s, c) -> Conversion.Result.of(eui(s.bytes()))));
        all.put("text", new Conversions.Kind("[max:count]", a -> text(a.size() == 0 ? Integer.MAX_VALUE : a.count(0))));
        all.put("model-eui", new Conversions.Kind("", a -> TextConversions::modelEui));
        all.put("number-text", new Conversions.Kind("[min:number max:number]", a -> numberText(a.bounds(0))));
        all.put("mpan", new Conversions.Kind("from:count", a -> mpan(a.count(0))));
        all.put(
                "base64",
                new Conversions.Kind(
                        "",
                        a -> (s, c) -> Conversion.Result.of(
                                Base64.getEncoder().encodeToString(s.bytes().toArray()))));
        all.put("octets", new Conversions.Kind("from:count bytes:count", a -> octets(a.count(0), a.count(1))));
        all.put(
                "octets-number",
                new Conversions.Kind("from:count bytes:count", a -> octetsNumber(a.count(0), a.count(1))));
        all.put("octets-word", new Conversions.Kind("words:table", a -> octetsWord(a.words(0))));
        all.put("last-byte", new Conversions.Kind("words:table", a -> lastByte(a.words(0))));
        all.put("enum", new Conversions.Kind("words:table", a -> word(a.words(0))));
        all.put(
                "enum-part",
                new Conversions.Kind("words:table shift:bits mask:bits", a -> word(a.words(0), a.bits(1), a.bits(2))));
        all.put("asn1-status", new Conversions.Kind("words:table", a -> asn1Status(a.words(0))));
        all.put("alert-name", new Conversions.Kind("", a -> alertName(a.tables())));
        all.put(
                "log-other",
                new Conversions.Kind(
                        "event:path", a -> logOther(a.path(0), a.tables().words("log-other-is-message-code"))));
        all.put("json-level", new Conversions.Kind("member:name", a -> jsonLevel(a.text(0))));
        all.put(
                "certificate-type",
                new Conversions.Kind(
                        "usage:count",
                        a -> certificateType(a.count(0), a.tables().words("key-usage"))));
        all.put("certificate", new Conversions.Kind("", a -> TextConversions::certificate));
    }

    private static Conversion constant(String text) {
        Conversion.Result result = Conversion.Result.of(text);
        return (s, c) -> result;
    }

    /** Hex digits; no result for no bytes. */
    private static Conversion hex(int max) {
        return (s, c) -> {
            Bytes bytes = s.bytes();
            if (bytes.length() > max) {
                throw new UnexpectedValueException("more than " + max + " bytes");
            }
            return Conversions.text(bytes.hex());
        };
    }

    static String eui(Bytes bytes) {
        if (bytes.length() != 8) {
            throw new UnexpectedValueException("eight bytes are expected");
        }
        return new Eui64(bytes.number(0, 8)).dashed();
    }

    static String string(Bytes bytes) {
        return PRINTABLE_GAP.matcher(bytes.text(StandardCharsets.UTF_8)).replaceFirst("");
    }

    private static Conversion text(int max) {
        return (s, c) -> {
            Bytes bytes = s.bytes();
            return Conversion.Result.of(string(bytes.slice(0, Math.min(bytes.length(), max))));
        };
    }

    /** The EUI-64 at the end of a model identifier; no result if the identifier is too short for model and EUI-64. */
    private static Conversion.Result modelEui(Source s, Conversion.Context c) {
        Bytes bytes = s.bytes();
        return bytes.length() < 16
                ? Conversion.Result.NOTHING
                : Conversion.Result.of(eui(bytes.slice(bytes.length() - 8, 8)));
    }

    private static Conversion numberText(Bounds bounds) {
        return (s, c) -> Conversion.Result.of(
                bounds.check(new BigInteger(1, s.bytes().toArray())).toString());
    }

    private static Conversion mpan(int from) {
        return (s, c) -> {
            Bytes b = s.bytes();
            return b.length() <= from
                    ? Conversion.Result.NOTHING
                    : Conversions.text(string(b.slice(from, Math.min(MPAN_DIGITS, b.length() - from))));
        };
    }

    private static Conversion octets(int from, int length) {
        return (s, c) -> Conversion.Result.of(s.bytes().slice(from, length).hex());
    }

    private static Conversion octetsNumber(int from, int length) {
        return (s, c) -> Conversion.Result.of(
                Long.toUnsignedString(s.bytes().slice(from, length).number(0, length)));
    }

    private static Conversion octetsWord(Tables.Words words) {
        return (s, c) ->
                Conversion.Result.of(words.require(s.bytes().number(0, s.bytes().length())));
    }

    private static Conversion lastByte(Tables.Words words) {
        return (s, c) ->
                Conversion.Result.of(words.require(s.bytes().at(s.bytes().length() - 1)));
    }

    private static Conversion word(Tables.Words words) {
        return (s, c) -> Conversion.Result.of(words.require(s.whole()));
    }

    private static Conversion word(Tables.Words words, int shift, int mask) {
        return (s, c) -> Conversion.Result.of(words.require(s.whole() >> shift & mask));
    }

    private static Conversion asn1Status(Tables.Words words) {
        return (s, c) -> {
            String word = words.word(s.whole());
            return Conversion.Result.of(word == null ? "notKnown" : word);
        };
    }

    private static Conversion alertName(Tables tables) {
        return (s, c) -> Conversions.text(tables.alert(s.small()));
    }

    /** Use case of the other information of a log entry, if its event code is one that has a message code there. */
    private static Conversion logOther(Row.Path event, Tables.Words messageCodes) {
        return (s, c) -> {
            Source code = c.at(event);
            return code == null
                            || messageCodes.words().get(Digits.hex4(code.small())) == null
                            || s.bytes().length() != 2
                    ? Conversion.Result.NOTHING
                    : Conversions.text(c.useCase((int) s.bytes().number(0, 2)));
        };
    }

    /** A level from 0 to 100, from a member of the JSON text of an auxiliary controller. */
    private static Conversion jsonLevel(String member) {
        Pattern level = Pattern.compile("\"" + Pattern.quote(member) + "\"\\s*:\\s*\"?(\\d{1,3})\"?\\s*[,}]");
        return (s, c) -> {
            Matcher m = level.matcher(s.bytes().text(StandardCharsets.UTF_8));
            if (!m.find()) {
                return Conversion.Result.NOTHING;
            }
            int number = Integer.parseInt(m.group(1));
            if (number > 100) {
                throw new UnexpectedValueException("a level beyond 100");
            }
            return Conversion.Result.of(number);
        };
    }

    /**
     * Key usage of a certificate cell: a BIT STRING at the given position, followed by an INTEGER for prepayment
     * top-ups.
     */
    private static Conversion certificateType(int place, Tables.Words words) {
        String at = Integer.toString(place);
        String after = Integer.toString(place + 1);
        return (s, c) -> {
            Bytes usage = s.require(at).bytes();
            Source next = s.at(after);
            String word = words.word(usage.at(usage.length() - 1));
            if (word == null) {
                throw new UnexpectedValueException("an unknown key usage");
            }
            boolean topUp = next != null && isInteger(next.at("tag"));
            return Conversion.Result.of(topUp && word.equals("KeyAgreement") ? "KeyAgreementTopUp" : word);
        };
    }

    private static boolean isInteger(@Nullable Source tag) {
        return tag != null && tag.small() == 0x02;
    }

    /** The certificate itself, or the only child of a sequence. */
    private static Conversion.Result certificate(Source s, Conversion.Context c) {
        Source certificate = s.list().size() == 1 ? s.list().get(0) : s;
        return Conversion.Result.of(Base64.getEncoder()
                .encodeToString(certificate.require("encoded").bytes().toArray()));
    }
}
