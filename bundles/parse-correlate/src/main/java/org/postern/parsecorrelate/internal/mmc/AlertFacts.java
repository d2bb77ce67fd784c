package org.postern.parsecorrelate.internal.mmc;

import java.time.Instant;
import java.util.Optional;
import org.postern.gbcs.Asn1Payload;
import org.postern.gbcs.DerNode;
import org.postern.gbcs.DlmsDateTime;
import org.postern.gbcs.DlmsPayload;
import org.postern.gbcs.GbcsMessage;
import org.postern.gbcs.GbzPayload;

/**
 * Code and time of an alert of any payload family.
 *
 * @param code alert code; 0 if it cannot be read
 * @param time time in XML form; empty if it is not specified
 */
record AlertFacts(int code, Optional<String> time) {

    static AlertFacts of(GbcsMessage message) {
        return message.payload()
                .fold(AlertFacts::dlms, AlertFacts::gbz, AlertFacts::asn1, o -> new AlertFacts(0, Optional.empty()));
    }

    private static AlertFacts dlms(DlmsPayload payload) {
        return payload instanceof DlmsPayload.DataNotification n
                ? new AlertFacts(n.alertCode(), TimeConversions.instant(n.time()))
                : new AlertFacts(0, Optional.empty());
    }

    private static AlertFacts gbz(GbzPayload payload) {
        return payload instanceof GbzPayload.Alert a
                ? new AlertFacts(
                        a.alertCode(),
                        Optional.of(Instant.ofEpochSecond(DlmsDateTime.EPOCH_2000 + a.time())
                                .toString()))
                : new AlertFacts(0, Optional.empty());
    }

    private static AlertFacts asn1(Asn1Payload payload) {
        try {
            DerNode root = payload.root();
            return new AlertFacts(
                    (int) root.at(0).asLong() & 0xFFFF,
                    Optional.of(TimeConversions.generalizedTime(root.at(1).asBytes())));
        } catch (IllegalStateException | IndexOutOfBoundsException | UnexpectedValueException e) {
            return new AlertFacts(0, Optional.empty());
        }
    }
}
