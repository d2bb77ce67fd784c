package org.postern.parsecorrelate;

import java.util.Arrays;

/** A message made from a Service Request, and the use case by whose rule it was made. */
public final class Transformed {

    private final String useCase;
    private final int messageCode;
    private final boolean critical;
    private final boolean acb;
    private final byte[] bytes;

    /**
     * Copies the bytes.
     *
     * @param useCase GBCS use case, for example {@code ECS42}
     * @param messageCode GBCS message code
     * @param critical true for a Pre-Command, false for a command before its MAC
     * @param acb true if a DCC party is the originator, in the User's place or in its own name
     * @param bytes the message
     */
    public Transformed(String useCase, int messageCode, boolean critical, boolean acb, byte[] bytes) {
        this.useCase = useCase;
        this.messageCode = messageCode;
        this.critical = critical;
        this.acb = acb;
        this.bytes = bytes.clone();
    }

    /** GBCS use case. */
    public String useCase() {
        return useCase;
    }

    /** GBCS message code, 0 to FFFF. */
    public int messageCode() {
        return messageCode;
    }

    /** True for a Pre-Command. */
    public boolean critical() {
        return critical;
    }

    /** True if the DCC's Access Control Broker (or another DCC party) is the originator of this command on the wire. */
    public boolean acb() {
        return acb;
    }

    /** A copy of the message. */
    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Transformed that && useCase.equals(that.useCase) && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return String.format("%s %04X, %d bytes", useCase, messageCode, bytes.length);
    }
}
