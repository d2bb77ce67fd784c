package org.postern.parsecorrelate.internal.transform;

import java.util.List;
import java.util.Set;
import org.postern.gbcs.Payload;

/**
 * One rule of the transform catalogue: when it applies, and the steps that make its message.
 *
 * @param name GBCS use case, or its variant, or the name of one of several rules for it
 * @param code message code
 * @param family payload family
 * @param services Service Reference Variants that become this use case
 * @param deviceTypes device types to which it applies; empty for all
 * @param critical true if the message is a Pre-Command
 * @param sender the originator on the wire
 * @param signed true for a non-critical service whose command a DCC party signs
 * @param earlier true for the older one of two generations of the same command
 * @param condition further condition on the request
 * @param steps the steps that make the message
 * @param place file and line of the rule
 */
record UseCase(
        String name,
        int code,
        Payload.Family family,
        Set<String> services,
        Set<String> deviceTypes,
        boolean critical,
        Sender sender,
        boolean signed,
        boolean earlier,
        Expr condition,
        List<Step> steps,
        String place) {

    /** The facts that the rule takes from other tables, in one line; the rule version depends on them. */
    String derived() {
        return String.join(" ", name, Integer.toHexString(code), family.name(), services.toString(), sender.name())
                + (critical ? " critical\n" : "\n");
    }

    /** The originator of the command on the wire. */
    enum Sender {
        /** The User itself. */
        USER,
        /** The Access Control Broker, naming the User as supplementary party. */
        ACB_FOR_USER,
        /** The Access Control Broker or another DCC party in its own name. */
        OTHER
    }
}
