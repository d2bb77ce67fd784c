package org.postern.simulator.devices;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.postern.gbcs.DlmsData;
import org.postern.simulator.devices.CosemValues.Rule;

/** Balances, debts and the logs of them, in millipence. */
final class MoneyValues {

    static final int PREPAYMENT = 2;
    private static final int CREDIT = 1;
    private static final int REPAYMENTS = 10;
    private static final int CREDITS = 5;
    private static final long SECONDS_OF_DAY = 86_400;
    /** Millipence are 10 to the power of -5 pounds. */
    private static final int MILLIPENCE = -5;

    private static final long PER_KILOWATT_HOUR = 27_500;

    private MoneyValues() {}

    static void register(Map<String, Rule> rules, CosemValues values) {
        rules.put(
                "payment-mode",
                (ask, a) -> DlmsData.structure(
                        DlmsData.enumeration(ask.state().account().prepaid() ? PREPAYMENT : CREDIT),
                        DlmsData.enumeration(1)));
        rules.put("credit-list", (ask, a) -> creditList(ask));
        rules.put("balance", (ask, a) -> DlmsData.i32(balance(ask, values, state(ask, values))));
        rules.put("prepay", (ask, a) -> prepay(ask, values));
        rules.put("daily-prepay", (ask, a) -> log(ask, values, LogValues.midnights(ask, LogValues.READS, d -> true)));
        rules.put(
                "billing-prepay",
                (ask, a) -> log(
                        ask,
                        values,
                        LogValues.midnights(ask, LogValues.BILLS, ElectricityState.billingDay(ask, values))));
        rules.put("tariff-changes", (ask, a) -> tariffChanges(ask, values));
        rules.put(
                "credits",
                (ask, a) -> payments(ask, run(ask, values, List.of(ask.now())).credits(), CREDITS));
        rules.put(
                "debt-payments",
                (ask, a) -> payments(ask, run(ask, values, List.of(ask.now())).repayments(), REPAYMENTS));
    }

    private static boolean prepays(Ask ask, CosemValues values) {
        return values.get(ask, "111/0-0:19.0.0.255/2").at(0).asLong() == PREPAYMENT;
    }

    /** Those that the meter came with: the years gone by are not reckoned anew when a command sets other ones. */
    private static Account.Terms terms(Ask ask, CosemValues values) {
        return new Account.Terms(
                PER_KILOWATT_HOUR,
                charge(values.initial(ask, "113/0-0:19.20.4.255/5")),
                recovery(ask, values, 1),
                recovery(ask, values, 2),
                values.initial(ask, "113/0-0:19.20.3.255/13").asLong());
    }

    /** The one charge of an object, in millipence. */
    private static long charge(DlmsData value) {
        long charge = value.at(2, 0, 1).asLong();
        for (long scale = value.at(0, 1).asLong(); scale > MILLIPENCE; scale--) {
            charge *= 10;
        }
        return charge;
    }

    private static long recovery(Ask ask, CosemValues values, int debt) {
        String object = "113/0-0:19.20." + debt + ".255/";
        return charge(values.initial(ask, object + 5))
                * (SECONDS_OF_DAY / values.initial(ask, object + 8).asLong());
    }

    private static long emergency(Ask ask, CosemValues values) {
        return prepays(ask, values) ? values.get(ask, "112/0-0:19.10.1.255/9").asLong() : 0;
    }

    private static Account.Run run(Ask ask, CosemValues values, List<Instant> times) {
        return ask.state().account().run(times, terms(ask, values), emergency(ask, values));
    }

    private static Account.State state(Ask ask, CosemValues values) {
        return ask.state().account().at(ask.now(), terms(ask, values), emergency(ask, values));
    }

    /** Credit left to one who pays in advance, what is owed to one who does not. */
    private static long balance(Ask ask, CosemValues values, Account.State state) {
        return prepays(ask, values) ? state.balance() : state.bill();
    }

    /** Balance, emergency credit, all debts, time debts 1 and 2, payment debt. */
    private static DlmsData prepay(Ask ask, CosemValues values) {
        Account.State s = state(ask, values);
        return new DlmsData.Structure(LongStream.of(
                        balance(ask, values, s),
                        s.emergency(),
                        s.accumulated(),
                        s.timeDebt1(),
                        s.timeDebt2(),
                        s.paymentDebt())
                .mapToObj(DlmsData::i32)
                .toList());
    }

    /** Emergency credit, balance, payment debt, time debts 1 and 2, all debts. */
    private static List<DlmsData> cells(Ask ask, CosemValues values, Account.State s) {
        return LongStream.of(
                        s.emergency(),
                        balance(ask, values, s),
                        s.paymentDebt(),
                        s.timeDebt1(),
                        s.timeDebt2(),
                        s.accumulated())
                .mapToObj(DlmsData::i32)
                .toList();
    }

    private static DlmsData log(Ask ask, CosemValues values, List<Instant> times) {
        List<DlmsData> rows = new ArrayList<>();
        for (Account.State s : run(ask, values, times.isEmpty() ? List.of(Series.START) : times)
                .states()) {
            List<DlmsData> row = new ArrayList<>(List.of(DlmsData.u32(Ask.seconds(s.time()))));
            row.addAll(cells(ask, values, s));
            rows.add(new DlmsData.Structure(row));
        }
        return CompactRows.of(rows.get(0), times.isEmpty() ? List.of() : rows);
    }

    /** Registers and money at each change of payment mode or tariff. */
    private static DlmsData tariffChanges(Ask ask, CosemValues values) {
        List<Instant> found = LogValues.tariffChanges(ask);
        List<Instant> times = found.isEmpty() ? List.of(Series.START) : found;
        List<DlmsData> registers = LogValues.registers(ask, values, times);
        List<Account.State> states = run(ask, values, times).states();
        List<DlmsData> rows = new ArrayList<>();
        for (int i = 0; i < times.size(); i++) {
            List<DlmsData> row = new ArrayList<>(registers.get(i).elements());
            row.addAll(cells(ask, values, states.get(i)));
            rows.add(new DlmsData.Structure(row));
        }
        return CompactRows.of(rows.get(0), found.isEmpty() ? List.of() : rows);
    }

    private static DlmsData payments(Ask ask, List<Account.Payment> all, int most) {
        return CompactRows.of(
                LogValues.row(Series.START, 0),
                all.subList(Math.max(0, all.size() - most), all.size()).stream()
                        .filter(p -> ask.wants(p.time()))
                        .map(p -> LogValues.row(p.time(), p.amount()))
                        .toList());
    }

    /** Which credits pay which charges, and how (GBCS Use Cases ECS02 and ECS03). */
    private static DlmsData creditList(Ask ask) {
        List<DlmsData> pairs = new ArrayList<>();
        boolean prepaid = ask.state().account().prepaid();
        for (int[] pair : prepaid
                ? new int[][] {{0, 0}, {0, 4}, {0, 1}, {0, 2}, {0, 3}, {1, 3}, {1, 0}, {1, 4}, {1, 1}, {1, 2}}
                : new int[][] {{0, 0}, {0, 4}}) {
            pairs.add(collects(pair[0], pair[1]));
        }
        if (EnergyValues.twin(ask)) {
            pairs.add(collects(0, 5));
            if (prepaid) {
                pairs.add(collects(1, 5));
            }
        }
        return new DlmsData.Array(pairs);
    }

    private static DlmsData collects(int credit, int charge) {
        return DlmsData.structure(
                DlmsData.octets((byte) 0, (byte) 0, (byte) 0x13, (byte) 0x0A, (byte) credit, (byte) 0xFF),
                DlmsData.octets((byte) 0, (byte) 0, (byte) 0x13, (byte) 0x14, (byte) charge, (byte) 0xFF),
                DlmsData.bits("111"));
    }
}
