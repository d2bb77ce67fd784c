package org.postern.simulator.devices;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.postern.gbcs.Bytes;
import org.postern.simulator.pki.SimulatorTable;

/** Attributes of a gas meter: what was set, else what the table says, written out or worked out by a named rule. */
final class ZigbeeValues {

    /** The first of the block thresholds. */
    static final int FIRST_THRESHOLD = 0x0700_0100;

    static final int STANDING_CHARGE = 0x0700_0301;
    static final int PAYMENT_CONTROL = 0x0705_0000;
    static final int EMERGENCY_LIMIT = 0x0705_0010;
    static final int EMERGENCY_THRESHOLD = 0x0705_0011;
    private static final int RECOVERY_1 = 0x0705_0217;
    private static final int RECOVERY_2 = 0x0705_0227;
    private static final int PER_PAYMENT = 0x0705_0239;
    private static final int UNSUPPORTED_ATTRIBUTE = 0x86;
    private static final int OCTET_STRING = 0x41;
    private static final int TEXT = 0x42;
    /** Price of a cubic metre, in millipence. */
    private static final long PER_CUBIC_METRE = 77_000;

    private static final int CREDIT_CONTROL = 0x0C94;
    private static final int PREPAYMENT_CONTROL = 0x0897;
    private static final int PREPAYMENT_BIT = 0x02;

    private record Attribute(int type, GasState.Value constant, Function<GasAsk, GasState.Value> rule) {}

    private final Map<Integer, Attribute> attributes = new HashMap<>();

    ZigbeeValues() {
        Map<String, Function<GasAsk, GasState.Value>> rules = rules();
        for (String[] row : SimulatorTable.rows(ZigbeeValues.class, "zigbee-values.tsv")) {
            String value = row[3];
            attributes.put(
                    Integer.parseInt(row[0] + row[1], 16),
                    new Attribute(
                            Integer.parseInt(row[2], 16),
                            value.startsWith("=")
                                    ? null
                                    : value.startsWith("'")
                                            ? text(value.substring(1, value.length() - 1))
                                            : number(Long.parseLong(value)),
                            rules.get(value.startsWith("=") ? value.substring(1) : "")));
        }
    }

    static GasState.Value number(long value) {
        return new GasState.Value(value, null);
    }

    static GasState.Value text(String value) {
        return new GasState.Value(0, Bytes.ofText(value));
    }

    private Map<String, Function<GasAsk, GasState.Value>> rules() {
        Map<String, Function<GasAsk, GasState.Value>> rules = new HashMap<>();
        rules.put("register", ask -> number(ask.state().uses().primary().at(ask.now())));
        for (int i = 0; i < Tally.BLOCKS; i++) {
            int n = i;
            rules.put(
                    "period-" + (n + 1),
                    ask -> number(ask.state().registers(ask.now()).periods()[n]));
            rules.put(
                    "block-" + (n + 1),
                    ask -> number(ask.state().registers(ask.now()).blocks()[n][0]));
        }
        rules.put("balance", ask -> number(account(ask).balance()));
        rules.put("bill", ask -> number(Math.max(0, account(ask).bill())));
        rules.put("emergency", ask -> number(account(ask).emergency()));
        rules.put("debts", ask -> number(account(ask).accumulated()));
        rules.put("time-debt-1", ask -> number(account(ask).timeDebt1()));
        rules.put("time-debt-2", ask -> number(account(ask).timeDebt2()));
        rules.put("payment-debt", ask -> number(account(ask).paymentDebt()));
        rules.put(
                "payment-control",
                ask -> number(ask.state().account().prepaid() ? PREPAYMENT_CONTROL : CREDIT_CONTROL));
        rules.put("supply", ask -> number(ask.state().supply()));
        rules.put("firmware", ask -> new GasState.Value(0, ask.meter().firmware()));
        rules.put("model", ask -> new GasState.Value(0, model(ask)));
        rules.put("mprn", ask -> text(ask.meter().device().mpxn()));
        rules.put("battery", ask -> number(3650 - Math.floorMod(Series.dayOf(ask.now()), 3600)));
        return rules;
    }

    /** Eight characters of model, and the EUI-64 (as in reference messages). */
    private static Bytes model(GasAsk ask) {
        byte[] b = new byte[16];
        Bytes.ofText(String.format("%-8s", "PS" + ask.meter().device().type().name()))
                .copyTo(b, 0);
        Bytes.of(ask.meter().device().deviceId().toBytes()).copyTo(b, 8);
        return Bytes.of(b);
    }

    /** The value of an attribute; empty where the device has none. */
    Optional<GasState.Value> find(GasAsk ask, int id) {
        Attribute attribute = attributes.get(id);
        return attribute == null
                ? Optional.empty()
                : ask.state()
                        .attribute(id)
                        .or(() -> Optional.of(
                                attribute.rule() == null
                                        ? attribute.constant()
                                        : attribute.rule().apply(ask)));
    }

    /** The number of an attribute that is in the table. */
    long get(GasAsk ask, int id) {
        return find(ask, id).map(GasState.Value::number).orElse(0L);
    }

    /** The number that the table gives, whatever was set. */
    long initial(int id) {
        Attribute attribute = attributes.get(id);
        return attribute == null || attribute.constant() == null
                ? 0
                : attribute.constant().number();
    }

    /** Block thresholds that a meter comes with. */
    long[] thresholds() {
        return new long[] {initial(FIRST_THRESHOLD), initial(FIRST_THRESHOLD + 1), initial(FIRST_THRESHOLD + 2)};
    }

    boolean prepays(GasAsk ask) {
        return (get(ask, PAYMENT_CONTROL) & PREPAYMENT_BIT) != 0;
    }

    private Account.Terms terms() {
        return new Account.Terms(
                PER_CUBIC_METRE,
                initial(STANDING_CHARGE),
                initial(RECOVERY_1),
                initial(RECOVERY_2),
                initial(PER_PAYMENT));
    }

    /** Money at each of the instants, and what was paid up to the last. */
    Account.Run run(GasAsk ask, List<Instant> times) {
        return ask.state().account().run(times, terms(), prepays(ask) ? get(ask, EMERGENCY_LIMIT) : 0);
    }

    /** Money now. */
    Account.State account(GasAsk ask) {
        return run(ask, List.of(ask.now())).states().get(0);
    }

    /** The records of a Read Attributes response to a list of two-byte ids. */
    Bytes read(GasAsk ask, int cluster, Bytes ids) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int at = 0; at + 1 < ids.length(); at += 2) {
            int id = (int) ids.littleEndian(at, 2);
            little(out, id, 2);
            Optional<GasState.Value> value = find(ask, cluster << 16 | id);
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
