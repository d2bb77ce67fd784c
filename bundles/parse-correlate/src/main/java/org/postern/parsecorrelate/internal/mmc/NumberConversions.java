package org.postern.parsecorrelate.internal.mmc;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;

/** Conversions of numbers, and of bits of numbers, to a text. */
final class NumberConversions {

    private NumberConversions() {}

    static void addTo(Map<String, Conversions.Kind> all) {
        all.put("number", new Conversions.Kind("[min:number max:number]", a -> number(a.bounds(0))));
        all.put(
                "reading",
                new Conversions.Kind("reserved:set [min:number max:number]", a -> reading(a.set(0), a.bounds(1))));
        all.put(
                "reading-signed",
                new Conversions.Kind(
                        "reserved:set [min:number max:number]", a -> signed(reading(a.set(0), a.bounds(1)))));
        all.put("unsigned", new Conversions.Kind("", a -> (s, c) -> Conversion.Result.of(unsigned(s))));
        all.put("decimal", new Conversions.Kind("places:count", a -> decimal(a.count(0))));
        all.put("trailing", new Conversions.Kind("digits:path reserved:set", a -> trailing(a.path(0), a.set(1))));
        all.put("scale", new Conversions.Kind("", a -> (s, c) -> Conversion.Result.of(-(s.small() >> 4 & 0xF))));
        all.put(
                "part",
                new Conversions.Kind(
                        "shift:bits mask:bits [min:number max:number]", a -> part(a.bits(0), a.bits(1), a.bounds(2))));
        all.put("position", new Conversions.Kind("step:count", a -> position(a.text(0))));
        all.put("minus", new Conversions.Kind("subtrahend:count", a -> minus(a.count(0))));
        all.put(
                "boolean",
                new Conversions.Kind(
                        "", a -> (s, c) -> Conversion.Result.of(s.number().signum() != 0)));
        all.put("bit", new Conversions.Kind("mask:bits", a -> bit(a.bits(0), true)));
        all.put("bit-not", new Conversions.Kind("mask:bits", a -> bit(a.bits(0), false)));
    }

    private static Conversion number(Bounds bounds) {
        return (s, c) -> Conversion.Result.of(bounds.digits(s));
    }

    /** A measured or counted number; no result if it is reserved. */
    private static Conversion reading(ReservedValues.Numbers reserved, Bounds bounds) {
        return (s, c) -> Conversions.noValue(s, reserved, c)
                ? Conversion.Result.NOTHING
                : Conversion.Result.of(bounds.digits(s));
    }

    /** The same for an unsigned number of 32 bits that represents a signed one in two's complement. */
    private static Conversion signed(Conversion reading) {
        return (s, c) -> reading.apply(new Source.Num((int) s.whole(), Integer.BYTES), c);
    }

    private static String unsigned(Source s) {
        return s.isLong()
                ? Long.toUnsignedString(s.whole())
                : s.number().signum() < 0
                        ? s.number().add(BigInteger.ONE.shiftLeft(Long.SIZE)).toString()
                        : Conversions.digits(s);
    }

    /** The number with so many decimal places; trailing zeros are left out. */
    private static Conversion decimal(int places) {
        return (s, c) -> Conversion.Result.of(plain(decimal(s, places)));
    }

    /** The number with as many decimal places as the upper half of the byte at another path states. */
    private static Conversion trailing(Row.Path digits, ReservedValues.Numbers reserved) {
        return (s, c) -> {
            if (Conversions.noValue(s, reserved, c)) {
                return Conversion.Result.NOTHING;
            }
            Source places = c.at(digits);
            if (places == null) {
                throw new UnexpectedValueException("the number of trailing digits is missing");
            }
            return Conversion.Result.of(plain(decimal(s, places.small() >> 4 & 0xF)));
        };
    }

    static BigDecimal decimal(Source s, int scale) {
        return s.isLong() ? BigDecimal.valueOf(s.whole(), scale) : new BigDecimal(s.number(), scale);
    }

    static String plain(BigDecimal value) {
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }

    /** Bits of a number. */
    static Conversion part(int shift, int mask, Bounds bounds) {
        return (s, c) -> Conversion.Result.of(bounds.check(s.whole() >> shift & mask));
    }

    /** The number in the entry if it is 1 to 20, otherwise the entry's position in the list. */
    private static Conversion position(String step) {
        return (s, c) -> {
            long own = s.require(step).whole();
            return Conversion.Result.of(own >= 1 && own <= 20 ? own : c.counter());
        };
    }

    private static Conversion minus(int subtrahend) {
        return (s, c) -> Conversion.Result.of(s.whole() - subtrahend);
    }

    private static Conversion bit(int mask, boolean set) {
        return (s, c) -> Conversion.Result.of((s.small() & mask) != 0 == set);
    }
}
