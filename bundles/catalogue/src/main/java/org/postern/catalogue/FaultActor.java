package org.postern.catalogue;

/** Who has to act on a fault before the same thing can succeed. */
public enum FaultActor {
    /** The supplier's back office that handed the request in. */
    SUPPLIER("supplier"),
    /** Whoever runs the appliance: settings, files, disks, network. */
    OPERATOR("operator"),
    /** Whoever answers for keys, certificates and the security log. */
    SECURITY_OFFICER("security officer"),
    /** The DCC, or the device behind it, sent something that cannot be used. */
    DCC("DCC"),
    /** We: tables, bundles or code are at fault. */
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
