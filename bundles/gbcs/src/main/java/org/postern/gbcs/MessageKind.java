package org.postern.gbcs;

/**
 * What a GBCS message is. The CRA flag of the header gives the direction; a Pre-Command is a command without signature
 * field.
 */
public enum MessageKind {
    /** Command as the DCC hands it over for correlation and signing: no MAC wrapper, ends right after the content. */
    PRECOMMAND(1),
    /** Command to a device; also a signed Pre-Command, which is a command without MAC wrapper. */
    COMMAND(1),
    /** Answer of a device. */
    RESPONSE(2),
    /** Unasked message of a device. */
    ALERT(3);

    private final int cra;

    MessageKind(int cra) {
        this.cra = cra;
    }

    /** The CRA flag on the wire: 1 command, 2 response, 3 alert. */
    public int cra() {
        return cra;
    }
}
