package org.postern.dccsimulator.internal.meter;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.postern.catalogue.DeviceType;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DlmsData;
import org.postern.gbcs.DlmsDateTime;
import org.postern.gbcs.DlmsPayload;
import org.postern.gbcs.DlmsTag;
import org.postern.gbcs.GbcsCodec;
import org.postern.gbcs.MessageKind;
import org.postern.gbcs.Obis;
import org.postern.gbcs.UseCaseTable;
import org.postern.inventory.DeviceFacts;

/**
 * What a COSEM device answers, item by item. Registers, firmware and the load switch are played; what was set is read
 * back; anything else is filled by the data shape that the use-case table gives for the item.
 */
final class DlmsAnswers {

    private static final int DATA_PROTECTION = 30;
    private static final Obis FIRMWARE = Obis.parse("0-0:0.2.1.255");
    private static final Obis IMPORT_REGISTERS = Obis.parse("0-0:94.44.34.10");
    private static final int WATT_HOURS = 30;
    private static final int VAR_HOURS = 32;

    private final GbcsCodec codec;
    private final UseCaseTable useCases;
    private final Clock clock;

    DlmsAnswers(GbcsCodec codec, UseCaseTable useCases, Clock clock) {
        this.codec = codec;
        this.useCases = useCases;
        this.clock = clock;
    }

    /** @param encrypt makes a protected object of a plain text */
    DlmsPayload.AccessResponse answer(Meter meter, int messageCode, DlmsPayload.AccessRequest request, UnaryOperator<Bytes> encrypt) {
        List<DlmsPayload.ResponseItem> items = new ArrayList<>();
        for (int i = 0; i < request.items().size(); i++) {
            DlmsPayload.RequestItem item = request.items().get(i);
            items.add(new DlmsPayload.ResponseItem(item.operation(), 0,
                    data(meter, item, shape(messageCode, i, request.items().size()), encrypt)));
        }
        return new DlmsPayload.AccessResponse(request.longInvokeId(), items);
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

    private DlmsData data(Meter meter, DlmsPayload.RequestItem item, UseCaseTable.DlmsItem row, UnaryOperator<Bytes> encrypt) {
        DlmsPayload.Target target = item.target();
        switch (item.operation()) {
            case SET -> {
                return DlmsData.NULL;
            }
            case ACTION -> {
                if (target.classId() == DATA_PROTECTION) {
                    return protectedRead(meter, item.data(), row, encrypt);
                }
                return DlmsData.NULL;
            }
            default -> {
                return value(meter, target, row == null || row.shape().isEmpty() ? "null" : row.shape().split("[;|]")[0]);
            }
        }
    }

    private DlmsData protectedRead(Meter meter, DlmsData parameters, UseCaseTable.DlmsItem row, UnaryOperator<Bytes> encrypt) {
        List<DlmsData> objects = parameters.at(0).elements();
        DlmsData protection = parameters.at(1);
        List<String> shapes = row == null ? List.of() : row.plain();
        // where shapes differ by meter, the table lists that of a single-element meter first
        String shape = shapes.isEmpty() ? "null"
                : shapes.get(meter.device().variant() == DeviceFacts.Variant.TWIN ? shapes.size() - 1 : 0);
        DlmsData plain;
        if (objects.size() == 1) {
            DlmsData object = objects.get(0);
            plain = DlmsData.structure(value(meter, new DlmsPayload.Target((int) object.at(0).asLong(),
                    Obis.of(object.at(1).asBytes()), (int) object.at(2).asLong()), shape));
        } else {
            plain = DataShape.fill(shape, values(meter, shape));
        }
        return DlmsData.structure(protection, DlmsData.octets(encrypt.apply(codec.encodeData(plain))));
    }

    private DlmsData value(Meter meter, DlmsPayload.Target target, String shape) {
        if (target.obis().equals(FIRMWARE)) {
            return DlmsData.octets(meter.firmware());
        }
        if (target.obis().equals(IMPORT_REGISTERS)) {
            return importRegisters(meter);
        }
        DlmsData stored = meter.stored(target.toString());
        return stored != null ? stored : DataShape.fill(shape, values(meter, target.toString()));
    }

    /** Active import with its scale and unit, reactive import with its own, and on a twin meter the second element. */
    private DlmsData importRegisters(Meter meter) {
        List<DlmsData> registers = new ArrayList<>(List.of(
                DlmsData.u32(meter.register(clock.instant())),
                DlmsData.structure(DlmsData.i8(0), DlmsData.enumeration(WATT_HOURS)),
                DlmsData.u32(meter.reactive(clock.instant())),
                DlmsData.structure(DlmsData.i8(0), DlmsData.enumeration(VAR_HOURS))));
        if (meter.device().type() == DeviceType.ESME && meter.device().variant() == DeviceFacts.Variant.TWIN) {
            registers.add(DlmsData.u32(meter.second(clock.instant())));
        }
        return new DlmsData.Structure(registers);
    }

    /** Numbers that differ by meter and object, small enough for every type; octet strings are the time now. */
    private DataShape.Values values(Meter meter, String object) {
        long start = Math.floorMod(meter.device().deviceId().value() * 31 + object.hashCode(), 90L);
        return new DataShape.Values() {
            private long next = start;

            @Override
            public long number(DlmsTag tag) {
                return tag == DlmsTag.ENUM || tag == DlmsTag.BOOLEAN || tag == DlmsTag.INT8 ? 0 : next++ % 100;
            }

            @Override
            public Bytes octets() {
                return DlmsDateTime.of(clock.instant(), false).bytes();
            }
        };
    }
}
