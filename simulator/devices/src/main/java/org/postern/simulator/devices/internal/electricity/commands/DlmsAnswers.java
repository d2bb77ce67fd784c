package org.postern.simulator.devices.internal.electricity.commands;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.postern.catalogue.Eui64;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DlmsData;
import org.postern.gbcs.DlmsDateTime;
import org.postern.gbcs.DlmsPayload;
import org.postern.gbcs.DlmsTag;
import org.postern.gbcs.GbcsCodec;
import org.postern.gbcs.MessageKind;
import org.postern.gbcs.Obis;
import org.postern.gbcs.UseCaseTable;
import org.postern.simulator.devices.CollectionSize;
import org.postern.simulator.devices.internal.dlms.DataShape;
import org.postern.simulator.devices.internal.electricity.CosemSettings;
import org.postern.simulator.devices.internal.electricity.CosemTable;
import org.postern.simulator.devices.internal.electricity.ElectricityRead;
import org.postern.simulator.devices.internal.electricity.ElectricityState;
import org.postern.simulator.devices.internal.electricity.values.CosemValues;
import org.postern.simulator.devices.internal.measure.SeededRandom;
import org.postern.simulator.devices.internal.state.DeviceState;

/**
 * What a COSEM device answers, item by item: what was set is read back, other values come from {@link CosemValues}; an
 * object that is in no table is filled by the data shape that the use-case table gives for the item.
 */
public final class DlmsAnswers {

    private static final int DATA_PROTECTION = 30;
    private static final int OBJECT_UNDEFINED = 4;
    private static final int TYPE_UNMATCHED = 12;
    /** A restriction of a protected object to the entries between two times. */
    private static final int BY_PERIOD = 1;

    private final GbcsCodec codec = new GbcsCodec();
    private final UseCaseTable useCases;
    private final Clock clock;
    private final CosemTable table = CosemTable.load();
    private final CosemValues values = new CosemValues(table);
    private final CosemWrites writes = new CosemWrites(new Activations());
    private final Map<Eui64, ElectricityState> states = new ConcurrentHashMap<>();

    public DlmsAnswers(UseCaseTable useCases, Clock clock) {
        this.useCases = useCases;
        this.clock = clock;
    }

    /** @param encrypt makes a protected object of a plain text */
    public DlmsPayload.AccessResponse answer(
            DeviceState meter, int messageCode, DlmsPayload.AccessRequest request, UnaryOperator<Bytes> encrypt) {
        ElectricityState state = state(meter);
        ElectricityRead read = new ElectricityRead(
                meter,
                state,
                new CosemSettings(table, state.held(), meter.device(), messageCode),
                clock.instant(),
                Instant.MIN,
                Instant.MAX);
        List<DlmsPayload.ResponseItem> items = new ArrayList<>();
        synchronized (read.state()) {
            writes.bringUp(read);
            for (int i = 0; i < request.items().size(); i++) {
                DlmsPayload.RequestItem item = request.items().get(i);
                items.add(
                        answer(read, item, shape(messageCode, i, request.items().size()), encrypt));
            }
            writes.bringUp(read);
        }
        return new DlmsPayload.AccessResponse(request.longInvokeId(), items);
    }

    /**
     * The answer to one item. Data of another form than the object's, now or when it was set, is what the device cannot
     * take.
     */
    private DlmsPayload.ResponseItem answer(
            ElectricityRead read,
            DlmsPayload.RequestItem item,
            UseCaseTable.DlmsItem row,
            UnaryOperator<Bytes> encrypt) {
        try {
            Optional<DlmsData> data = data(read, item, row, encrypt);
            return new DlmsPayload.ResponseItem(
                    item.operation(), data.isPresent() ? 0 : OBJECT_UNDEFINED, data.orElse(DlmsData.Null.VALUE));
        } catch (IllegalStateException
                | IllegalArgumentException
                | IndexOutOfBoundsException
                | DateTimeException otherForm) {
            return new DlmsPayload.ResponseItem(item.operation(), TYPE_UNMATCHED, DlmsData.Null.VALUE);
        }
    }

    /** How full the collections of each device are. */
    public Stream<CollectionSize> sizes() {
        return states.values().stream().flatMap(state -> state.sizes().stream());
    }

    private ElectricityState state(DeviceState meter) {
        return states.computeIfAbsent(meter.device().deviceId(), id -> new ElectricityState(meter, table));
    }

    /** The table's row for the answer to item i, in the list of that length or else the longest. */
    private UseCaseTable.DlmsItem shape(int messageCode, int position, int length) {
        UseCaseTable.UseCase useCase = useCases.find(messageCode).orElse(null);
        if (useCase == null) {
            return null;
        }
        List<UseCaseTable.DlmsItem> rows = useCase.dlms(MessageKind.RESPONSE, length);
        if (rows.isEmpty()) {
            rows = useCase.dlms(MessageKind.RESPONSE);
        }
        return rows.stream().filter(r -> r.position() == position).findFirst().orElse(null);
    }

    private Optional<DlmsData> data(
            ElectricityRead read,
            DlmsPayload.RequestItem item,
            UseCaseTable.DlmsItem row,
            UnaryOperator<Bytes> encrypt) {
        DlmsPayload.Target target = item.target();
        return switch (item.operation()) {
            case SET -> {
                writes.set(read, target, item.data());
                yield Optional.of(DlmsData.Null.VALUE);
            }
            case ACTION -> {
                if (target.classId() == DATA_PROTECTION) {
                    yield Optional.of(protectedRead(read, item.data(), encrypt));
                }
                writes.act(read, target, item.data());
                // a method that gives something back is in the table for its message code
                yield Optional.of(
                        row == null || row.shape().isEmpty() || row.shape().equals("null")
                                ? DlmsData.Null.VALUE
                                : values.find(read, target.toString()).orElse(DlmsData.Null.VALUE));
            }
            default ->
                value(
                        period(read, item.selection()),
                        target,
                        row == null ? "" : row.shape().split("[;|]")[0]);
        };
    }

    /** Selection by range gives its ends as seconds since 2000. */
    private static ElectricityRead period(ElectricityRead read, Optional<DlmsPayload.Selection> selection) {
        return selection
                .map(s -> read.during(
                        Instant.ofEpochSecond(
                                DlmsDateTime.EPOCH_2000 + s.parameters().at(1).asLong()),
                        Instant.ofEpochSecond(
                                DlmsDateTime.EPOCH_2000 + s.parameters().at(2).asLong())))
                .orElse(read);
    }

    /** The objects asked for, in their order, in one structure, encrypted (GBCS, protected reads). */
    private DlmsData protectedRead(ElectricityRead read, DlmsData parameters, UnaryOperator<Bytes> encrypt) {
        List<DlmsData> objects = new ArrayList<>();
        for (DlmsData object : parameters.at(0).elements()) {
            DlmsPayload.Target target = new DlmsPayload.Target(
                    (int) object.at(0).asLong(), Obis.of(object.at(1).asBytes()), (int)
                            object.at(2).asLong());
            DlmsData restriction = object.at(4);
            ElectricityRead wanted = restriction.at(0).asLong() != BY_PERIOD
                    ? read
                    : read.during(time(restriction.at(1, 0), Instant.MIN), time(restriction.at(1, 1), Instant.MAX));
            objects.add(value(wanted, target, "null").orElse(DlmsData.Null.VALUE));
        }
        return DlmsData.structure(
                parameters.at(1), DlmsData.octets(encrypt.apply(codec.encodeData(new DlmsData.Structure(objects)))));
    }

    private static Instant time(DlmsData octets, Instant otherwise) {
        return DlmsDateTime.of(octets.asBytes()).instant().orElse(otherwise);
    }

    private Optional<DlmsData> value(ElectricityRead read, DlmsPayload.Target target, String shape) {
        return values.find(read, target.toString())
                .or(() -> shape.isEmpty() || shape.equals("null")
                        ? Optional.empty()
                        : Optional.of(DataShape.fill(shape, filling(read, target))));
    }

    /** Numbers that differ by meter and object, small enough for every type; octet strings are the time now. */
    private static DataShape.Values filling(ElectricityRead read, DlmsPayload.Target target) {
        long start = SeededRandom.below(read.uses().seed(), target.hashCode(), 90);
        return new DataShape.Values() {
            private long next = start;

            @Override
            public long number(DlmsTag tag) {
                return tag == DlmsTag.ENUM || tag == DlmsTag.BOOLEAN || tag == DlmsTag.INT8 ? 0 : next++ % 100;
            }

            @Override
            public Bytes octets() {
                return DlmsDateTime.of(read.now(), false).bytes();
            }
        };
    }
}
