package org.postern.servicerequests.internal.credentials;

import java.math.BigInteger;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postern.catalogue.Eui64;
import org.postern.duis.DuisElement;
import org.postern.ledger.Counters;
import org.postern.servicerequests.CredentialsReport.Floor;
import org.postern.servicerequests.ServiceRequestFault;

/**
 * Rules for counter floors: a floor must not be below the counters in use, so that commands signed before cannot be
 * replayed, and not so far above them that the series would be exhausted (DUIS, RequestID; GBCS, Update Security
 * Credentials). A floor in between is accepted, and our series is raised above it at admission, before the device
 * receives it.
 */
final class FloorRules {

    private static final BigInteger LARGEST = BigInteger.valueOf(Long.MAX_VALUE);
    private static final int STEP = 32;

    private final Counters counters;
    private final CredentialSettings settings;
    private final Clock clock;
    private final Findings findings;
    private final List<Floor> floors = new ArrayList<>();

    FloorRules(Counters counters, CredentialSettings settings, Clock clock, Findings findings) {
        this.counters = counters;
        this.settings = settings;
        this.clock = clock;
        this.findings = findings;
    }

    /**
     * Checks the floors of a replacement.
     *
     * @param path path of the body element
     * @param owner the party whose credentials are replaced; empty if the certificates do not show it
     * @param ours true if Postern issues the owner's counters
     * @param topUp true if the request has a top-up certificate
     */
    List<Floor> check(
            CredentialsTable.Replacement row,
            DuisElement body,
            String path,
            Optional<Eui64> owner,
            boolean ours,
            Eui64 device,
            boolean topUp) {
        value(body, path, row.floor())
                .ifPresent(value -> owner.ifPresent(eui -> series(path + "/" + row.floor(), value, eui, ours, device)));
        String name = row.topUpFloor();
        String field = path + "/" + name;
        Optional<Long> prepayment = value(body, path, name);
        if (body.child(name).isPresent() && !row.topUp()) {
            findings.refuse(
                    ServiceRequestFault.FLOOR,
                    field,
                    "a top-up floor only for a supplier",
                    "one for party " + row.party());
        } else if (body.child(name).isPresent() && !topUp) {
            findings.refuse(
                    ServiceRequestFault.FLOOR,
                    field,
                    "a top-up floor with a KeyAgreementTopUpCertificate",
                    "a top-up floor without it");
        } else if (prepayment.isPresent() && (prepayment.get() & 0xFFFF_FFFFL) != 0) {
            findings.refuse(
                    ServiceRequestFault.FLOOR,
                    field,
                    "a prepayment counter, whose low 32 bits are zero",
                    "low bits that are not zero");
        } else if (prepayment.isPresent() && owner.isPresent()) {
            topUps(field, prepayment.get(), owner.get(), ours, device);
        }
        return List.copyOf(floors);
    }

    private Optional<Long> value(DuisElement body, String path, String name) {
        Optional<String> text = body.find(name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        if (!text.get().matches("\\+?[0-9]{1,40}") || new BigInteger(text.get()).compareTo(LARGEST) > 0) {
            findings.refuse(
                    ServiceRequestFault.FLOOR, path + "/" + name, "a number from 0 to 2^63 - 1", "not such a number");
            return Optional.empty();
        }
        return Optional.of(new BigInteger(text.get()).longValueExact());
    }

    private void series(String field, long value, Eui64 owner, boolean ours, Eui64 device) {
        if (!ours) {
            notOurs(new Floor(field, value, owner, false, false, 0, Long.MAX_VALUE));
            return;
        }
        long used = settings.floorByDevice() ? counters.highest(owner, device) : counters.highest(owner);
        long largest = plus(Math.max(counters.highest(owner), clock.millis()), settings.floorLead());
        String of = "User ID " + owner + (settings.floorByDevice() ? " with the device" : "");
        inRange(new Floor(field, value, owner, true, false, used, largest), of);
        // requests with counters below the floor may be in progress, and the device will not accept them any more
        if (value > used && value <= largest) {
            findings.warn(
                    ServiceRequestFault.FLOOR,
                    field,
                    "a floor at the highest counter used, " + used,
                    "it is higher: our counters continue above it from admission on, and the device will refuse"
                            + " requests in progress that have lower counters");
        }
    }

    private void topUps(String field, long value, Eui64 owner, boolean ours, Eui64 device) {
        if (!ours) {
            notOurs(new Floor(field, value, owner, false, true, 0, Long.MAX_VALUE));
            return;
        }
        long used = counters.highestPrepayment(owner, device);
        long largest = Math.min((used >> STEP) + settings.prepaymentLead(), Integer.MAX_VALUE - 1L) << STEP;
        inRange(
                new Floor(field, value, owner, true, true, used, largest),
                "User ID " + owner + " for top-ups of the device");
    }

    private void notOurs(Floor floor) {
        floors.add(floor);
        if (settings.ownUserIds().contains(floor.owner())) {
            findings.warn(
                    ServiceRequestFault.FLOOR,
                    floor.element(),
                    "not below the highest counter in use of our own User ID",
                    "the role of " + floor.owner() + " is not active here: its counters are not known");
        }
    }

    private void inRange(Floor floor, String of) {
        floors.add(floor);
        if (floor.value() < floor.lowest()) {
            findings.refuse(
                    ServiceRequestFault.FLOOR,
                    floor.element(),
                    "not below the highest counter in use, " + floor.lowest() + " of " + of,
                    "a lower value");
        } else if (floor.value() > floor.largest()) {
            findings.refuse(
                    ServiceRequestFault.FLOOR,
                    floor.element(),
                    "not above " + floor.largest()
                            + ", because otherwise our own counters would be below it for too long",
                    "a higher value");
        }
    }

    private static long plus(long value, long lead) {
        return value > Long.MAX_VALUE - 1 - lead ? Long.MAX_VALUE - 1 : value + lead;
    }
}
