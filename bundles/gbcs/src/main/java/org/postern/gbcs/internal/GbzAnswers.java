package org.postern.gbcs.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postern.gbcs.AnswerCheck.Notes;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DecryptedMessage;
import org.postern.gbcs.Deviation.Kind;
import org.postern.gbcs.GbcsRefusal;
import org.postern.gbcs.GbzPayload;
import org.postern.gbcs.GbzPayload.Component;
import org.postern.gbcs.MessageKind;
import org.postern.gbcs.Payload;
import org.postern.gbcs.UseCaseTable.GbzItem;
import org.postern.gbcs.UseCaseTable.UseCase;
import org.postern.gbcs.ZclFields;

/**
 * The expected content of a GBZ response or alert of one use case. Every component of the command is answered, by the
 * response command that the use case specifies or by a Default Response, under the command's transaction sequence
 * number, which counts from 0 (GBCS section 7.2.10 and 20.3; ZCL sections 2.4 and 2.5.12). Immutable.
 */
public final class GbzAnswers {

    private static final int READ_ATTRIBUTES_RESPONSE = 0x01;
    private static final int DEFAULT_RESPONSE = 0x0B;
    /** Command id of a Default Response for components that were skipped after a failure. */
    private static final int SKIPPED = 0xFF;

    private static final int UNLIMITED = 255;
    private static final int NOT_FOUND = 0x8B;
    private static final int UNREACHABLE = -2;

    /**
     * One component of the command and its expected response.
     *
     * @param commandComponent the component itself, null where only the use case is known
     * @param answer the row of its response, null where only a Default Response is known
     * @param minOccurs minimum number of occurrences of the component in the command
     * @param maxOccurs maximum number of occurrences of the component in the command
     * @param each maximum number of components that may answer it
     * @param fixed fields of the response with a fixed value
     */
    private record Slot(
            int cluster,
            int command,
            boolean clusterSpecific,
            List<Integer> attributes,
            @Nullable Component commandComponent,
            @Nullable GbzItem answer,
            int minOccurs,
            int maxOccurs,
            int each,
            List<Fixed> fixed) {}

    /** The required value of a field. */
    private record Fixed(String field, long right) {

        static List<Fixed> of(GbzItem answer) {
            return answer.fixed().stream()
                    .map(text -> text.split("=", 2))
                    .map(parts -> new Fixed(parts[0], Long.parseLong(parts[1], 16)))
                    .toList();
        }
    }

    private final String name;
    private final ZclFields fields;
    private final CommandFields commandFields;
    private final List<Slot> slots = new ArrayList<>();
    private final List<Slot> alert;

    public GbzAnswers(UseCase use, ZclFields fields, CommandFields commandFields) {
        this.name = use.name();
        this.fields = fields;
        this.commandFields = commandFields;
        this.alert = use.gbz(MessageKind.ALERT).stream()
                .map(row -> new Slot(row.cluster(), row.command(), true, List.of(), null, row, 1, 1, 1, Fixed.of(row)))
                .toList();
        List<GbzItem> commands = use.gbz(MessageKind.COMMAND);
        List<GbzItem> answers = use.gbz(MessageKind.RESPONSE).stream()
                .filter(i -> !i.alternative())
                .toList();
        for (int i = 0; i < commands.size() && i < answers.size(); i++) {
            GbzItem command = commands.get(i);
            GbzItem answer = answers.get(i);
            List<Integer> attributes = command.attributes().isEmpty() ? answer.attributes() : command.attributes();
            slots.add(new Slot(
                    command.cluster(),
                    command.command(),
                    (command.frame() & 3) == 1,
                    attributes,
                    null,
                    answer,
                    command.minOccurs(),
                    command.maxOccurs(),
                    command.maxOccurs() > 1 ? 1 : answer.maxOccurs(),
                    Fixed.of(answer)));
        }
    }

    /** Checks the components of a response against the command where that is known, otherwise against the use case. */
    public void response(List<Component> components, DecryptedMessage plain, Optional<Payload> command, Notes notes) {
        List<List<Integer>> groups = groups(components);
        List<Slot> expected = command.isPresent() && command.get() instanceof GbzPayload.Components c
                ? slotsOf(c.components())
                : slots;
        int minGroups = 0;
        int maxGroups = 0;
        for (Slot slot : expected) {
            minGroups += slot.minOccurs();
            maxGroups += slot.maxOccurs() == UNLIMITED ? 10_000 : slot.maxOccurs();
        }
        String by = command.isPresent() ? "the command" : "use case " + name;
        for (int i = 0; i < groups.size(); i++) {
            int sequence = components.get(groups.get(i).get(0)).frame().sequence();
            if (sequence != i) {
                notes.add(
                        sequence > i ? Kind.RESULTS_MISSING : Kind.RESULT_OF_OTHER_KIND,
                        component(groups.get(i).get(0)),
                        "answers component " + sequence + " of the command where component " + i + " is next");
                break;
            }
        }
        if (groups.size() < minGroups || groups.size() > maxGroups) {
            notes.add(
                    groups.size() < minGroups ? Kind.RESULTS_MISSING : Kind.RESULTS_SURPLUS,
                    "",
                    groups.size()
                            + " components of the command answered where " + by + " has "
                            + (minGroups == maxGroups ? minGroups : minGroups + " or more"));
        }
        List<@Nullable Slot> found = assign(components, groups, expected, plain, notes, by);
        for (int g = 0; g < groups.size(); g++) {
            for (int index : groups.get(g)) {
                content(index, components.get(index), found.get(g), plain, notes);
            }
        }
    }

    /**
     * Indices of the components that answer the same component of the command: adjacent, with the same sequence number.
     */
    private static List<List<Integer>> groups(List<Component> components) {
        List<List<Integer>> groups = new ArrayList<>();
        for (int i = 0; i < components.size(); i++) {
            if (i == 0
                    || components.get(i).frame().sequence()
                            != components.get(i - 1).frame().sequence()) {
                groups.add(new ArrayList<>());
            }
            groups.get(groups.size() - 1).add(i);
        }
        return groups;
    }

    /** One slot per component of the command. */
    private List<Slot> slotsOf(List<Component> command) {
        List<Slot> commandSlots = new ArrayList<>();
        for (Component c : command) {
            boolean specific = c.frame().clusterSpecific();
            Slot known = slots.stream()
                    .filter(s -> s.cluster() == c.cluster()
                            && s.command() == c.frame().command()
                            && s.clusterSpecific() == specific)
                    .findFirst()
                    .orElse(null);
            List<Integer> attributes = List.of();
            if (!specific && c.frame().command() == 0x00) {
                try {
                    attributes = fields.attributeIds(c.payload());
                } catch (GbcsRefusal e) {
                    attributes = List.of();
                }
            }
            commandSlots.add(new Slot(
                    c.cluster(),
                    c.frame().command(),
                    specific,
                    attributes,
                    c,
                    known == null ? null : known.answer(),
                    1,
                    1,
                    known == null ? UNLIMITED : known.each(),
                    known == null ? List.of() : known.fixed()));
        }
        return commandSlots;
    }

    private static String component(int index) {
        return "component " + (index + 1);
    }

    /**
     * The slot of each group; null from the first group that does not conform to the use case. All possible
     * arrangements of optional and repeated components of the command are examined together.
     */
    private List<@Nullable Slot> assign(
            List<Component> components,
            List<List<Integer>> groups,
            List<Slot> expected,
            DecryptedMessage plain,
            Notes notes,
            String by) {
        List<Place> places = places(expected, groups.size());
        int[][] before = new int[groups.size()][places.size()];
        int reached = 0;
        while (reached < groups.size()
                && assignGroup(components, groups.get(reached), reached, places, before, plain)) {
            reached++;
        }
        List<@Nullable Slot> found = new ArrayList<>(Collections.nCopies(groups.size(), null));
        if (reached < groups.size()) {
            Component first = components.get(groups.get(reached).get(0));
            notes.add(
                    Kind.RESULT_OF_OTHER_KIND,
                    component(groups.get(reached).get(0)),
                    "is none of the responses that " + by + " permits at that position: " + describe(first));
        }
        int place = -1;
        for (int i = 0; reached > 0 && i < places.size(); i++) {
            place = before[reached - 1][i] != UNREACHABLE ? i : place;
        }
        if (reached == groups.size() && reached > 0 && !optional(places, place + 1, places.size())) {
            notes.add(Kind.RESULTS_MISSING, "", "the last components of " + by + " are not answered");
        }
        for (int g = reached - 1; g >= 0; g--) {
            found.set(g, places.get(place).slot());
            place = before[g][place];
        }
        return found;
    }

    /** One occurrence of a slot. */
    private record Place(Slot slot, boolean optional) {}

    private static List<Place> places(List<Slot> expected, int groups) {
        List<Place> places = new ArrayList<>();
        for (Slot slot : expected) {
            for (int i = 0; i < Math.min(slot.maxOccurs(), Math.max(slot.minOccurs(), groups)); i++) {
                places.add(new Place(slot, i >= slot.minOccurs()));
            }
        }
        return places;
    }

    private static boolean optional(List<Place> places, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!places.get(i).optional()) {
                return false;
            }
        }
        return true;
    }

    /**
     * Records the possible places of the group, each with the place of the previous group; false where there is none.
     */
    private boolean assignGroup(
            List<Component> components,
            List<Integer> group,
            int g,
            List<Place> places,
            int[][] before,
            DecryptedMessage plain) {
        boolean any = false;
        for (int i = 0; i < places.size(); i++) {
            before[g][i] = UNREACHABLE;
            int from = i - 1;
            while (from >= 0
                    && (g == 0 || before[g - 1][from] == UNREACHABLE)
                    && places.get(from).optional()) {
                from--;
            }
            boolean reachable = g == 0 ? from < 0 : from >= 0 && before[g - 1][from] != UNREACHABLE;
            if (reachable && answers(components, group, places.get(i).slot(), plain)) {
                before[g][i] = from;
                any = true;
            }
        }
        return any;
    }

    private boolean answers(List<Component> components, List<Integer> group, Slot slot, DecryptedMessage plain) {
        if (group.size() > slot.each() && slot.each() != UNLIMITED) {
            return false;
        }
        for (int index : group) {
            Component c = components.get(index);
            if (c.cluster() != slot.cluster()) {
                return false;
            }
            if (isDefault(c)) {
                Bytes payload = plain.zclPayload(c, index).orElse(Bytes.EMPTY);
                boolean own = payload.length() == 2 && payload.at(0) == slot.command();
                boolean skipped = payload.length() == 2 && payload.at(0) == SKIPPED && payload.at(1) != 0;
                // a successful Default Response is accepted only where the use case has no other response
                boolean sufficient = slot.answer() == null
                        || isDefault(slot.answer())
                        || payload.length() == 2 && payload.at(1) != 0;
                if (group.size() > 1 || !(own && sufficient || skipped)) {
                    return false;
                }
            } else if (slot.answer() == null
                    || isDefault(slot.answer())
                    || c.frame().command() != slot.answer().command()
                    || c.frame().clusterSpecific() != ((slot.answer().frame() & 3) == 1)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isDefault(Component c) {
        return !c.frame().clusterSpecific() && c.frame().command() == DEFAULT_RESPONSE;
    }

    private static boolean isDefault(GbzItem item) {
        return (item.frame() & 3) == 0 && item.command() == DEFAULT_RESPONSE;
    }

    private static String describe(Component c) {
        return String.format(
                "cluster %04X %s command %02X",
                c.cluster(),
                c.frame().clusterSpecific() ? "cluster" : "profile-wide",
                c.frame().command());
    }

    /** Checks attributes, fields and protection of one component. */
    private void content(int index, Component c, @Nullable Slot slot, DecryptedMessage plain, Notes notes) {
        Optional<Bytes> clear = plain.zclPayload(c, index);
        if (clear.isEmpty()) {
            return;
        }
        String prefix = c.isEncrypted() ? "decrypted but unreadable: " : "unreadable: ";
        try {
            if (!c.frame().clusterSpecific() && c.frame().command() == READ_ATTRIBUTES_RESPONSE) {
                attributes(index, c, fields.attributes(c.cluster(), clear.get()), slot, notes);
            } else if (!fields.knows(c.cluster(), c.frame())) {
                notes.add(Kind.UNKNOWN, component(index), "no table contains the fields of " + describe(c));
            } else {
                List<ZclFields.Field> read = fields.fields(c.cluster(), c.frame(), clear.get());
                if (isDefault(c)) {
                    nothingFound(index, clear.get(), slot, notes);
                } else if (slot != null) {
                    inClear(index, c, slot.answer(), notes);
                    fixed(index, read, slot.fixed(), notes);
                    if (slot.commandComponent() != null) {
                        commandFields.check(component(index), slot.commandComponent(), c, read, notes);
                    }
                }
            }
        } catch (GbcsRefusal e) {
            notes.add(Kind.UNREADABLE, component(index), prefix + e.fault().cause() + "; rule: " + e.rule());
        }
    }

    /**
     * The status "not found" is the response of an empty log or calendar; a command that changes something has then
     * failed.
     */
    private static void nothingFound(int index, Bytes defaultResponse, @Nullable Slot slot, Notes notes) {
        if (slot != null && slot.answer() != null && isDefault(slot.answer()) && defaultResponse.at(1) == NOT_FOUND) {
            notes.add(Kind.OTHER_CONTENT, component(index), "status 8B (not found) for a command that does not read");
        }
    }

    private void inClear(int index, Component c, @Nullable GbzItem row, Notes notes) {
        if (row != null && row.encrypted() && !c.isEncrypted()) {
            notes.add(
                    Kind.NOT_PROTECTED,
                    component(index),
                    "data in the clear, although use case " + name + " requires encryption");
        }
    }

    private void attributes(int index, Component c, List<ZclFields.Attribute> read, @Nullable Slot slot, Notes notes) {
        for (ZclFields.Attribute a : read) {
            int type = fields.attributeType(c.cluster(), a.id());
            if (type < 0) {
                notes.add(Kind.UNKNOWN, "attribute " + name(c, a), "is in no table");
            } else if (a.success() && !sameKind(a.type(), type)) {
                String attribute = name(c, a);
                notes.withhold(
                        attribute,
                        Kind.RESULT_OF_OTHER_TYPE,
                        "attribute " + attribute,
                        String.format("has the ZCL type %02X instead of %02X", a.type(), type));
            }
        }
        if (slot == null) {
            return;
        }
        boolean success = false;
        List<Integer> ids = new ArrayList<>(read.size());
        for (ZclFields.Attribute a : read) {
            success |= a.success();
            ids.add(a.id());
        }
        if (success) {
            inClear(index, c, slot.answer(), notes);
        }
        if (slot.attributes().isEmpty() || ids.equals(slot.attributes())) {
            return;
        }
        if (ids.size() != slot.attributes().size()) {
            notes.add(
                    ids.size() < slot.attributes().size() ? Kind.RESULTS_MISSING : Kind.RESULTS_SURPLUS,
                    component(index),
                    ids.size() + " attributes where " + slot.attributes().size() + " are read");
        } else {
            notes.add(
                    Kind.RESULT_OF_OTHER_KIND,
                    component(index),
                    "its attributes are not the requested ones, or are in another order");
        }
    }

    private static String name(Component c, ZclFields.Attribute a) {
        return String.format("%04X/%04X", c.cluster(), a.id());
    }

    /** Devices encode amounts of money as signed or unsigned numbers; the data type in the message states which. */
    private static boolean sameKind(int found, int right) {
        boolean integers = found >= 0x20 && found <= 0x2F && right >= 0x20 && right <= 0x2F;
        return found == right || integers && (found & 7) == (right & 7);
    }

    private static void fixed(int index, List<ZclFields.Field> read, List<Fixed> all, Notes notes) {
        for (Fixed fixed : all) {
            for (ZclFields.Field f : read) {
                if (f.name().equals(fixed.field()) && f.number() != fixed.right()) {
                    notes.add(
                            Kind.OTHER_CONTENT,
                            component(index),
                            String.format(
                                    "%s is %X, but the use case specifies %X",
                                    fixed.field(), f.number(), fixed.right()));
                }
            }
        }
    }

    /** Checks the components of an alert against the use case; other content is left to the MMC mapping. */
    public void alert(GbzPayload.Alert a, DecryptedMessage plain, Notes notes) {
        if (alert.isEmpty()) {
            return;
        }
        if (a.components().size() != alert.size()) {
            notes.add(
                    a.components().size() < alert.size() ? Kind.RESULTS_MISSING : Kind.RESULTS_SURPLUS,
                    "",
                    a.components().size() + " components where use case " + name + " has " + alert.size());
        }
        for (int i = 0; i < a.components().size(); i++) {
            Component c = a.components().get(i);
            Slot row = i < alert.size() ? alert.get(i) : null;
            if (row != null && (c.cluster() != row.cluster() || c.frame().command() != row.command())) {
                notes.add(
                        Kind.RESULT_OF_OTHER_KIND,
                        component(i),
                        "is not the component of the use case at that position: " + describe(c));
                row = null;
            }
            content(i, c, row, plain, notes);
        }
    }
}
