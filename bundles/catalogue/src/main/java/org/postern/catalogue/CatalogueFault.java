package org.postern.catalogue;

import static org.postern.catalogue.FaultActor.OPERATOR;
import static org.postern.catalogue.FaultActor.SUPPLIER;
import static org.postern.catalogue.FaultActor.VENDOR;
import static org.postern.catalogue.FaultEntry.stays;

/** The faults of the shared vocabulary, PST-1000 to PST-1009 and PST-1019. */
public enum CatalogueFault implements FaultCode {
    NOT_AN_EUI64(stays(
            "PST-1001",
            SUPPLIER,
            "a text that is not an EUI-64",
            "sixteen hex digits, or eight pairs joined by dashes",
            "write it as 90-B3-D5-1F-30-01-00-00 or 90B3D51F30010000")),
    UNKNOWN_COMMAND_VARIANT(stays(
            "PST-1002",
            SUPPLIER,
            "a Command Variant that DUIS does not define",
            "1 to 8",
            "use a variant of the DUIS catalogue")),
    UNKNOWN_SERVICE(stays(
            "PST-1003",
            SUPPLIER,
            "a Service Reference Variant that DUIS does not define",
            "a Service Reference Variant of DUIS 5.4, such as 4.1.1",
            "correct it; DUIS lists the Service Reference Variants, and `dcc-simulator.jar example`"
                    + " lists those with an example")),
    TABLE_BROKEN(stays(
            "PST-1004",
            VENDOR,
            "a table of a bundle, or a file of the same format, cannot be read, or one of its lines is wrong",
            "the table can be read",
            "reinstall the bundle; where the fault names a file of your own, correct that line")),
    RESPONSE_CODES_UNREADABLE(stays(
            "PST-1005",
            OPERATOR,
            "the file of response codes cannot be read",
            "a readable file of response codes",
            "correct the setting, or leave it empty")),
    INVALID_ID(stays(
            "PST-1019",
            SUPPLIER,
            "a RequestID or ResponseID in another format",
            "two EUI-64s in dashed pairs and a decimal below 2^64, joined by colons",
            "write it as 90-B3-D5-1F-30-01-00-00:00-DB-12-34-56-78-90-A0:1000"));

    private final FaultEntry entry;

    CatalogueFault(FaultEntry entry) {
        this.entry = entry;
    }

    @Override
    public FaultEntry entry() {
        return entry;
    }
}
