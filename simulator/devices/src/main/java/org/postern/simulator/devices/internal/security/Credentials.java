package org.postern.simulator.devices.internal.security;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.postern.catalogue.Eui64;
import org.postern.gbcs.Asn1Payload;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DerNode;
import org.postern.gbcs.GbcsMessage;
import org.postern.gbcs.KeyUse;
import org.postern.simulator.devices.CredentialsChange;
import org.postern.simulator.devices.internal.schedule.Instruction;
import org.postern.simulator.devices.internal.security.TrustAnchors.Use;

/**
 * Replacement of remote parties' credentials in a device, and what it reports of them (GBCS, Update Security
 * Credentials).
 */
public final class Credentials {

    /** The cell has no holder, or another one than the party that authorises. */
    static final int NO_TRUST_ANCHOR = 10;

    private static final int BAD_CERTIFICATE = 5;
    private static final int NOT_FOUND = 25;
    /** Reported where a fault makes the device fail. */
    public static final int OTHER = 127;

    private static final int TIME_CHECKS_OFF = 0x81;
    private static final int AUTHORITY = 0xA2;
    private static final int FLOOR = 0x84;
    private static final int TOP_UP_FLOOR = 0xA5;
    private static final int OTHER_FLOORS = 0xA6;
    private static final int ALERT = 0x00CB;
    private static final int LOAD_CONTROLLER_ALERT = 0x0124;
    private static final int MODE_LOAD_CONTROLLER = 10;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private final X509Certificate root;

    public Credentials(X509Certificate root) {
        this.root = root;
    }

    /**
     * Replaces the certificates that the command names, as far as it is authorised to.
     *
     * @param status forced status of every replacement, or 0
     * @return the outcome as an answer or alert carries it
     */
    public DerNode execute(
            TrustAnchors anchors, Consumer<CredentialsChange> changed, GbcsMessage command, Instant now, int status) {
        DerNode message = ((Asn1Payload) command.payload()).root();
        List<DerNode> control = message.at(0).children();
        Eui64 originator = command.header().originator();
        boolean authorised = authorised(anchors, control, originator);
        List<X509Certificate> path = message.at(2).children().stream()
                .flatMap(c -> certificate(c).stream())
                .toList();
        Optional<Instant> at = find(control, TIME_CHECKS_OFF).isPresent() ? Optional.empty() : Optional.of(now);
        List<DerNode> outcomes = new ArrayList<>();
        List<CredentialsChange.Replaced> replaced = new ArrayList<>();
        Eui64 before = null;
        int role = -1;
        for (DerNode replacement : message.at(1).children()) {
            DerNode cell = replacement.at(1);
            role = (int) cell.at(0).asLong();
            Use use = use(cell);
            Optional<TrustAnchors.Anchor> existing = anchors.holder(role, use);
            Optional<TrustAnchors.Anchor> wanted =
                    certificate(replacement.at(0)).flatMap(Certificates::anchor);
            int result = status != 0
                    ? status
                    : !authorised
                            ? NO_TRUST_ANCHOR
                            : existing.isEmpty()
                                    ? NOT_FOUND
                                    : wanted.isEmpty()
                                                    || !Certificates.usable(
                                                            wanted.get().certificate(), use)
                                                    || !Certificates.leadsTo(
                                                            root, wanted.get().certificate(), path, at)
                                            ? BAD_CERTIFICATE
                                            : 0;
            if (result == 0) {
                before = replaced.isEmpty() ? existing.get().party() : before;
                anchors.put(role, use, wanted.get());
                replaced.add(replaced(use, wanted.get()));
            }
            outcomes.add(outcome(cell, result, existing, result == 0 ? wanted : existing));
        }
        int mode = (int) control.get(0).asLong();
        Map<Integer, OptionalLong[]> floors = floors(control, mode);
        if (!replaced.isEmpty()) {
            floors.forEach((r, f) -> {
                f[0].ifPresent(v -> anchors.floor(r, v));
                f[1].ifPresent(v -> anchors.topUpFloor(r, v));
            });
            OptionalLong[] own =
                    floors.getOrDefault(role, new OptionalLong[] {OptionalLong.empty(), OptionalLong.empty()});
            changed.accept(new CredentialsChange(mode, role, own[0], own[1], Optional.ofNullable(before), replaced));
        }
        return DerNode.sequence(
                DerNode.unsigned(command.header().counter()),
                control.get(0),
                DerNode.sequence(floors.entrySet().stream()
                        .map(e -> floor(anchors, e.getKey(), e.getValue()[1].isPresent()))
                        .toList()),
                DerNode.sequence(outcomes));
    }

    /**
     * The dated replacement of a command; its object is the command's mode and role, so that a later one takes its
     * place.
     */
    public Instruction later(TrustAnchors anchors, Consumer<CredentialsChange> changed, GbcsMessage command) {
        DerNode message = ((Asn1Payload) command.payload()).root();
        long mode = message.at(0, 0).asLong();
        return new Instruction() {
            @Override
            public String object() {
                return Credentials.object(message);
            }

            @Override
            public int alertCode() {
                return mode >= MODE_LOAD_CONTROLLER ? LOAD_CONTROLLER_ALERT : ALERT;
            }

            @Override
            public Outcome takeEffect(boolean may, Instant now, long counter) {
                DerNode outcome = execute(anchors, changed, command, now, may ? 0 : NO_TRUST_ANCHOR);
                boolean done =
                        outcome.at(3).children().stream().allMatch(o -> o.at(1).asLong() == 0);
                return new Outcome(
                        done,
                        new Asn1Payload(DerNode.sequence(
                                DerNode.integer(Instruction.code(done)), DerNode.time(TIME.format(now)), outcome)));
            }
        };
    }

    public static String object(DerNode message) {
        return "credentials/" + message.at(0, 0).asLong();
    }

    /** What the device knows of each role asked for. */
    public DerNode report(TrustAnchors anchors, DerNode query) {
        List<DerNode> parties = new ArrayList<>();
        for (DerNode role :
                query.children().size() < 2 ? List.<DerNode>of() : query.at(1).children()) {
            int number = (int) role.asLong();
            List<Use> uses = anchors.uses(number);
            if (uses.isEmpty()) {
                parties.add(DerNode.sequence(role, DerNode.enumerated(NO_TRUST_ANCHOR)));
                continue;
            }
            parties.add(DerNode.sequence(
                    role,
                    DerNode.enumerated(0),
                    DerNode.unsigned(anchors.floor(number)),
                    DerNode.sequence(uses.stream()
                            .map(use -> entry(anchors.holder(number, use).orElseThrow(), use))
                            .toList())));
        }
        return DerNode.sequence(parties);
    }

    private static DerNode entry(TrustAnchors.Anchor anchor, Use use) {
        List<DerNode> parts = new ArrayList<>(List.of(DerNode.bits(use.bits())));
        if (use == Use.TOP_UP) {
            parts.add(DerNode.integer(1));
        }
        parts.add(eui(anchor.party()));
        parts.add(DerNode.octets(anchor.keyId()));
        return DerNode.sequence(parts);
    }

    private static DerNode eui(Eui64 party) {
        return DerNode.octets(Bytes.of(party.toBytes()));
    }

    private static DerNode outcome(
            DerNode cell, int status, Optional<TrustAnchors.Anchor> existing, Optional<TrustAnchors.Anchor> now) {
        DerNode nobody = DerNode.octets(Bytes.of(new byte[Long.BYTES]));
        return DerNode.sequence(
                cell,
                DerNode.enumerated(status),
                existing.map(a -> eui(a.party())).orElse(nobody),
                existing.map(a -> DerNode.octets(a.keyId())).orElse(nobody),
                now.map(a -> eui(a.party())).orElse(nobody),
                now.map(a -> DerNode.octets(a.keyId())).orElse(nobody));
    }

    /** The holder of the authorising cell must be who sent the command; without such a cell, the ACB. */
    private static boolean authorised(TrustAnchors anchors, List<DerNode> control, Eui64 originator) {
        int role = find(control, AUTHORITY).map(a -> (int) a.at(0).asLong()).orElse(TrustAnchors.ACB);
        return anchors.holder(role, Use.SIGNING)
                .map(a -> a.party().equals(originator))
                .orElse(false);
    }

    private static CredentialsChange.Replaced replaced(Use use, TrustAnchors.Anchor now) {
        KeyUse reported = switch (use) {
            case SIGNING -> KeyUse.DIGITAL_SIGNATURE;
            case TOP_UP -> KeyUse.PREPAYMENT;
            case AGREEMENT, CERTIFICATES -> KeyUse.KEY_AGREEMENT;
        };
        return new CredentialsChange.Replaced(reported, now.party(), now.certificate());
    }

    private static Optional<DerNode> find(List<DerNode> control, int tag) {
        return control.stream().filter(c -> c.tag() == tag).findFirst();
    }

    private static Optional<X509Certificate> certificate(DerNode node) {
        return node instanceof DerNode.Certificate c ? Certificates.read(c.encoded()) : Optional.empty();
    }

    private static Use use(DerNode cell) {
        Bytes bits = cell.at(1).asBytes();
        return cell.children().size() > 2
                ? Use.TOP_UP
                : bits.equals(Use.SIGNING.bits())
                        ? Use.SIGNING
                        : bits.equals(Use.CERTIFICATES.bits()) ? Use.CERTIFICATES : Use.AGREEMENT;
    }

    /** Floors that the command sets, by role: of counters and of top-up counters. */
    private static Map<Integer, OptionalLong[]> floors(List<DerNode> control, int mode) {
        Map<Integer, OptionalLong[]> floors = new LinkedHashMap<>();
        Optional<DerNode> own = find(control, FLOOR);
        Optional<DerNode> topUp = find(control, TOP_UP_FLOOR);
        if (own.isPresent() || topUp.isPresent()) {
            floors.put(ownRole(mode), new OptionalLong[] {
                own.map(f -> OptionalLong.of(f.asLong())).orElse(OptionalLong.empty()),
                topUp.map(f -> OptionalLong.of(f.at(0, 1).asLong())).orElse(OptionalLong.empty())
            });
        }
        find(control, OTHER_FLOORS)
                .ifPresent(others -> others.children()
                        .forEach(f -> floors.put((int) f.at(0).asLong(), new OptionalLong[] {
                            OptionalLong.of(f.at(1).asLong()),
                            f.children().size() > 2
                                    ? OptionalLong.of(f.at(2, 0, 1).asLong())
                                    : OptionalLong.empty()
                        })));
        return floors;
    }

    private static int ownRole(int mode) {
        return switch (mode) {
            case 3 -> TrustAnchors.NETWORK_OPERATOR;
            case 4 -> TrustAnchors.ACB;
            case MODE_LOAD_CONTROLLER -> TrustAnchors.LOAD_CONTROLLER;
            default -> TrustAnchors.SUPPLIER;
        };
    }

    private static DerNode floor(TrustAnchors anchors, int role, boolean topUp) {
        DerNode number = DerNode.unsigned(anchors.floor(role));
        return topUp
                ? DerNode.sequence(
                        DerNode.integer(role),
                        number,
                        DerNode.sequence(
                                DerNode.sequence(DerNode.integer(0), DerNode.unsigned(anchors.topUpFloor(role)))))
                : DerNode.sequence(DerNode.integer(role), number);
    }
}
