package org.postern.simulator.devices.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.postern.gbcs.DlmsPayload;
import org.postern.gbcs.MessageKind;
import org.postern.gbcs.UseCaseTable;
import org.postern.simulator.devices.internal.electricity.CosemTable;
import org.postern.simulator.devices.internal.electricity.values.CosemValues;
import org.postern.simulator.devices.internal.gas.ZigbeeValues;

/** The tables of values are complete. */
class ValueTablesTest {

    private static final UseCaseTable USE_CASES = UseCaseTable.load();
    private static final int DATA_PROTECTION = 30;

    /** Objects that some use case reads and that only the data shape fills: none. */
    @Test
    void noObjectIsLeftToTheDataShape() {
        Set<String> known = new CosemValues(CosemTable.load()).targets();
        Set<String> left = USE_CASES.all().stream()
                .flatMap(u -> u.dlms().stream())
                .filter(i -> i.direction() == MessageKind.RESPONSE
                        && i.operation().isPresent()
                        && i.target().isPresent())
                .filter(i -> i.operation().get() == DlmsPayload.Operation.GET
                        || i.operation().get() == DlmsPayload.Operation.ACTION
                                && !i.shape().isEmpty()
                                && !i.shape().equals("null")
                                && i.target().get().classId() != DATA_PROTECTION)
                .map(i -> i.target().get().toString())
                .filter(t -> !known.contains(t))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(left).isEmpty();
    }

    @Test
    void everyAttributeThatSomeUseCaseReadsIsHeld() {
        Set<Integer> held = ZigbeeValues.ids();
        Set<String> left = USE_CASES.all().stream()
                .flatMap(u -> u.gbz().stream())
                .flatMap(i -> i.attributes().stream()
                        .filter(a -> !held.contains(i.cluster() << 16 | a))
                        .map(a -> String.format("%04X/%04X", i.cluster(), a)))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(left).isEmpty();
    }
}
