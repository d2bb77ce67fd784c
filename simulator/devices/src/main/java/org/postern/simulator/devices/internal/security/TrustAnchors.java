package org.postern.simulator.devices.internal.security;

import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postern.catalogue.Eui64;
import org.postern.gbcs.Bytes;

/**
 * The certificates of the remote parties of a device, one per cell of party role and use, and the floors below which it
 * accepts no counter from them (GBCS, Update Security Credentials). Safe between threads.
 */
public final class TrustAnchors {

    /** Numbers of remote party roles. */
    static final int ROOT = 0;

    static final int RECOVERY = 1;
    public static final int SUPPLIER = 2;
    static final int NETWORK_OPERATOR = 3;
    static final int ACB = 4;
    static final int TRANS_COS = 5;
    static final int LOAD_CONTROLLER = 8;

    /** Roles that may have a floor, more than there are; a floor for one more is not stored. */
    public static final int MAX_ROLES = 128;

    /** What a certificate is for; the text is the content of its BIT STRING. */
    public enum Use {
        SIGNING("0780"),
        AGREEMENT("0308"),
        TOP_UP("0308"),
        CERTIFICATES("0204");

        private final Bytes bits;

        Use(String bits) {
            this.bits = Bytes.ofHex(bits);
        }

        public Bytes bits() {
            return bits;
        }
    }

    /** A place for one certificate. */
    record Cell(int role, Use use) {}

    /**
     * Whose certificate a trust anchor cell holds.
     *
     * @param certificate its certificate
     * @param party its EUI-64
     * @param keyId its subject key identifier, eight bytes
     */
    public record Anchor(X509Certificate certificate, Eui64 party, Bytes keyId) {}

    private final Map<Cell, Anchor> cells = new LinkedHashMap<>();
    private final Map<Integer, Long> floors = new HashMap<>();
    private final Map<Integer, Long> topUpFloors = new HashMap<>();

    /** The holder of that cell. */
    public synchronized Optional<Anchor> holder(int role, Use use) {
        return Optional.ofNullable(cells.get(new Cell(role, use)));
    }

    synchronized void put(int role, Use use, Anchor anchor) {
        cells.put(new Cell(role, use), anchor);
    }

    /** The uses for which the role has a holder, in the order of {@link Use}. */
    synchronized List<Use> uses(int role) {
        return java.util.Arrays.stream(Use.values())
                .filter(u -> cells.containsKey(new Cell(role, u)))
                .toList();
    }

    /** The party's certificate for that use, whatever its role. */
    synchronized Optional<X509Certificate> certificate(Eui64 party, Use use) {
        return cells.entrySet().stream()
                .filter(e -> e.getKey().use() == use && e.getValue().party().equals(party))
                .map(e -> e.getValue().certificate())
                .findFirst();
    }

    /** The floor of the role's counters, 0 where none was ever set. */
    synchronized long floor(int role) {
        return floors.getOrDefault(role, 0L);
    }

    /** The floor of the role's top-up counters. */
    public synchronized long topUpFloor(int role) {
        return topUpFloors.getOrDefault(role, 0L);
    }

    synchronized void floor(int role, long floor) {
        put(floors, role, floor);
    }

    public synchronized void topUpFloor(int role, long floor) {
        put(topUpFloors, role, floor);
    }

    private static void put(Map<Integer, Long> floors, int role, long floor) {
        if (floors.size() < MAX_ROLES || floors.containsKey(role)) {
            floors.put(role, floor);
        }
    }

    /** Number of roles that have a floor. */
    public synchronized int floors() {
        return Math.max(floors.size(), topUpFloors.size());
    }

    /** The highest floor of the roles that the party holds; its commands need a counter above it. */
    public synchronized long floorOf(Eui64 party) {
        return cells.entrySet().stream()
                .filter(e -> e.getValue().party().equals(party))
                .mapToLong(e -> floor(e.getKey().role()))
                .max()
                .orElse(0);
    }
}
