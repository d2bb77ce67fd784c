package org.postern.simulator.devices;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.postern.catalogue.DeviceType;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DlmsData;
import org.postern.gbcs.DlmsPayload;
import org.postern.gbcs.TopUpToken;

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
    private static final long POUND = 100_000;
    private static final long PENNY = 1_000;
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

    private static final String PAYMENT_MODE = "111/0-0:19.0.0.255/2";
    /** Calendars, special days and thresholds of both elements. */
    private static final Pattern TARIFF = Pattern.compile("20/|11/0-0:11\\.0\\.[01]\\.|21/0-0:16\\.0\\.1[1-8]");

    private static final String EVENT_LOG = "7/0-0:99.98.0.255";
    private static final String SCAN = "0-0:94.44.10.1";

    private final CosemValues values;
    private final Activations activations;
    private final Map<String, BiConsumer<Ask, Long>> scripts = Map.of(
            "0-0:10.0.106.255",
            CosemWrites::supply,
            "0-0:10.0.100.255",
            (ask, script) -> ask.state().resetBlocks(ask.now()),
            "0-0:10.0.103.255",
            CosemWrites::switchOver);

    CosemWrites(CosemValues values, Activations activations) {
        this.values = values;
        this.activations = activations;
    }

    /** Stores what is set. */
    void set(Ask ask, DlmsPayload.Target target, DlmsData data) {
        String read = MASKED.get(target.obis().toString());
        if (target.classId() == CLASS_DATA
                && read != null
                && data instanceof DlmsData.BitString mask
                && mask.bits() == MASKED_BITS) {
            ask.meter().store(read, masked(values.get(ask, read), mask));
            return;
        }
        ask.meter().store(target.toString(), data);
        if (target.obis().toString().equals(SCAN)) {
            ask.state().happened("channel", ask.now(), DeviceValues.CHANNEL_CHANGED, "00");
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
    void act(Ask ask, DlmsPayload.Target target, DlmsData data) {
        String object = target.classId() + "/" + target.obis();
        long number = data instanceof DlmsData.Whole w ? w.value() : 0;
        switch (target.classId()) {
            case CLASS_SCRIPTS ->
                scripts.getOrDefault(target.obis().toString(), (a, n) -> {}).accept(ask, number);
            case CLASS_CREDIT -> credit(ask, target, number);
            case CLASS_CHARGE -> charge(ask, target, number);
            case CLASS_TOKENS -> topUp(ask, data.asBytes());
            default -> {
                ask.state().reset(object, ask.now());
                if (target.classId() == CLASS_PROFILE) {
                    cleared(ask, object);
                }
            }
        }
    }

    /** The event log is known by its name, and notes that it was emptied. */
    private static void cleared(Ask ask, String object) {
        if (object.equals(EVENT_LOG)) {
            String log = ask.meter().device().type() == DeviceType.CHF ? "chf-event" : "esme-event";
            ask.state().reset(log, ask.now());
            ask.state().happened(log, ask.now(), LOG_CLEARED, "");
        }
    }

    private static void supply(Ask ask, long script) {
        ask.state().armed(script != SCRIPT_ENABLE && script != SCRIPT_DISABLE);
        ask.meter().supplyEnabled(script == SCRIPT_ENABLE);
    }

    /** High byte: the number of the switch; low byte 11 on, 12 off, 20 back to the calendar; from 1000 on a level. */
    private static void switchOver(Ask ask, long script) {
        long number = script >> 8 & 0xF;
        if (script >= 0x1000) {
            ask.meter().store("level " + number, DlmsData.u8(Math.min(100, script & 0x7F)));
        } else if ((script & 0xFF) == 0x20) {
            ask.meter().forget("switch " + number);
        } else {
            ask.meter().store("switch " + number, DlmsData.u8((script & 0xFF) == 0x11 ? 1 : 0));
        }
    }

    private boolean prepays(Ask ask) {
        return values.get(ask, PAYMENT_MODE).at(0).asLong() == MoneyValues.PREPAYMENT;
    }

    /** Credit 0 is the balance, 2 stands for the debts; method 1 adjusts, 2 resets. */
    private void credit(Ask ask, DlmsPayload.Target target, long amount) {
        int which = target.obis().field(4);
        if (which == 0 && target.index() == 1) {
            change(ask, prepays(ask) ? Account.Change.BALANCE_BY : Account.Change.BILL_BY, amount);
        } else if (which == 0 && target.index() == 2) {
            change(ask, prepays(ask) ? Account.Change.BALANCE_RESET : Account.Change.BILL_RESET, 0);
        } else if (which == 2 && target.index() == 2) {
            change(ask, Account.Change.DEBT_RESET, 0);
        }
    }

    private void charge(Ask ask, DlmsPayload.Target target, long amount) {
        int which = target.obis().field(4);
        if (target.index() == 2) {
            activations.bringUpNow(ask.meter(), target.classId() + "/" + target.obis() + "/");
        } else if (which >= 1 && which <= 3) {
            change(
                    ask,
                    which == 1
                            ? Account.Change.TIME_DEBT_1_BY
                            : which == 2 ? Account.Change.TIME_DEBT_2_BY : Account.Change.PAYMENT_DEBT_BY,
                    amount);
        }
    }

    private static void change(Ask ask, Account.Change change, long amount) {
        ask.state().account().change(ask.now(), change, amount, "");
    }

    private static void topUp(Ask ask, Bytes token) {
        millipence(token)
                .ifPresent(amount -> ask.state().account().change(ask.now(), Account.Change.TOP_UP, amount, ""));
    }

    /** Value of a top-up token; nothing where it is none. */
    static OptionalLong millipence(Bytes token) {
        String digits = token.text(StandardCharsets.US_ASCII);
        if (!TopUpToken.wellFormed(digits)) {
            return OptionalLong.empty();
        }
        TopUpToken utrn = new TopUpToken(digits);
        return OptionalLong.of(utrn.value() * (utrn.unit() == TopUpToken.Unit.POUNDS ? POUND : PENNY));
    }

    /** Brings into force what is due, and what follows from it: another tariff, another way of payment. */
    void bringUp(Ask ask) {
        Set<Instant> tariffs = new TreeSet<>();
        for (Activations.Change change : activations.bringUp(ask.meter(), ask.now())) {
            if (change.active().equals(PAYMENT_MODE)) {
                tariffs.add(change.when());
                ask.state()
                        .account()
                        .change(change.when(), prepays(ask) ? Account.Change.PREPAYMENT : Account.Change.CREDIT, 0, "");
            } else if (TARIFF.matcher(change.active()).lookingAt()) {
                tariffs.add(change.when());
            }
        }
        tariffs.forEach(when -> ask.state().tariffChanged(ask, values, when));
    }
}
