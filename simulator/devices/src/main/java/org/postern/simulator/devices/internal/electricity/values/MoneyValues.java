package org.postern.simulator.devices.internal.electricity.values;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.postern.gbcs.DlmsData;
import org.postern.simulator.devices.internal.dlms.CompactRows;
import org.postern.simulator.devices.internal.electricity.CosemSettings;
import org.postern.simulator.devices.internal.electricity.ElectricityRead;
import org.postern.simulator.devices.internal.measure.Series;
import org.postern.simulator.devices.internal.prepayment.Account;

/** Balances, debts and the logs of them, in millipence. */
final class MoneyValues {

    private static final int REPAYMENTS = 10;
    private static final int CREDITS = 5;

    private MoneyValues() {}

    /** The rules of this part, by the names that the table uses. */
    static Map<String, ValueRule> rules() {
        Map<String, ValueRule> rules = new HashMap<>();
        rules.put(
                "payment-mode",
                (read, a) -> DlmsData.structure(
                        DlmsData.enumeration(
                                read.state().account().prepaid() ? CosemSettings.PREPAYMENT : CosemSettings.CREDIT),
                        DlmsData.enumeration(1)));
        rules.put("credit-list", (read, a) -> creditList(read));
        rules.put("balance", (read, a) -> DlmsData.i32(balance(read, state(read))));
        rules.put("prepay", (read, a) -> prepay(read));
        rules.put("daily-prepay", (read, a) -> log(read, LogRows.midnights(read, LogRows.READS, d -> true)));
        rules.put(
                "billing-prepay",
                (read, a) -> log(
                        read,
                        LogRows.midnights(read, LogRows.BILLS, read.settings().billingDay())));
        rules.put("tariff-changes", (read, a) -> tariffChanges(read));
        rules.put(
                "credits",
                (read, a) -> payments(read, run(read, List.of(read.now())).credits(), CREDITS));
        rules.put(
                "debt-payments",
                (read, a) -> payments(read, run(read, List.of(read.now())).repayments(), REPAYMENTS));
        return rules;
    }

    private static long emergency(ElectricityRead read) {
        return read.settings().prepays() ? read.settings().emergencyCredit() : 0;
    }

    private static Account.Run run(ElectricityRead read, List<Instant> times) {
        return read.state().account().run(times, emergency(read));
    }

    private static Account.State state(ElectricityRead read) {
        return read.state().account().at(read.now(), emergency(read));
    }

    /** Credit left to one who pays in advance, what is owed to one who does not. */
    private static long balance(ElectricityRead read, Account.State state) {
        return read.settings().prepays() ? state.balance() : state.bill();
    }

    /** Balance, emergency credit, all debts, time debts 1 and 2, payment debt. */
    private static DlmsData prepay(ElectricityRead read) {
        Account.State s = state(read);
        return new DlmsData.Structure(LongStream.of(
                        balance(read, s), s.emergency(), s.accumulated(), s.timeDebt1(), s.timeDebt2(), s.paymentDebt())
                .mapToObj(DlmsData::i32)
                .toList());
    }

    /** Emergency credit, balance, payment debt, time debts 1 and 2, all debts. */
    private static List<DlmsData> cells(ElectricityRead read, Account.State s) {
        return LongStream.of(
                        s.emergency(), balance(read, s), s.paymentDebt(), s.timeDebt1(), s.timeDebt2(), s.accumulated())
                .mapToObj(DlmsData::i32)
                .toList();
    }

    private static DlmsData log(ElectricityRead read, List<Instant> times) {
        List<DlmsData> rows = new ArrayList<>();
        for (Account.State s :
                run(read, times.isEmpty() ? List.of(Series.START) : times).states()) {
            List<DlmsData> row = new ArrayList<>(List.of(DlmsData.u32(ElectricityRead.seconds(s.time()))));
            row.addAll(cells(read, s));
            rows.add(new DlmsData.Structure(row));
        }
        return CompactRows.of(rows.get(0), times.isEmpty() ? List.of() : rows);
    }

    /** Registers and money at each change of payment mode or tariff. */
    private static DlmsData tariffChanges(ElectricityRead read) {
        List<Instant> found = LogRows.tariffChanges(read);
        List<Instant> times = found.isEmpty() ? List.of(Series.START) : found;
        List<DlmsData> registers = LogRows.registers(read, times);
        List<Account.State> states = run(read, times).states();
        List<DlmsData> rows = new ArrayList<>();
        for (int i = 0; i < times.size(); i++) {
            List<DlmsData> row = new ArrayList<>(registers.get(i).elements());
            row.addAll(cells(read, states.get(i)));
            rows.add(new DlmsData.Structure(row));
        }
        return CompactRows.of(rows.get(0), found.isEmpty() ? List.of() : rows);
    }

    private static DlmsData payments(ElectricityRead read, List<Account.Payment> all, int max) {
        return CompactRows.of(
                LogRows.row(Series.START, 0),
                all.subList(Math.max(0, all.size() - max), all.size()).stream()
                        .filter(p -> read.wants(p.time()))
                        .map(p -> LogRows.row(p.time(), p.amount()))
                        .toList());
    }

    /** Which credits pay which charges, and how (GBCS Use Cases ECS02 and ECS03). */
    private static DlmsData creditList(ElectricityRead read) {
        List<DlmsData> pairs = new ArrayList<>();
        boolean prepaid = read.state().account().prepaid();
        for (int[] pair : prepaid
                ? new int[][] {{0, 0}, {0, 4}, {0, 1}, {0, 2}, {0, 3}, {1, 3}, {1, 0}, {1, 4}, {1, 1}, {1, 2}}
                : new int[][] {{0, 0}, {0, 4}}) {
            pairs.add(collects(pair[0], pair[1]));
        }
        if (read.twin()) {
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
