package org.postern.parsecorrelate;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.postern.catalogue.Eui64;
import org.postern.duis.DuisRequest;
import org.postern.gbcs.GbcsMessage;
import org.postern.inventory.DeviceFacts;
import org.postern.parsecorrelate.internal.transform.TableTransformer;

/**
 * Makes the GBCS message that corresponds to a Service Request, by the rule tables of this bundle.
 *
 * <p>The same request, device facts and time always give the same bytes. Signatures and insignificant white space of
 * the request have no effect. Thread-safe.
 */
public interface Transformer {

    /**
     * The message: for a critical service the Pre-Command, which ends after its content; for a non-critical one the
     * command before its MAC, which ends with a signature length of zero.
     *
     * @param request the Service Request
     * @param device the inventory's facts about the target device; {@link DeviceFacts#unknown} if it has none
     * @param buildTime the time that ZigBee messages carry as issuer event and calendar id; other messages carry no
     *     time
     * @throws TransformException PST-4002 if the request does not fit the rule, PST-4003 if no rule fits, PST-4004 if
     *     the inventory lacks a fact that the rule needs
     */
    default byte[] transform(DuisRequest request, DeviceFacts device, Instant buildTime) {
        return explain(request, device, buildTime).bytes();
    }

    /**
     * As {@link #transform}, with the use case that was chosen. A command that the Access Control Broker sends on the
     * User's behalf ({@link Transformed#acb()}) has the User's id and counter in place of the ACB's, which only
     * {@link #explainForAcb} receives.
     */
    Transformed explain(DuisRequest request, DeviceFacts device, Instant buildTime);

    /**
     * A non-critical command as the DCC's Access Control Broker sends it on the User's behalf: the ACB is the
     * originator, and the User and its counter are the supplementary party. This applies to the use cases that only the
     * ACB may send, and to every read of a User that the device does not know; the User's Key Agreement certificate
     * then follows the counter (GBCS section 7).
     *
     * @param acb EUI-64 of the Access Control Broker
     * @param acbCounter the ACB's own Originator Counter
     */
    Transformed explainForAcb(DuisRequest request, DeviceFacts device, Instant buildTime, Eui64 acb, long acbCounter);

    /**
     * The commands that a response with that message code may answer: all commands with that code that the non-critical
     * request may have become, for every value of what neither the request nor the inventory states (type, generation
     * and phases of the device, User Role of the sender).
     *
     * @param messageCode of the response
     * @param buildTime as above; the time of the request is sufficient
     * @return the commands, without signature and MAC; an empty list if the request becomes no command with that code;
     *     {@code Optional.empty()} if the rules cannot decide: the service is critical or has no rule, other facts of
     *     the inventory are needed, or a DCC party makes the command from facts that only it has
     */
    Optional<List<GbcsMessage>> answeredBy(DuisRequest request, int messageCode, Instant buildTime);

    /** Version of the rules: changes whenever a rule file changes. */
    String ruleVersion();

    /** A transformer with the rules of this bundle. */
    static Transformer fromTables() {
        return new TableTransformer();
    }
}
