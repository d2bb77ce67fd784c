package org.postern.servicerequests.internal.answers;

import java.util.Optional;
import org.postern.gbcs.Asn1Payload;
import org.postern.gbcs.DerNode;
import org.postern.gbcs.GbcsMessage;

/**
 * Whether a device reports that it has carried out a command, or that it will do so later. Only the answers to security
 * commands differ in this (GBCS, use cases CS06 and CS02b).
 *
 * @param immediate true if the answer contains an outcome, false if it only confirms receipt; empty if the answer does
 *     not show it
 * @param firmware outcome and version of a firmware activation that was carried out at once
 */
record CommandAnswer(Optional<Boolean> immediate, Optional<OutcomeAlert.Firmware> firmware) {

    private static final CommandAnswer NOT_SHOWN = new CommandAnswer(Optional.empty(), Optional.empty());
    private static final int ACTIVATE_FIRMWARE = 0x0012;

    static CommandAnswer of(Optional<GbcsMessage> message) {
        if (message.isEmpty() || !(message.get().payload() instanceof Asn1Payload payload)) {
            return NOT_SHOWN;
        }
        int code = message.get().header().messageCode();
        DerNode root = payload.root();
        try {
            if (code == ACTIVATE_FIRMWARE) {
                return root.tag() == DerNode.NULL
                        ? new CommandAnswer(Optional.of(false), Optional.empty())
                        : new CommandAnswer(Optional.of(true), Optional.of(OutcomeAlert.Firmware.of(root)));
            }
            if (code >= 0x0102 && code <= 0x0109 || code == 0x0125 || code == 0x0126) {
                return new CommandAnswer(Optional.of(root.children().size() > 1), Optional.empty());
            }
        } catch (IllegalStateException | IndexOutOfBoundsException notConforming) {
            return NOT_SHOWN;
        }
        return NOT_SHOWN;
    }
}
