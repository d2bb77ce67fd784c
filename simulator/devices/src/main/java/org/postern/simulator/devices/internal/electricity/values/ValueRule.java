package org.postern.simulator.devices.internal.electricity.values;

import org.postern.gbcs.DlmsData;
import org.postern.simulator.devices.internal.electricity.ElectricityRead;

/** Works out the value of an object, as a row of {@code cosem-values.tsv} names it. */
@FunctionalInterface
interface ValueRule {

    /**
     * The value.
     *
     * @param argument the text after the rule's name in the row; may be empty
     */
    DlmsData value(ElectricityRead read, String argument);
}
