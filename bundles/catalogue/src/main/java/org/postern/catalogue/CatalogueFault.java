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
            "a text that is no EUI-64",
            "sixteen hex digits, or eight pairs joined by dashes",
            "write it as 90-B3-D5-1F-30-01-00-00 or 90B3D51F30010000")),
    UNKNOWN_COMMAND_VARIANT(stays(
            "PST-1002",
            SUPPLIER,
            "a Command Variant that DUIS does not have",
            "1 to 8",
            "use a variant of the DUIS catalogue")),
    UNKNOWN_SERVICE(
            stays(
                    "PST-1003",
                    SUPPLIER,
                    "a Service Reference Variant that DUIS does not have",
                    "a Service Reference Variant of DUIS 5.4, such as 4.1.1",
                    "correct it; the DUIS lists the Service Reference Variants, and `dcc-simulator.jar example` those with an example")),
    TABLE_BROKEN(stays(
            "PST-1004",
            VENDOR,
            "a table of a bundle, or a file of the same form, cannot be read, or a line of it breaks a rule",
            "the table can be read",
            "reinstall the bundle; where a file of your own is named, correct that line")),
    RESPONSE_CODES_UNREADABLE(stays(
            "PST-1005",
            OPERATOR,
            "the file of response codes cannot be read",
            "a readable file of response codes",
            "correct the setting, or leave it empty")),
    INVALID_ID(stays(
            "PST-1019",
            SUPPLIER,
            "a RequestID or ResponseID of another form",
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
