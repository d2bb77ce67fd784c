package org.postern.simulator.devices.internal.electricity;

import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.postern.catalogue.DeviceType;
import org.postern.gbcs.DlmsData;
import org.postern.simulator.devices.CollectionSize;
import org.postern.simulator.devices.DeviceBounds;
import org.postern.simulator.devices.internal.events.CommandEvents;
import org.postern.simulator.devices.internal.events.EventLog;
import org.postern.simulator.devices.internal.measure.Consumption;
import org.postern.simulator.devices.internal.measure.SeededRandom;
import org.postern.simulator.devices.internal.measure.Series;
import org.postern.simulator.devices.internal.prepayment.Account;
import org.postern.simulator.devices.internal.state.DeviceState;
import org.postern.simulator.devices.internal.tariff.BlockResets;
import org.postern.simulator.devices.internal.tariff.TariffHistory;
import org.postern.simulator.devices.internal.tariff.TariffRegisters;

/**
 * What an electricity meter or another COSEM device remembers beside the values that commands set: tariffs it had,
 * resets, money.
 */
public final class ElectricityState {

    private final StoredObjects held = new StoredObjects();
    private final Account account;
    private final Map<String, Instant> resets = new ConcurrentHashMap<>();
    private final CommandEvents events = new CommandEvents();
    private final TariffHistory primary;
    private final TariffHistory secondary;
    private final BlockResets blockResets;
    private final DeviceBounds bounds;
    private final Map<Integer, TariffRegisters> registers = new HashMap<>();
    private DlmsData billingCalendar;
    private DlmsData dailyReset;
    private volatile boolean armed;

    /** @param table what the device is set to when it is new */
    public ElectricityState(DeviceState meter, CosemTable table) {
        CosemSettings settings = new CosemSettings(table, held, meter.device(), 0);
        this.account = new Account(
                SeededRandom.seed(meter.consumption().seed(), "money"),
                Account.prepaidFromStart(meter.device()),
                meter.consumption().primary(),
                settings.terms(),
                meter.bounds().accountChanges());
        this.bounds = meter.bounds();
        this.primary = new TariffHistory(bounds.tariffs());
        this.secondary = new TariffHistory(bounds.tariffs());
        this.blockResets = new BlockResets(bounds.blockResets());
        if (meter.device().type() == DeviceType.ESME) {
            primary.add(settings.tariff(0, Series.START));
            secondary.add(settings.tariff(1, Series.START));
        }
    }

    /** What commands set. */
    public StoredObjects held() {
        return held;
    }

    /** A tariff came into force: from then on energy goes by what the device is set to now. */
    public synchronized void tariffChanged(CosemSettings settings, Instant from) {
        registers.clear();
        try {
            TariffRegisters.Tariff one = settings.tariff(0, from);
            TariffRegisters.Tariff two = settings.tariff(1, from);
            primary.add(one);
            secondary.add(two);
        } catch (IllegalStateException | IllegalArgumentException | IndexOutOfBoundsException noCalendar) {
            // what was set is no calendar: the meter goes on by the one that it had
        }
    }

    /** The tariffs of the primary element (0) or the secondary (1), in order of time. */
    public synchronized List<TariffRegisters.Tariff> tariffs(int element) {
        return (element == 0 ? primary : secondary).all();
    }

    /**
     * The tariff registers of the primary element (0) or the secondary (1). Kept as long as nothing that they go by
     * changes.
     */
    synchronized TariffRegisters registers(CosemSettings settings, Consumption uses, int element) {
        DlmsData calendar = settings.billingCalendar();
        DlmsData reset = settings.dailyReset();
        if (billingCalendar != calendar || dailyReset != reset) {
            registers.clear();
            billingCalendar = calendar;
            dailyReset = reset;
        }
        return registers.computeIfAbsent(element, e -> {
            boolean daily = !reset.elements().isEmpty();
            Predicate<LocalDate> billing = settings.billingDay();
            return new TariffRegisters(
                    e == 0 ? uses.primary() : uses.secondary(),
                    tariffs(e),
                    date -> daily || billing.test(date),
                    blockResets.all());
        });
    }

    public synchronized void resetBlocks(Instant now) {
        blockResets.add(now);
        registers.clear();
    }

    public Account account() {
        return account;
    }

    /** When the object was last reset. */
    public Optional<Instant> reset(String object) {
        return Optional.ofNullable(resets.get(object));
    }

    /**
     * Notes that the object was reset.
     *
     * @throws IllegalStateException where {@link StoredObjects#MAX_OBJECTS} others were
     */
    public void reset(String object, Instant now) {
        if (resets.size() >= StoredObjects.MAX_OBJECTS && !resets.containsKey(object)) {
            throw new IllegalStateException("no space for another object");
        }
        resets.put(object, now);
    }

    /** Events that commands put into the logs. */
    public CommandEvents events() {
        return events;
    }

    /** How full its collections are. */
    public synchronized List<CollectionSize> sizes() {
        return List.of(
                new CollectionSize("device.account-changes", account.size(), bounds.accountChanges()),
                new CollectionSize("device.account-payments", account.payments(), Account.MAX_PAYMENTS),
                new CollectionSize("device.tariffs", Math.max(primary.size(), secondary.size()), bounds.tariffs()),
                new CollectionSize("device.block-resets", blockResets.size(), bounds.blockResets()),
                new CollectionSize("device.log-events", events.size(), EventLog.ENTRIES),
                new CollectionSize("device.objects-set", held.size(), StoredObjects.MAX_OBJECTS),
                new CollectionSize("device.objects-reset", resets.size(), StoredObjects.MAX_OBJECTS));
    }

    public boolean armed() {
        return armed;
    }

    public void armed(boolean now) {
        this.armed = now;
    }
}
