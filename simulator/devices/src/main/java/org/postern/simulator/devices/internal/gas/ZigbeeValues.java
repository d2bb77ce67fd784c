package org.postern.simulator.devices.internal.gas;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.postern.catalogue.Table;
import org.postern.gbcs.Bytes;
import org.postern.simulator.devices.internal.measure.Series;
import org.postern.simulator.devices.internal.prepayment.Account;
import org.postern.simulator.devices.internal.tariff.TariffRegisters;

/** Attributes of a gas meter: what was set, else the value of the table: a constant, or computed by a named rule. */
public final class ZigbeeValues {

    private static final int UNSUPPORTED_ATTRIBUTE = 0x86;
    private static final int OCTET_STRING = 0x41;
    private static final int TEXT = 0x42;
    /** Price of a cubic metre, in millipence. */
    private static final long PER_CUBIC_METRE = 77_000;

    private static final int CREDIT_CONTROL = 0x0C94;
    private static final int PREPAYMENT_CONTROL = 0x0897;
    private static final int PREPAYMENT_BIT = 0x02;

    private record Attribute(int type, GasValue constant, Function<GasRead, GasValue> rule) {}

    private final Map<Integer, Attribute> attributes = new HashMap<>();

    public ZigbeeValues() {
        Map<String, Function<GasRead, GasValue>> rules = rules();
        for (Table.Row row : table().rows()) {
            String value = row.text("value");
            boolean rule = value.startsWith("=");
            row.require("value", !rule || rules.containsKey(value.substring(1)), "the name of a rule");
            attributes.put(
                    id(row),
                    new Attribute(
                            row.hex("type", 2),
                            rule ? null : row.parsed("value", "a number, or a text in quotes", ZigbeeValues::constant),
                            rules.get(rule ? value.substring(1) : "")));
        }
    }

    private static Table table() {
        return Table.resource(ZigbeeValues.class, "zigbee-values.tsv", "cluster", "attribute", "type", "value");
    }

    private static int id(Table.Row row) {
        return row.hex("cluster", 4) << 16 | row.hex("attribute", 4);
    }

    private static GasValue constant(String text) {
        return text.startsWith("'")
                ? GasValue.text(text.substring(1, text.length() - 1))
                : GasValue.number(Long.parseLong(text));
    }

    /** Attributes that are in the table: cluster in the upper half, attribute in the lower. */
    public static Set<Integer> ids() {
        return table().rows().stream().map(ZigbeeValues::id).collect(Collectors.toSet());
    }

    private Map<String, Function<GasRead, GasValue>> rules() {
        Map<String, Function<GasRead, GasValue>> rules = new HashMap<>();
        rules.put(
                "register",
                read -> GasValue.number(read.state().uses().primary().at(read.now())));
        for (int i = 0; i < TariffRegisters.BLOCKS; i++) {
            int n = i;
            rules.put(
                    "period-" + (n + 1),
                    read -> GasValue.number(read.state().registers(read.now()).periods()[n]));
            rules.put(
                    "block-" + (n + 1),
                    read -> GasValue.number(read.state().registers(read.now()).blocks()[n][0]));
        }
        rules.put("balance", read -> GasValue.number(account(read).balance()));
        rules.put("bill", read -> GasValue.number(Math.max(0, account(read).bill())));
        rules.put("emergency", read -> GasValue.number(account(read).emergency()));
        rules.put("debts", read -> GasValue.number(account(read).accumulated()));
        rules.put("time-debt-1", read -> GasValue.number(account(read).timeDebt1()));
        rules.put("time-debt-2", read -> GasValue.number(account(read).timeDebt2()));
        rules.put("payment-debt", read -> GasValue.number(account(read).paymentDebt()));
        rules.put(
                "payment-control",
                read -> GasValue.number(read.state().account().prepaid() ? PREPAYMENT_CONTROL : CREDIT_CONTROL));
        rules.put("supply", read -> GasValue.number(read.state().supply()));
        rules.put("firmware", read -> new GasValue(0, read.meter().firmware().version()));
        rules.put("model", read -> new GasValue(0, model(read)));
        rules.put("mprn", read -> GasValue.text(read.meter().device().mpxn()));
        rules.put("battery", read -> GasValue.number(3650 - Math.floorMod(Series.dayOf(read.now()), 3600)));
        return rules;
    }

    /** Eight characters of model, and the EUI-64 (as in reference messages). */
    private static Bytes model(GasRead read) {
        byte[] b = new byte[16];
        Bytes.ofText(String.format("%-8s", "PS" + read.meter().device().type().name()))
                .copyTo(b, 0);
        Bytes.of(read.meter().device().deviceId().toBytes()).copyTo(b, 8);
        return Bytes.of(b);
    }

    /** The value of an attribute; empty where the device has none. */
    Optional<GasValue> find(GasRead read, int id) {
        Attribute attribute = attributes.get(id);
        return attribute == null
                ? Optional.empty()
                : read.state()
                        .attribute(id)
                        .or(() -> Optional.of(
                                attribute.rule() == null
                                        ? attribute.constant()
                                        : attribute.rule().apply(read)));
    }

    /** The number of an attribute that is in the table. */
    public long get(GasRead read, int id) {
        return find(read, id).map(GasValue::number).orElse(0L);
    }

    /** The number that the table gives, whatever was set. */
    long initial(int id) {
        Attribute attribute = attributes.get(id);
        return attribute == null || attribute.constant() == null
                ? 0
                : attribute.constant().number();
    }

    /** Block thresholds that a meter comes with. */
    public long[] thresholds() {
        return new long[] {
            initial(GasAttributes.FIRST_THRESHOLD),
            initial(GasAttributes.FIRST_THRESHOLD + 1),
            initial(GasAttributes.FIRST_THRESHOLD + 2)
        };
    }

    public boolean prepays(GasRead read) {
        return (get(read, GasAttributes.PAYMENT_CONTROL) & PREPAYMENT_BIT) != 0;
    }

    /** Prices and rates that a meter comes with. */
    public Account.Terms terms() {
        return new Account.Terms(
                PER_CUBIC_METRE,
                initial(GasAttributes.STANDING_CHARGE),
                initial(GasAttributes.RECOVERY_1),
                initial(GasAttributes.RECOVERY_2),
                initial(GasAttributes.PER_PAYMENT));
    }

    /** Money at each of the instants, and what was paid up to the last. */
    public Account.Run run(GasRead read, List<Instant> times) {
        return read.state().account().run(times, prepays(read) ? get(read, GasAttributes.EMERGENCY_LIMIT) : 0);
    }

    /** Money now. */
    public Account.State account(GasRead read) {
        return run(read, List.of(read.now())).states().get(0);
    }

    /** The records of a Read Attributes response to a list of two-byte ids. */
    public Bytes read(GasRead read, int cluster, Bytes ids) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int at = 0; at + 1 < ids.length(); at += 2) {
            int id = (int) ids.littleEndian(at, 2);
            little(out, id, 2);
            Optional<GasValue> value = find(read, cluster << 16 | id);
            if (value.isEmpty()) {
                out.write(UNSUPPORTED_ATTRIBUTE);
                continue;
            }
            int type = attributes.get(cluster << 16 | id).type();
            out.write(0);
            out.write(type);
            if (type == OCTET_STRING || type == TEXT) {
                out.write(value.get().text().length());
                out.writeBytes(value.get().text().toArray());
            } else {
                little(out, value.get().number(), size(type));
            }
        }
        return Bytes.of(out.toByteArray());
    }

    /** Bytes of a ZCL number type. */
    private static int size(int type) {
        return type == 0x10 || type == 0x30 ? 1 : (type & 0x07) + 1;
    }

    private static void little(ByteArrayOutputStream out, long value, int size) {
        for (int i = 0; i < size; i++) {
            out.write((int) (value >> 8 * i));
        }
    }
}
