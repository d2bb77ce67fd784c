package org.postern.simulator.devices.internal.electricity.commands;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.postern.catalogue.DeviceType;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DlmsData;
import org.postern.gbcs.DlmsPayload;
import org.postern.simulator.devices.internal.electricity.CosemSettings;
import org.postern.simulator.devices.internal.electricity.ElectricityRead;
import org.postern.simulator.devices.internal.electricity.StoredObjects;
import org.postern.simulator.devices.internal.electricity.values.HubValues;
import org.postern.simulator.devices.internal.events.EventLog;
import org.postern.simulator.devices.internal.prepayment.Account;
import org.postern.simulator.devices.internal.prepayment.TopUps;

/** What sets and actions do to a COSEM device beside what is read back as it was set. */
final class CosemWrites {

    private static final int CLASS_DATA = 1;
    private static final int CLASS_PROFILE = 7;
    private static final int CLASS_SCRIPTS = 9;
    private static final int CLASS_CREDIT = 112;
    private static final int CLASS_CHARGE = 113;
    private static final int CLASS_TOKENS = 115;
    private static final int LOG_CLEARED = 0x8F52;
    private static final int MASKED_BITS = 512;
    private static final int SCRIPT_ENABLE = 51;
    private static final int SCRIPT_DISABLE = 52;
    /** Objects of which a mask and values are set, and the object in which the outcome is read. */
    private static final Map<String, String> MASKED = Map.of(
            "0-30:97.98.11.255",
            "1/0-30:97.98.15.255/2",
            "0-30:97.98.12.255",
            "1/0-30:97.98.16.255/2",
            "0-30:97.98.13.255",
            "1/0-30:97.98.17.255/2",
            "0-30:97.98.14.255",
            "1/0-30:97.98.18.255/2",
            "0-33:97.98.11.255",
            "1/0-33:97.98.15.255/2",
            "0-33:97.98.14.255",
            "1/0-33:97.98.18.255/2");

    /** Calendars, special days and thresholds of both elements. */
    private static final Pattern TARIFF = Pattern.compile("20/|11/0-0:11\\.0\\.[01]\\.|21/0-0:16\\.0\\.1[1-8]");

    private static final String EVENT_LOG = "7/0-0:99.98.0.255";
    private static final String SCAN = "0-0:94.44.10.1";

    private final Activations activations;
    private final Map<String, BiConsumer<ElectricityRead, Long>> scripts = Map.of(
            "0-0:10.0.106.255",
            CosemWrites::supply,
            "0-0:10.0.100.255",
            (read, script) -> read.state().resetBlocks(read.now()),
            "0-0:10.0.103.255",
            CosemWrites::switchOver);

    CosemWrites(Activations activations) {
        this.activations = activations;
    }

    /** Stores what is set. */
    void set(ElectricityRead read, DlmsPayload.Target target, DlmsData data) {
        String outcome = MASKED.get(target.obis().toString());
        if (target.classId() == CLASS_DATA
                && outcome != null
                && data instanceof DlmsData.BitString mask
                && mask.bits() == MASKED_BITS) {
            read.state().held().store(outcome, masked(read.settings().get(outcome), mask));
            return;
        }
        read.state().held().store(target.toString(), data);
        if (target.obis().toString().equals(SCAN)) {
            read.state().events().add("channel", new EventLog.Event(read.now(), HubValues.CHANNEL_CHANGED, "00"));
        }
    }

    /** The first half says which bits of the second count. */
    private static DlmsData masked(DlmsData before, DlmsData.BitString set) {
        StringBuilder bits = new StringBuilder();
        for (int i = 0; i < MASKED_BITS / 2; i++) {
            bits.append((set.bit(i) ? set.bit(MASKED_BITS / 2 + i) : ((DlmsData.BitString) before).bit(i)) ? '1' : '0');
        }
        return DlmsData.bits(bits.toString());
    }

    /** Carries an action out. */
    void act(ElectricityRead read, DlmsPayload.Target target, DlmsData data) {
        String object = target.classId() + "/" + target.obis();
        long number = data instanceof DlmsData.Whole w ? w.value() : 0;
        switch (target.classId()) {
            case CLASS_SCRIPTS ->
                scripts.getOrDefault(target.obis().toString(), (a, n) -> {}).accept(read, number);
            case CLASS_CREDIT -> credit(read, target, number);
            case CLASS_CHARGE -> charge(read, target, number);
            case CLASS_TOKENS -> topUp(read, data.asBytes());
            default -> {
                read.state().reset(object, read.now());
                if (target.classId() == CLASS_PROFILE) {
                    cleared(read, object);
                }
            }
        }
    }

    /** The event log is known by its name, and notes that it was emptied. */
    private static void cleared(ElectricityRead read, String object) {
        if (object.equals(EVENT_LOG)) {
            String log = read.device().type() == DeviceType.CHF ? "chf-event" : "esme-event";
            read.state().reset(log, read.now());
            read.state().events().add(log, new EventLog.Event(read.now(), LOG_CLEARED, ""));
        }
    }

    private static void supply(ElectricityRead read, long script) {
        read.state().armed(script != SCRIPT_ENABLE && script != SCRIPT_DISABLE);
        read.meter().supplyEnabled(script == SCRIPT_ENABLE);
    }

    /** High byte: the number of the switch; low byte 11 on, 12 off, 20 back to the calendar; from 1000 on a level. */
    private static void switchOver(ElectricityRead read, long script) {
        int number = (int) (script >> 8 & 0xF);
        StoredObjects held = read.state().held();
        if (script >= 0x1000) {
            held.level(number, (int) Math.min(100, script & 0x7F));
        } else if ((script & 0xFF) == 0x20) {
            held.release(number);
        } else {
            held.switchTo(number, (script & 0xFF) == 0x11);
        }
    }

    /** Credit 0 is the balance, 2 stands for the debts; method 1 adjusts, 2 resets. */
    private void credit(ElectricityRead read, DlmsPayload.Target target, long amount) {
        int which = target.obis().field(4);
        if (which == 0 && target.index() == 1) {
            change(read, read.settings().prepays() ? Account.Change.BALANCE_BY : Account.Change.BILL_BY, amount);
        } else if (which == 0 && target.index() == 2) {
            change(read, read.settings().prepays() ? Account.Change.BALANCE_RESET : Account.Change.BILL_RESET, 0);
        } else if (which == 2 && target.index() == 2) {
            change(read, Account.Change.DEBT_RESET, 0);
        }
    }

    private void charge(ElectricityRead read, DlmsPayload.Target target, long amount) {
        int which = target.obis().field(4);
        if (target.index() == 2) {
            activations.bringUpNow(read.state().held(), target.classId() + "/" + target.obis() + "/");
        } else if (which >= 1 && which <= 3) {
            change(
                    read,
                    which == 1
                            ? Account.Change.TIME_DEBT_1_BY
                            : which == 2 ? Account.Change.TIME_DEBT_2_BY : Account.Change.PAYMENT_DEBT_BY,
                    amount);
        }
    }

    private static void change(ElectricityRead read, Account.Change change, long amount) {
        read.state().account().change(read.now(), change, amount, "");
    }

    private static void topUp(ElectricityRead read, Bytes token) {
        TopUps.millipence(token)
                .ifPresent(amount -> read.state().account().change(read.now(), Account.Change.TOP_UP, amount, ""));
    }

    /** Brings into force what is due, and what follows from it: another tariff, another way of payment. */
    void bringUp(ElectricityRead read) {
        Set<Instant> tariffs = new TreeSet<>();
        for (Activations.Change change : activations.bringUp(read.state().held(), read.now())) {
            if (change.active().equals(CosemSettings.PAYMENT_MODE)) {
                tariffs.add(change.when());
                read.state()
                        .account()
                        .change(
                                change.when(),
                                read.settings().prepays() ? Account.Change.PREPAYMENT : Account.Change.CREDIT,
                                0,
                                "");
            } else if (TARIFF.matcher(change.active()).lookingAt()) {
                tariffs.add(change.when());
            }
        }
        tariffs.forEach(when -> read.state().tariffChanged(read.settings(), when));
    }
}
