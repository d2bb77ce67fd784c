package org.postern.gbcs;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.postern.catalogue.CatalogueFault;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.ServiceRow;
import org.postern.catalogue.Table;

/**
 * Message codes with their use case, protection and items in order. Read from the tables of this bundle and validated.
 */
public final class UseCaseTable {

    /** Protection of a message. */
    public enum Protection {
        /** MAC wrapper, empty signature field. */
        MAC,
        /** No wrapper, signature. */
        SIGNATURE,
        /** MAC wrapper around a signed message. */
        MAC_AND_SIGNATURE;

        private static Protection of(Table.Row row, String column, String text) {
            return switch (text) {
                case "MAC" -> MAC;
                case "SIG" -> SIGNATURE;
                case "MAC+SIG" -> MAC_AND_SIGNATURE;
                default -> throw row.broken(column, "MAC, SIG or MAC+SIG");
            };
        }
    }

    /**
     * The use case of one message code.
     *
     * @param code message code, 0 to FFFF
     * @param name use-case name such as ECS17b; shared by several codes where only the parties differ (CS02b)
     * @param families payload families; two only for the generic alerts
     * @param messageType {@code SME.C.C} and so on, empty where the table does not state it
     * @param protections per kind of message the permitted protections; no entry where that kind is not sent
     * @param deviceToDevice true where both parties are devices, so that no key of a User or the DCC is involved
     * @param services Service Reference Variants that result in it, such as 4.1.1; for an alert, those that cause it
     * @param variants names of its variants, which services and reference data use
     * @param dlms DLMS items in order, all directions
     * @param gbz GBZ components in order, all directions
     * @param asn1 name of the ASN.1 shape per kind of message
     */
    public record UseCase(
            int code,
            String name,
            Set<Payload.Family> families,
            String messageType,
            Map<MessageKind, Set<Protection>> protections,
            boolean deviceToDevice,
            List<String> services,
            List<String> variants,
            List<DlmsItem> dlms,
            List<GbzItem> gbz,
            Map<MessageKind, String> asn1) {

        /** Four upper-case hex digits. */
        public String codeHex() {
            return String.format("%04X", code);
        }

        /** The permitted protections for this kind of message; empty where it is not sent. */
        public Set<Protection> protection(MessageKind kind) {
            return protections.getOrDefault(kind, Set.of());
        }

        /** True where the command is critical: signed by its originator. */
        public boolean critical() {
            return protections.getOrDefault(MessageKind.COMMAND, Set.of()).stream()
                    .anyMatch(p -> p != Protection.MAC);
        }

        /** DLMS items of this direction; where there are several lists, the longest one. */
        public List<DlmsItem> dlms(MessageKind direction) {
            int longest = dlms.stream()
                    .filter(i -> i.direction() == direction)
                    .mapToInt(DlmsItem::listLength)
                    .max()
                    .orElse(0);
            return dlms(direction, longest);
        }

        /** DLMS items of this direction in the first list of this length; empty where there is no such list. */
        public List<DlmsItem> dlms(MessageKind direction, int listLength) {
            List<DlmsItem> all = dlms.stream()
                    .filter(i -> i.direction() == direction && i.listLength() == listLength)
                    .toList();
            return all.stream()
                    .filter(i -> i.variant().equals(all.get(0).variant()))
                    .toList();
        }

        /** GBZ components of this direction, in the order of the standard. */
        public List<GbzItem> gbz(MessageKind direction) {
            return gbz.stream().filter(i -> i.direction() == direction).toList();
        }
    }

    /**
     * One DLMS item.
     *
     * @param variant name of the list, where a use case has several (ECS47Activate); empty in alerts
     * @param direction COMMAND, RESPONSE or ALERT; an alert's items are the elements after code and time
     * @param listLength number of items in the list this row belongs to; some use cases have lists of several lengths
     * @param position from 0
     * @param operation empty in alerts
     * @param selective true for a get with selection
     * @param target class, OBIS, attribute or method; in responses that of the request item; empty in alerts
     * @param shape data shape, such as {@code struct(oct,u32)}; several where they differ, as {@code array[2]<u32>}
     * @param plain shapes of the plain text where the item is encrypted, otherwise empty
     * @param name SMETS name of the object, empty where none is known
     * @param fields SMETS names of the values in it, in order
     */
    public record DlmsItem(
            String variant,
            MessageKind direction,
            int listLength,
            int position,
            Optional<DlmsPayload.Operation> operation,
            boolean selective,
            Optional<DlmsPayload.Target> target,
            String shape,
            List<String> plain,
            String name,
            List<String> fields) {

        /**
         * The SMETS name of the item: the object and, if all its fields belong to one member, that member, such as
         * {@code StandingCharge.valueNext}; empty where none is known.
         */
        public String title() {
            Set<String> members = new HashSet<>();
            for (String field : fields) {
                String member = field.split("[.\\[]", 2)[0];
                if (!member.startsWith("methodInput") && !member.startsWith("methodOutput")) {
                    members.add(member);
                }
            }
            return name.isEmpty() || members.size() != 1
                    ? name
                    : name + "." + members.iterator().next();
        }
    }

    /**
     * One GBZ component.
     *
     * @param direction COMMAND, RESPONSE or ALERT
     * @param position from 0; a repeated component has one row
     * @param cluster cluster
     * @param frame frame control
     * @param command command id
     * @param encrypted true where the payload is encrypted
     * @param fromDate true where the header may contain a from-date
     * @param minOccurs minimum number of occurrences
     * @param maxOccurs maximum number of occurrences; 255 where the standard states no number
     * @param alternative true where it replaces those occurrences of the previous row that are not returned
     * @param attributes attribute ids of a Read Attributes command or its response
     * @param fixed fixed field values, {@code name=hex}, most significant byte first
     */
    public record GbzItem(
            MessageKind direction,
            int position,
            int cluster,
            int frame,
            int command,
            boolean encrypted,
            boolean fromDate,
            int minOccurs,
            int maxOccurs,
            boolean alternative,
            List<Integer> attributes,
            List<String> fixed) {

        /** The frame header with this sequence number. */
        public GbzPayload.ZclFrame zclFrame(int sequence) {
            return new GbzPayload.ZclFrame(frame, sequence, command);
        }
    }

    private static final int CODE_DIGITS = 4;
    private static final int MAX_ITEMS = 999;
    /** Maximum number of occurrences where the standard states no number. */
    private static final int UNLIMITED = 255;

    /** Kinds of message by column. */
    private static final Map<String, MessageKind> KINDS =
            Map.of("command", MessageKind.COMMAND, "response", MessageKind.RESPONSE, "alert", MessageKind.ALERT);

    private final Map<Integer, UseCase> ordered;
    /** The same as a hash map, for fast look-ups. */
    private final Map<Integer, UseCase> byCode;

    private UseCaseTable(Map<Integer, UseCase> ordered) {
        this.ordered = ordered;
        this.byCode = new HashMap<>(ordered);
    }

    /**
     * Reads and validates the tables of this bundle. The service catalogue states which services result in a use case.
     *
     * @throws org.postern.catalogue.PosternException PST-1004 naming file, line and column
     */
    public static UseCaseTable load() {
        return load(new ServiceCatalogue(), dlmsItems(), gbzItems());
    }

    /**
     * The use cases without their items, for callers that need only codes and names.
     *
     * @throws org.postern.catalogue.PosternException PST-1004 naming file, line and column
     */
    public static UseCaseTable withoutItems(ServiceCatalogue services) {
        return load(services, Map.of(), Map.of());
    }

    private static UseCaseTable load(
            ServiceCatalogue services, Map<Integer, List<DlmsItem>> dlms, Map<Integer, List<GbzItem>> gbz) {
        Map<Integer, UseCase> all = new TreeMap<>();
        for (Table.Row row : Table.resource(
                        UseCaseTable.class,
                        "use-cases.tsv",
                        "code",
                        "name",
                        "family",
                        "type",
                        "command",
                        "response",
                        "alert",
                        "device-to-device",
                        "variants",
                        "asn1-command",
                        "asn1-response",
                        "asn1-alert")
                .rows()) {
            UseCase useCase = useCase(row, services, dlms, gbz);
            if (all.put(useCase.code(), useCase) != null) {
                throw row.broken("code", "each message code has one row");
            }
        }
        if (!all.keySet().containsAll(dlms.keySet()) || !all.keySet().containsAll(gbz.keySet())) {
            throw new PosternException(CatalogueFault.TABLE_BROKEN.fault(
                    "dlms-items.tsv, gbz-items.tsv code",
                    "every code is in use-cases.tsv",
                    "a code is missing",
                    "correct the tables"));
        }
        UseCaseTable table = new UseCaseTable(all);
        services.rows().forEach(table::checkUseCases);
        return table;
    }

    /** Checks that every use case of a service exists and has exactly one message code. */
    private void checkUseCases(ServiceRow service) {
        for (String name : service.useCases()) {
            if (find(name, MessageKind.COMMAND).isEmpty()) {
                throw new PosternException(CatalogueFault.TABLE_BROKEN.fault(
                        "services.tsv " + service.variant() + " useCases",
                        "a name or variant of use-cases.tsv that is a command of one message code",
                        "'" + name + "'",
                        "correct the tables"));
            }
        }
    }

    private static Map<Integer, List<DlmsItem>> dlmsItems() {
        Map<Integer, List<DlmsItem>> items = new HashMap<>();
        for (Table.Row row : Table.resource(
                        UseCaseTable.class,
                        "dlms-items.tsv",
                        "code",
                        "variant",
                        "direction",
                        "length",
                        "position",
                        "operation",
                        "class",
                        "obis",
                        "index",
                        "shape",
                        "plain",
                        "name",
                        "fields")
                .rows()) {
            MessageKind direction = row.constant("direction", MessageKind.class);
            boolean alert = direction == MessageKind.ALERT;
            boolean selective = row.textOrEmpty("operation").equals("GET-SEL");
            Optional<DlmsPayload.Operation> operation = alert
                    ? Optional.empty()
                    : Optional.of(
                            selective
                                    ? DlmsPayload.Operation.GET
                                    : row.constant("operation", DlmsPayload.Operation.class));
            Optional<DlmsPayload.Target> target = alert
                    ? Optional.empty()
                    : Optional.of(new DlmsPayload.Target(
                            row.number("class", 0, 0xFFFF),
                            row.parsed("obis", "an OBIS code such as 0-0:1.0.0.255", Obis::parse),
                            row.number("index", 0, 0xFF)));
            DlmsItem item = new DlmsItem(
                    row.textOrEmpty("variant"),
                    direction,
                    row.number("length", 1, MAX_ITEMS),
                    row.number("position", 0, MAX_ITEMS),
                    operation,
                    selective,
                    target,
                    row.textOrEmpty("shape"),
                    row.list("plain", ";"),
                    row.textOrEmpty("name"),
                    row.list("fields", "|"));
            List<DlmsItem> list = items.computeIfAbsent(row.hex("code", CODE_DIGITS), c -> new ArrayList<>());
            DlmsItem last = list.isEmpty() ? null : list.get(list.size() - 1);
            int expected = last == null || last.position() + 1 == last.listLength() ? 0 : last.position() + 1;
            if (item.position() != expected || item.position() >= item.listLength()) {
                throw row.broken("position", "positions of a list are numbered from 0 without gaps");
            }
            list.add(item);
        }
        return items;
    }

    private static Map<Integer, List<GbzItem>> gbzItems() {
        Map<Integer, List<GbzItem>> items = new HashMap<>();
        for (Table.Row row : Table.resource(
                        UseCaseTable.class,
                        "gbz-items.tsv",
                        "code",
                        "direction",
                        "position",
                        "cluster",
                        "frame",
                        "command",
                        "encrypted",
                        "from-date",
                        "minOccurs",
                        "maxOccurs",
                        "alternative",
                        "attributes",
                        "fixed")
                .rows()) {
            items.computeIfAbsent(row.hex("code", CODE_DIGITS), c -> new ArrayList<>())
                    .add(new GbzItem(
                            row.constant("direction", MessageKind.class),
                            row.number("position", 0, MAX_ITEMS),
                            row.hex("cluster", CODE_DIGITS),
                            row.hex("frame", 2),
                            row.hex("command", 2),
                            row.yes("encrypted"),
                            row.yes("from-date"),
                            row.number("minOccurs", 0, UNLIMITED),
                            row.number("maxOccurs", 1, UNLIMITED),
                            row.yes("alternative"),
                            row.hexList("attributes", CODE_DIGITS),
                            row.list("fixed", "|")));
        }
        return items;
    }

    private static UseCase useCase(
            Table.Row row,
            ServiceCatalogue services,
            Map<Integer, List<DlmsItem>> dlms,
            Map<Integer, List<GbzItem>> gbz) {
        Set<Payload.Family> families = Set.copyOf(row.constants("family", Payload.Family.class));
        Map<MessageKind, Set<Protection>> protections = new EnumMap<>(MessageKind.class);
        Map<MessageKind, String> asn1 = new EnumMap<>(MessageKind.class);
        KINDS.forEach((column, kind) -> {
            Set<Protection> permitted = EnumSet.noneOf(Protection.class);
            row.list(column).forEach(p -> permitted.add(Protection.of(row, column, p)));
            if (!permitted.isEmpty()) {
                protections.put(kind, permitted);
            }
            row.optional("asn1-" + column).ifPresent(shape -> asn1.put(kind, shape));
        });
        row.require(
                "asn1-command",
                families.contains(Payload.Family.ASN1) != asn1.isEmpty(),
                "ASN.1 codes, and no others, have an ASN.1 shape");
        int code = row.hex("code", CODE_DIGITS);
        return new UseCase(
                code,
                row.text("name"),
                families,
                row.textOrEmpty("type"),
                Map.copyOf(protections),
                row.yes("device-to-device"),
                services(services, row.text("name"), row.list("variants")),
                row.list("variants"),
                dlms.getOrDefault(code, List.of()),
                gbz.getOrDefault(code, List.of()),
                Map.copyOf(asn1));
    }

    /** The services of a use case, in the order of the catalogue. */
    private static List<String> services(ServiceCatalogue services, String name, List<String> variants) {
        Set<ServiceRow> found = new HashSet<>(services.byUseCase(name));
        variants.forEach(variant -> found.addAll(services.byUseCase(variant)));
        return found.isEmpty()
                ? List.of()
                : services.rows().stream()
                        .filter(found::contains)
                        .map(ServiceRow::variant)
                        .toList();
    }

    /**
     * The use case with this name, or with a variant of this name, that has messages of this kind; empty where there is
     * none, or more than one.
     */
    public Optional<UseCase> find(String name, MessageKind kind) {
        List<UseCase> named = named(name, kind, true);
        List<UseCase> found = named.isEmpty() ? named(name, kind, false) : named;
        return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
    }

    private List<UseCase> named(String name, MessageKind kind, boolean whole) {
        return ordered.values().stream()
                .filter(u -> u.protections().containsKey(kind)
                        && (whole ? u.name().equals(name) : u.variants().contains(name)))
                .toList();
    }

    /** The use case of the message code; empty where it is not in the table. */
    public Optional<UseCase> find(int messageCode) {
        return Optional.ofNullable(byCode.get(messageCode));
    }

    /** All use cases, ordered by code. */
    public Collection<UseCase> all() {
        return ordered.values();
    }

    /** All use cases with this name. */
    public List<UseCase> named(String name) {
        return ordered.values().stream().filter(u -> u.name().equals(name)).toList();
    }

    /**
     * The permitted protections for a message with this code and kind; empty where the code is not sent in that
     * direction. For a code that is not in the table, or whose protection is unknown, every protection that GBCS
     * permits for the Message Category.
     */
    public Set<Protection> protection(int messageCode, MessageKind kind) {
        UseCase useCase = byCode.get(messageCode);
        if (useCase == null || useCase.protections().isEmpty()) {
            return kind == MessageKind.COMMAND || kind == MessageKind.PRECOMMAND
                    ? EnumSet.allOf(Protection.class)
                    : EnumSet.of(Protection.MAC, Protection.SIGNATURE);
        }
        return useCase.protections()
                .getOrDefault(kind == MessageKind.PRECOMMAND ? MessageKind.COMMAND : kind, Set.of());
    }
}
