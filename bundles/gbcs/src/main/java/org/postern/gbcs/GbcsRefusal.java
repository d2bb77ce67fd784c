package org.postern.gbcs;

import org.postern.catalogue.PosternException;

/** The codec refuses a message. States the byte offset and the violated rule. */
public class GbcsRefusal extends PosternException {

    private static final long serialVersionUID = 1L;

    private final int offset;

    public GbcsRefusal(GbcsFault kind, int offset, String rule, String cause) {
        super(kind.fault("offset " + offset, rule, cause, "keep the message as received and contact its sender"));
        this.offset = offset;
    }

    /** Offset in the bytes that were decoded. */
    public int offset() {
        return offset;
    }

    /** The violated rule. */
    public String rule() {
        return fault().rule();
    }
}
