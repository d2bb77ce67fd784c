package org.postern.gbcs;

import org.postern.catalogue.PosternException;

/** A message that the codec refuses: names the byte offset and the rule that was broken. */
public class GbcsRefusal extends PosternException {

    private static final long serialVersionUID = 1L;

    private final int offset;

    public GbcsRefusal(GbcsFault kind, int offset, String rule, String cause) {
        super(kind.fault("offset " + offset, rule, cause, "keep the message as received and ask its sender"));
        this.offset = offset;
    }

    /** Offset in the bytes given to the decoder. */
    public int offset() {
        return offset;
    }

    /** The rule that was broken. */
    public String rule() {
        return fault().rule();
    }
}
