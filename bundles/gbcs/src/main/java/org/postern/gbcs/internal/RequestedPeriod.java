package org.postern.gbcs.internal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postern.gbcs.DlmsData;
import org.postern.gbcs.DlmsDateTime;
import org.postern.gbcs.DlmsPayload;
import org.postern.gbcs.DlmsTag;

/**
 * The period for which an item of a command reads a log, and the entries of the response that lie outside of it. A
 * meter answers a selective read by range with the entries from the first to the last time, both inclusive. Each entry
 * begins with its time in seconds since 2000 (DLMS Blue Book, Profile generic, selective access by range; GBCS section
 * 8.3 for reads with an encrypted response, and 20.2).
 *
 * @param from first second, since 2000
 * @param to last second
 */
record RequestedPeriod(long from, long to) {

    /** Access selector of a range. */
    private static final int BY_RANGE = 1;
    /** Class of the objects that return encrypted data. */
    private static final int DATA_PROTECTION = 30;
    /** Class of a log that is read completely or by range. */
    private static final int PROFILE = 7;
    /** The number of seconds that means that no time is specified. */
    private static final long NO_TIME = 0xFFFFFFFFL;

    private static final int RESTRICTION = 4;

    /** The period that the item states; empty where it states none, or more than one. */
    static Optional<RequestedPeriod> of(DlmsPayload.RequestItem item) {
        List<RequestedPeriod> all = new ArrayList<>();
        if (item.selection().isPresent()) {
            if (item.selection().get().selector() == BY_RANGE) {
                period(item.selection().get().parameters().elements(), 1).ifPresent(all::add);
            }
        } else if (item.target().classId() == DATA_PROTECTION
                && !item.data().elements().isEmpty()) {
            // the requested objects, each optionally with a restriction by dates
            for (DlmsData object : item.data().elements().get(0).elements()) {
                restricted(object).ifPresent(all::add);
            }
        }
        return all.stream().distinct().count() == 1 ? Optional.of(all.get(0)) : Optional.empty();
    }

    /** The period of {@code class, name, attribute, index, (1, (from, to))}. */
    private static Optional<RequestedPeriod> restricted(DlmsData object) {
        List<DlmsData> parts = object.elements();
        if (parts.size() <= RESTRICTION || number(parts.get(0)) != PROFILE) {
            return Optional.empty();
        }
        List<DlmsData> restriction = parts.get(RESTRICTION).elements();
        return restriction.size() == 2 && number(restriction.get(0)) == BY_RANGE
                ? period(restriction.get(1).elements(), 0)
                : Optional.empty();
    }

    private static Optional<RequestedPeriod> period(List<DlmsData> parts, int at) {
        if (parts.size() < at + 2) {
            return Optional.empty();
        }
        long from = seconds(parts.get(at));
        long to = seconds(parts.get(at + 1));
        return from < 0 || to < 0 ? Optional.empty() : Optional.of(new RequestedPeriod(from, to));
    }

    private static long number(DlmsData data) {
        return data instanceof DlmsData.Whole whole ? whole.value() : -1;
    }

    /** Seconds since 2000; -1 where the data is not a time. */
    private static long seconds(DlmsData data) {
        if (data instanceof DlmsData.Whole whole && whole.tag() == DlmsTag.UINT32) {
            return whole.value();
        }
        if (data instanceof DlmsData.Octets octets && octets.bytes().length() == DlmsDateTime.LENGTH) {
            return DlmsDateTime.of(octets.bytes())
                    .instant()
                    .map(Instant::getEpochSecond)
                    .map(second -> second - DlmsDateTime.EPOCH_2000)
                    .orElse(-1L);
        }
        return -1;
    }

    /** Number of entries of the response outside the period. Entries without a time do not count. */
    int outside(DlmsData answer) {
        boolean list = answer instanceof DlmsData.Array || answer instanceof DlmsData.CompactArray;
        int outside = 0;
        for (DlmsData element : answer.elements()) {
            outside += list ? outsideEntry(element) : outside(element);
        }
        return outside;
    }

    private int outsideEntry(DlmsData entry) {
        if (!(entry instanceof DlmsData.Structure)
                || entry.elements().isEmpty()
                || !(entry.elements().get(0) instanceof DlmsData.Whole time)
                || time.tag() != DlmsTag.UINT32
                || time.value() == NO_TIME) {
            return 0;
        }
        return time.value() < from || time.value() > to ? 1 : 0;
    }
}
