package org.postern.simulator.devices.internal.prepayment;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.GbcsCrypto;
import org.postern.gbcs.KeyUse;
import org.postern.gbcs.PartyKeys;
import org.postern.gbcs.TopUpToken;
import org.postern.simulator.devices.internal.security.TrustAnchors;

/**
 * How a meter checks a top-up token by itself (GBCS, Unique Transaction Reference Number): check digit, counter, and
 * the MAC that the supplier in its top-up cell and the meter share. Only ten bits of the counter travel in the digits;
 * the rest comes from the command's counter, or is that of the nearest counter to the last one taken, as for a token
 * from the keypad.
 */
public final class TopUps {

    /**
     * The decision about a token. The number is the result type of a gas meter's answer (0 accepted, 1 invalid, 2 a
     * duplicate).
     */
    public enum Verdict {
        ACCEPTED,
        REJECTED,
        DUPLICATE
    }

    private static final int BITS = 10;
    private static final long MASK = (1 << BITS) - 1;
    private static final int HIGH = 32;
    private static final int COUNTER_AT = 47;
    /** Millipence. */
    private static final long POUND = 100_000;

    private static final long PENNY = 1_000;

    private final Eui64 device;
    private final TrustAnchors anchors;
    private final PartyKeys keys;
    private final GbcsCrypto crypto;
    private final int bound;
    /** High words of the counters of accepted tokens, the highest of them. */
    private final TreeSet<Long> taken = new TreeSet<>();

    /** @param bound counters that are remembered; a token with a lower one is rejected */
    public TopUps(Eui64 device, TrustAnchors anchors, PartyKeys keys, GbcsCrypto crypto, int bound) {
        this.bound = bound;
        this.device = device;
        this.anchors = anchors;
        this.keys = keys;
        this.crypto = crypto;
    }

    /**
     * Checks a token, and remembers its counter where it is accepted.
     *
     * @param counter originator counter of the command that brought it; empty for the keypad
     */
    public synchronized Verdict check(String digits, OptionalLong counter) {
        Optional<TrustAnchors.Anchor> supplier = anchors.holder(TrustAnchors.SUPPLIER, TrustAnchors.Use.TOP_UP);
        if (!TopUpToken.wellFormed(digits) || supplier.isEmpty()) {
            return Verdict.REJECTED;
        }
        long floor = anchors.topUpFloor(TrustAnchors.SUPPLIER) >>> HIGH;
        long last = taken.isEmpty() ? floor : Math.max(floor, taken.last());
        OptionalLong right = counter.isPresent() && genuine(digits, supplier.get(), counter.getAsLong() >>> HIGH)
                ? OptionalLong.of(counter.getAsLong() >>> HIGH)
                : nearest(digits, supplier.get(), last);
        if (right.isEmpty()) {
            return Verdict.REJECTED;
        }
        long number = right.getAsLong();
        if (taken.contains(number)) {
            return Verdict.DUPLICATE;
        }
        if (number <= last) {
            return Verdict.REJECTED;
        }
        taken.add(number);
        if (taken.size() > bound) {
            taken.pollFirst();
        }
        return Verdict.ACCEPTED;
    }

    /** Number of counters that are remembered. */
    public synchronized int size() {
        return taken.size();
    }

    private OptionalLong nearest(String digits, TrustAnchors.Anchor supplier, long last) {
        long low = new java.math.BigInteger(digits.substring(0, digits.length() - 1))
                        .subtract(new java.math.BigInteger("7394156990786306048"))
                        .shiftRight(COUNTER_AT)
                        .longValue()
                & MASK;
        long base = last & ~MASK;
        for (long candidate : new long[] {base | low, (base | low) - MASK - 1, (base | low) + MASK + 1}) {
            if (candidate >= 0 && Math.abs(candidate - last) <= MASK && genuine(digits, supplier, candidate)) {
                return OptionalLong.of(candidate);
            }
        }
        return OptionalLong.empty();
    }

    /** True where the token is the one that this supplier makes for this meter with that counter. */
    private boolean genuine(String digits, TrustAnchors.Anchor supplier, long number) {
        Optional<byte[]> secret = keys.agree(device, KeyUse.KEY_AGREEMENT, supplier.certificate());
        try {
            TopUpToken token = new TopUpToken(digits);
            return secret.isPresent()
                    && TopUpToken.make(
                                    crypto,
                                    secret.get(),
                                    supplier.party(),
                                    device,
                                    number << HIGH,
                                    token.unit(),
                                    token.value())
                            .digits()
                            .equals(digits);
        } catch (PosternException notAToken) {
            return false;
        }
    }

    /** Value of a top-up token; empty where it is none. */
    public static OptionalLong millipence(Bytes token) {
        String digits = token.text(StandardCharsets.US_ASCII);
        if (!TopUpToken.wellFormed(digits)) {
            return OptionalLong.empty();
        }
        TopUpToken utrn = new TopUpToken(digits);
        return OptionalLong.of(utrn.value() * (utrn.unit() == TopUpToken.Unit.POUNDS ? POUND : PENNY));
    }
}
