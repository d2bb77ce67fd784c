package org.postern.simulator.dcc.internal.alter;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.GbcsRefusal;
import org.postern.gbcs.GbzPayload;
import org.postern.gbcs.ZclFields;

/**
 * Everything in a gas command: its components in order, their frames, and each field of the ZCL payload by its name.
 */
final class GbzAlterations {

    /** The DCC chooses these within its time of building: only what is far off is an alteration. */
    private static final Set<String> BUILD_TIME = Set.of("issuerEventId", "issuerCalendarId");

    private static final int COUNT_AT = 2;
    private static final int OTHER_FRAME = 0x10;

    private final Alterations all;
    private final List<GbzPayload.Component> components;
    private final ZclFields layouts = ZclFields.load();

    GbzAlterations(Alterations all, GbzPayload.Components payload) {
        this.all = all;
        this.components = payload.components();
    }

    void add() {
        all.content(
                "components.count",
                () -> Alterations.flip(all.message().content(), COUNT_AT, 1).toArray());
        for (int i = 0; i < components.size(); i++) {
            component(i, "component[" + i + "]", components.get(i));
        }
    }

    private void component(int i, String name, GbzPayload.Component c) {
        GbzPayload.ZclFrame f = c.frame();
        all.payload(
                name + ".control",
                () -> with(
                        i,
                        new GbzPayload.Component(
                                c.control() ^ GbzPayload.Component.LAST,
                                c.cluster(),
                                c.encryption(),
                                c.fromDate(),
                                f,
                                c.payload())));
        all.payload(
                name + ".cluster",
                () -> with(
                        i,
                        new GbzPayload.Component(
                                c.control(), c.cluster() ^ 1, c.encryption(), c.fromDate(), f, c.payload())));
        if (c.fromDate().isPresent()) {
            all.payload(
                    name + ".from",
                    () -> from(i, c, OptionalLong.of(c.fromDate().getAsLong() ^ 1)));
            all.payload(name + ".from.removed", () -> from(i, c, OptionalLong.empty()));
        } else {
            all.payload(name + ".from.added", () -> from(i, c, OptionalLong.of(1)));
        }
        all.payload(
                name + ".frame",
                () -> frame(i, c, new GbzPayload.ZclFrame(f.control() ^ OTHER_FRAME, f.sequence(), f.command())));
        all.payload(
                name + ".sequence",
                () -> frame(i, c, new GbzPayload.ZclFrame(f.control(), f.sequence() ^ 1, f.command())));
        all.payload(
                name + ".command",
                () -> frame(i, c, new GbzPayload.ZclFrame(f.control(), f.sequence(), f.command() ^ 1)));
        payload(i, name, c);
        all.payload(name + ".removed", () -> GbzPayload.components(Alterations.without(components, i)));
        all.payload(name + ".repeated", () -> GbzPayload.components(Alterations.plus(components, i, c)));
        all.payload(
                name + ".added",
                () -> GbzPayload.components(Alterations.plus(
                        components,
                        i + 1,
                        new GbzPayload.Component(
                                c.control(),
                                c.cluster(),
                                c.encryption(),
                                c.fromDate(),
                                new GbzPayload.ZclFrame(f.control(), f.sequence() + 1 & 0xFF, f.command() ^ 2),
                                c.payload()))));
        Alterations.swapped(components, i)
                .ifPresent(s -> all.payload(name + ".swapped", () -> GbzPayload.components(s)));
    }

    private GbzPayload.Components with(int index, GbzPayload.Component component) {
        return new GbzPayload.Components(Alterations.with(components, index, component));
    }

    private GbzPayload.Components from(int index, GbzPayload.Component c, OptionalLong from) {
        int control = from.isPresent()
                ? c.control() | GbzPayload.Component.FROM_DATE
                : c.control() & ~GbzPayload.Component.FROM_DATE;
        return with(
                index, new GbzPayload.Component(control, c.cluster(), c.encryption(), from, c.frame(), c.payload()));
    }

    private GbzPayload.Components frame(int index, GbzPayload.Component c, GbzPayload.ZclFrame frame) {
        return with(
                index,
                new GbzPayload.Component(c.control(), c.cluster(), c.encryption(), c.fromDate(), frame, c.payload()));
    }

    /** Fields by name, those that repeat with their number, and every byte of the payload. */
    private void payload(int i, String name, GbzPayload.Component c) {
        for (ZclFields.Field field : fields(c)) {
            boolean repeats = fields(c).stream()
                            .filter(f -> f.name().equals(field.name()))
                            .count()
                    > 1;
            String path = name + "." + field.name() + (repeats ? "[" + field.index() + "]" : "");
            int length = field.bytes().length();
            if (length == 0) {
                continue;
            }
            boolean buildTime = BUILD_TIME.contains(field.name());
            int at = field.offset() + (field.type().equals("octstr") ? 1 : 0) + (buildTime ? length - 1 : 0);
            all.payload(path, () -> with(i, c.withPayload(Alterations.flip(c.payload(), at, buildTime ? 0x10 : 1))));
            all.value(path);
        }
        for (int b = 0; b < c.payload().length(); b++) {
            int at = b;
            if (fields(c).stream().anyMatch(f -> BUILD_TIME.contains(f.name()) && at == f.offset())) {
                continue;
            }
            all.payload(
                    name + ".payload[" + b + "]",
                    () -> with(i, c.withPayload(Alterations.flip(c.payload(), at, buildTime(c, at) ? 0x10 : 1))));
            all.value(name + ".payload[" + b + "]");
        }
        all.payload(
                name + ".payload.added",
                () -> with(i, c.withPayload(Bytes.ofHex(c.payload().hex() + "00"))));
        if (!c.payload().isEmpty()) {
            all.payload(
                    name + ".payload.removed",
                    () -> with(i, c.withPayload(c.payload().slice(0, c.payload().length() - 1))));
        }
    }

    /**
     * The lowest byte of a build time changes seconds, which the DCC may choose; its higher bytes, turned over so,
     * change hours and more.
     */
    private boolean buildTime(GbzPayload.Component c, int at) {
        return fields(c).stream()
                .anyMatch(f -> BUILD_TIME.contains(f.name())
                        && at >= f.offset()
                        && at < f.offset() + f.bytes().length());
    }

    private List<ZclFields.Field> fields(GbzPayload.Component c) {
        try {
            return c.frame().clusterSpecific()
                    ? layouts.fields(c.cluster(), c.frame(), c.payload())
                    : new ArrayList<>();
        } catch (GbcsRefusal unknown) {
            // a payload of no layout is altered byte by byte only
            return List.of();
        }
    }
}
