package org.postern.catalogue;

/** Who has to act on a fault before the operation can succeed. */
public enum FaultActor {
    /** The back office of the supplier that submitted the request. */
    SUPPLIER("supplier"),
    /** The operator of the appliance: settings, files, disks, network. */
    OPERATOR("operator"),
    /** The person responsible for keys, certificates and the security log. */
    SECURITY_OFFICER("security officer"),
    /** The DCC, or a device, which sent an unusable message. */
    DCC("DCC"),
    /** The vendor of Postern: tables, bundles or code are wrong. */
    VENDOR("vendor");

    private final String text;

    FaultActor(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return text;
    }
}
