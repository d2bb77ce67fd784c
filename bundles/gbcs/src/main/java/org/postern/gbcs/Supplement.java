package org.postern.gbcs;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.postern.catalogue.Eui64;

/**
 * The part of other-info after the message code: nothing (length 2), a party (10), the counter of the party (18), and
 * then either the supplementary originator counter (26) or the Key Agreement certificate of the party (longer).
 *
 * @param party supplementary remote party
 * @param counter its counter; only with a party
 * @param originatorCounter supplementary originator counter; only with a counter
 * @param certificate DER of the party's Key Agreement certificate; only with a counter, never with an originator
 *     counter
 */
public record Supplement(
        Optional<Eui64> party, OptionalLong counter, OptionalLong originatorCounter, Optional<Bytes> certificate) {

    /** Nothing after the message code. */
    public static final Supplement NONE =
            new Supplement(Optional.empty(), OptionalLong.empty(), OptionalLong.empty(), Optional.empty());

    public Supplement {
        Objects.requireNonNull(party, "party");
        Objects.requireNonNull(counter, "counter");
        Objects.requireNonNull(originatorCounter, "originatorCounter");
        Objects.requireNonNull(certificate, "certificate");
        if (counter.isPresent() && party.isEmpty()
                || originatorCounter.isPresent() && counter.isEmpty()
                || certificate.isPresent() && (counter.isEmpty() || originatorCounter.isPresent())) {
            throw new IllegalArgumentException("supplementary fields out of order");
        }
    }

    /** A party only (alert 0123). */
    public static Supplement of(Eui64 party) {
        return new Supplement(Optional.of(party), OptionalLong.empty(), OptionalLong.empty(), Optional.empty());
    }

    /** A party and its counter: the Access Control Broker sends on behalf of that party. */
    public static Supplement of(Eui64 party, long counter) {
        return new Supplement(Optional.of(party), OptionalLong.of(counter), OptionalLong.empty(), Optional.empty());
    }

    /** A party, its counter and the supplementary originator counter. */
    public static Supplement of(Eui64 party, long counter, long originatorCounter) {
        return new Supplement(
                Optional.of(party), OptionalLong.of(counter), OptionalLong.of(originatorCounter), Optional.empty());
    }

    /** A party, its counter and its Key Agreement certificate in DER. */
    public static Supplement of(Eui64 party, long counter, Bytes certificate) {
        return new Supplement(
                Optional.of(party), OptionalLong.of(counter), OptionalLong.empty(), Optional.of(certificate));
    }

    public boolean isEmpty() {
        return party.isEmpty();
    }
}
