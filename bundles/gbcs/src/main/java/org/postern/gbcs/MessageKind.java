package org.postern.gbcs;

/**
 * The kind of a GBCS message. The CRA flag of the header gives the direction; a Pre-Command is a command without
 * signature field.
 */
public enum MessageKind {
    /**
     * Command in the form in which the DCC returns it for correlation and signing: no MAC wrapper, ends after the
     * content.
     */
    PRECOMMAND(1),
    /** Command to a device; also a signed Pre-Command, which is a command without MAC wrapper. */
    COMMAND(1),
    /** Response of a device. */
    RESPONSE(2),
    /** Unsolicited message of a device. */
    ALERT(3);

    private final int cra;

    MessageKind(int cra) {
        this.cra = cra;
    }

    /** The encoded CRA flag: 1 command, 2 response, 3 alert. */
    public int cra() {
        return cra;
    }
}
