package org.postern.simulator.pki;

import static org.postern.catalogue.FaultActor.OPERATOR;
import static org.postern.catalogue.FaultActor.VENDOR;
import static org.postern.catalogue.FaultEntry.stays;

import org.postern.catalogue.FaultCode;
import org.postern.catalogue.FaultEntry;

/** The faults of the simulator, PST-9000 to PST-9999. */
public enum SimulatorFault implements FaultCode {
    PREMISES(stays(
            "PST-9001", OPERATOR, "a number of homes out of range", "1 to 65535", "choose another number of homes")),
    POPULATION_FILE(stays(
            "PST-9002",
            OPERATOR,
            "the file of the population cannot be read",
            "seed and premises as numbers",
            "make a new throwaway PKI")),
    FOLDER_NOT_WRITABLE(stays(
            "PST-9003",
            OPERATOR,
            "the folder of the throwaway PKI cannot be written",
            "a folder that can be written",
            "choose another folder")),
    WITNESS_FILE(stays(
            "PST-9004",
            OPERATOR,
            "the event file cannot be written",
            "a file that can be appended to",
            "choose another folder for the event file")),
    TABLE_BROKEN(stays(
            "PST-9005",
            VENDOR,
            "a table of the simulator breaks its own form",
            "a row of the table's form",
            "correct the table and build the bundle again")),
    PKI_FILE(stays(
            "PST-9006",
            OPERATOR,
            "a certificate or key of the throwaway PKI is missing or cannot be read",
            "the certificates and keys of the throwaway PKI",
            "make a new throwaway PKI")),
    KEY_STORE(stays(
            "PST-9007",
            OPERATOR,
            "a TLS key store of the throwaway PKI cannot be read",
            "a key store of the throwaway PKI",
            "make a new throwaway PKI")),
    PORT(stays(
            "PST-9008",
            OPERATOR,
            "a port of the simulator cannot be bound",
            "a free TCP port",
            "choose another port, or stop what listens there")),
    NO_SUCH_DEVICE(stays(
            "PST-9009",
            OPERATOR,
            "a device that the population does not have",
            "a device of the population",
            "see sim:meters")),
    FAULT_RULE(stays(
            "PST-9010",
            OPERATOR,
            "a rule of the fault menu that has no meaning",
            "a rule of the fault menu",
            "see sim:fault --help")),
    CERTIFICATION_REQUEST(stays(
            "PST-9011",
            OPERATOR,
            "a certification request that is invalid",
            "PKCS#10 signed with its own P-256 key",
            "send what the device answered to 6.17")),
    EXAMPLE(stays(
            "PST-9012",
            OPERATOR,
            "an example request that is not in the table, or that no device of the population fits",
            "an example of the table and a device that it fits",
            "see the list of examples, choose another device, or make the PKI with more premises"));

    private final FaultEntry entry;

    SimulatorFault(FaultEntry entry) {
        this.entry = entry;
    }

    @Override
    public FaultEntry entry() {
        return entry;
    }
}
