package org.postern.parsecorrelate.internal.transform;

import java.util.List;
import java.util.Set;
import org.postern.gbcs.Payload;

/**
 * One use case of the transform catalogue: when it applies, and the recipe of its message.
 *
 * @param name GBCS use case, or its variant, or the name of one of several rules for it
 * @param code message code
 * @param family payload family
 * @param services Service Reference Variants that lead to it
 * @param deviceTypes types of device it is for; empty for any
 * @param critical true where the message is a Pre-Command
 * @param sender who is the originator on the wire
 * @param signed true for a non-critical service whose command a DCC party signs
 * @param earlier true for the older of two generations of the same command
 * @param condition further condition on the request
 * @param steps the recipe
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

    /** What the tables say of the rule, in one line: a change of it is a change of the rule. */
    String derived() {
        return String.join(" ", name, Integer.toHexString(code), family.name(), services.toString(), sender.name())
                + (critical ? " critical\n" : "\n");
    }

    /** Who sends the command on the wire. */
    enum Sender {
        /** The User itself. */
        USER,
        /** The Access Control Broker, naming the User as supplementary party. */
        ACB_FOR_USER,
        /** The Access Control Broker or another DCC party in its own name. */
        OTHER
    }
}
