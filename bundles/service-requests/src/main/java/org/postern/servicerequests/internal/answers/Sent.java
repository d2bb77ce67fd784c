package org.postern.servicerequests.internal.answers;

import org.postern.catalogue.CommandVariant;

/** The ways of a request to the DCC, as far as they differ in what may answer (DUIS, CommandVariant). */
public enum Sent {
    /** To the Transform service (4): a Pre-Command comes back. */
    TRANSFORM,
    /** To the device (1, 5): acknowledged, then answered by the device. */
    DEVICE,
    /** For delivery on site (2, 6): the command comes back. */
    LOCAL,
    /** To the device and for delivery on site (3, 7). */
    BOTH,
    /** To the DCC itself (8): answered in the same exchange. */
    DCC;

    /** The way of that Command Variant. */
    public static Sent as(CommandVariant variant) {
        return switch (variant) {
            case CV1, CV5 -> DEVICE;
            case CV2, CV6 -> LOCAL;
            case CV3, CV7 -> BOTH;
            case CV4 -> TRANSFORM;
            case CV8 -> DCC;
        };
    }
}
