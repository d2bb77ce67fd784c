package org.postern.gbcs;

import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.postern.catalogue.Eui64;

/**
 * The Grouping Header of GBCS.
 *
 * @param cra 1 command, 2 response, 3 alert
 * @param counter Originator Counter, unsigned 64 bits; in a response, that of the command
 * @param originator business originator
 * @param target business target
 * @param dateTime DLMS date-time (12 bytes), or absent; only responses have one
 * @param messageCode use-case code, 0 to FFFF
 * @param supplement the part of other-info after the message code
 */
public record GroupingHeader(
        int cra,
        long counter,
        Eui64 originator,
        Eui64 target,
        Optional<DlmsDateTime> dateTime,
        int messageCode,
        Supplement supplement) {

    public GroupingHeader {
        Objects.requireNonNull(originator, "originator");
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(dateTime, "dateTime");
        Objects.requireNonNull(supplement, "supplement");
        if (cra < 1 || cra > 3 || messageCode < 0 || messageCode > 0xFFFF) {
            throw new IllegalArgumentException("cra " + cra + ", message code " + messageCode);
        }
    }

    /** Header of a command or Pre-Command without supplementary data. */
    public static GroupingHeader command(long counter, Eui64 originator, Eui64 target, int messageCode) {
        return new GroupingHeader(1, counter, originator, target, Optional.empty(), messageCode, Supplement.NONE);
    }

    /** Header of the response to this command: originator and target swapped, same counter and supplement. */
    @SuppressWarnings("ArgumentSelectionDefectChecker") // a response is sent in the opposite direction
    public GroupingHeader response() {
        return new GroupingHeader(2, counter, target, originator, Optional.empty(), messageCode, supplement);
    }

    /** Header of an alert from a device. */
    public static GroupingHeader alert(long counter, Eui64 device, Eui64 target, int messageCode) {
        return new GroupingHeader(3, counter, device, target, Optional.empty(), messageCode, Supplement.NONE);
    }

    public GroupingHeader withSupplement(Supplement other) {
        return new GroupingHeader(cra, counter, originator, target, dateTime, messageCode, other);
    }

    public GroupingHeader withDateTime(DlmsDateTime time) {
        return new GroupingHeader(cra, counter, originator, target, Optional.of(time), messageCode, supplement);
    }

    public GroupingHeader withMessageCode(int code) {
        return new GroupingHeader(cra, counter, originator, target, dateTime, code, supplement);
    }

    /** Supplementary remote party, where the header names one. */
    public Optional<Eui64> supplementaryParty() {
        return supplement.party();
    }

    /** Supplementary remote party counter, where present. */
    public OptionalLong supplementaryCounter() {
        return supplement.counter();
    }

    /** Supplementary originator counter, where present. */
    public OptionalLong supplementaryOriginatorCounter() {
        return supplement.originatorCounter();
    }

    /** Four upper-case hex digits. */
    public String messageCodeHex() {
        return HexFormat.of().withUpperCase().toHexDigits((short) messageCode);
    }
}
