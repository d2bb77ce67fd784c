package org.postern.servicerequests.internal.answers;

import org.postern.catalogue.CommandVariant;

/** How a request is sent, as far as it determines which answers are valid (DUIS, CommandVariant). */
public enum SentTo {
    /** To the Transform service (4): a Pre-Command is returned. */
    TRANSFORM,
    /** To the device (1, 5): acknowledged, then answered by the device. */
    DEVICE,
    /** For local delivery (2, 6): the command is returned. */
    LOCAL,
    /** To the device and for local delivery (3, 7). */
    BOTH,
    /** To the DCC itself (8): answered in the same exchange. */
    DCC;

    /** How a request with that Command Variant is sent. */
    public static SentTo of(CommandVariant variant) {
        return switch (variant) {
            case CV1, CV5 -> DEVICE;
            case CV2, CV6 -> LOCAL;
            case CV3, CV7 -> BOTH;
            case CV4 -> TRANSFORM;
            case CV8 -> DCC;
        };
    }
}
