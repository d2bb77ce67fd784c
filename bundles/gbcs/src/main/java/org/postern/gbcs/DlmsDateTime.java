package org.postern.gbcs;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * Twelve bytes of DLMS date-time: year (2), month, day, day of week, hour, minute, second, hundredths, deviation from
 * UTC in minutes (2, 8000 not specified), clock status. FF (FFFF for the year) means not specified.
 *
 * @param bytes the twelve bytes
 */
public record DlmsDateTime(Bytes bytes) {

    /** Encoded length in bytes. */
    public static final int LENGTH = 12;
    /** Activate immediately: nine zero bytes, deviation and clock status not specified. */
    public static final DlmsDateTime IMMEDIATE = new DlmsDateTime(Bytes.ofHex("000000000000000000 8000FF"));
    /** Cancel a future-dated command: nine FF, deviation and clock status not specified. */
    public static final DlmsDateTime CANCEL = new DlmsDateTime(Bytes.ofHex("FFFFFFFFFFFFFFFFFF 8000FF"));
    /** 2000-01-01T00:00:00Z in seconds of the Unix epoch: the epoch of u32 and ZigBee times. */
    public static final long EPOCH_2000 = 946_684_800L;

    public DlmsDateTime {
        if (bytes.length() != LENGTH) {
            throw new IllegalArgumentException("date-time of " + bytes.length() + " bytes");
        }
    }

    public static DlmsDateTime of(Bytes bytes) {
        return new DlmsDateTime(bytes);
    }

    /**
     * The instant in UTC with day of week, hundredths 0, deviation 8000 and clock status FF, the form that GBCS uses in
     * commands.
     */
    public static DlmsDateTime of(Instant instant, boolean dayOfWeek) {
        LocalDateTime t = LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
        byte[] b = {
            (byte) (t.getYear() >> 8),
            (byte) t.getYear(),
            (byte) t.getMonthValue(),
            (byte) t.getDayOfMonth(),
            dayOfWeek ? (byte) t.getDayOfWeek().getValue() : (byte) 0xFF,
            (byte) t.getHour(),
            (byte) t.getMinute(),
            (byte) t.getSecond(),
            0,
            (byte) 0x80,
            0,
            (byte) 0xFF
        };
        return new DlmsDateTime(Bytes.window(b));
    }

    /** The same with another clock status. */
    public DlmsDateTime withClockStatus(int status) {
        byte[] b = bytes.toArray();
        b[11] = (byte) status;
        return new DlmsDateTime(Bytes.window(b));
    }

    /** Year, FFFF not specified. */
    public int year() {
        return (int) bytes.number(0, 2);
    }

    public int month() {
        return bytes.at(2);
    }

    public int day() {
        return bytes.at(3);
    }

    /** 1 Monday to 7 Sunday, FF not specified. */
    public int dayOfWeek() {
        return bytes.at(4);
    }

    public int hour() {
        return bytes.at(5);
    }

    public int minute() {
        return bytes.at(6);
    }

    public int second() {
        return bytes.at(7);
    }

    public int hundredths() {
        return bytes.at(8);
    }

    /** Deviation in minutes, or -32768 where not specified. */
    public int deviation() {
        return (short) bytes.number(9, 2);
    }

    /** Clock status byte: bit 0 invalid, bit 1 doubtful, FF not specified. */
    public int clockStatus() {
        return bytes.at(11);
    }

    /**
     * The instant, where every field of date and time is specified and valid. A deviation that is not specified counts
     * as UTC.
     */
    public Optional<Instant> instant() {
        try {
            LocalDateTime t = LocalDateTime.of(year(), month(), day(), hour(), minute(), second());
            int deviation = deviation();
            // DLMS deviation is UTC minus local
            return Optional.of(
                    t.toInstant(ZoneOffset.UTC).plusSeconds(deviation == Short.MIN_VALUE ? 0 : deviation * 60L));
        } catch (java.time.DateTimeException e) {
            return Optional.empty();
        }
    }

    /**
     * False where a specified field is out of range, or where all fields are specified but are not a valid date (DLMS
     * Blue Book, date-time: FF not specified, FD and FE days from the end of a month and changes of daylight saving).
     */
    public boolean possible() {
        boolean month = month() >= 1 && month() <= 12 || month() >= 0xFD;
        boolean day = day() >= 1 && day() <= 31 || day() >= 0xFD;
        boolean clock = (hour() < 24 || hour() == 0xFF)
                && (minute() < 60 || minute() == 0xFF)
                && (second() < 60 || second() == 0xFF);
        boolean all = year() != 0xFFFF
                && month() <= 12
                && day() <= 31
                && hour() != 0xFF
                && minute() != 0xFF
                && second() != 0xFF;
        return month && day && clock && (!all || instant().isPresent());
    }
}
