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
 * Makes the GBCS message that a Service Request stands for, by the rule tables of this bundle.
 *
 * <p>The same request, device facts and time always give the same bytes. Signatures and white space of the request play
 * no part. Safe for use by several threads.
 */
public interface Transformer {

    /**
     * The message: for a critical service the Pre-Command, which ends after its content; for a non-critical one the
     * command before its MAC, which ends with a signature length of zero.
     *
     * @param request the Service Request
     * @param device what the inventory knows of the target; {@link DeviceFacts#unknown} where it knows nothing
     * @param buildTime the time that ZigBee messages carry as issuer event and calendar id; other messages carry no
     *     time
     * @throws TransformException PST-4002 where the request does not fit the rule, PST-4003 where no rule fits,
     *     PST-4004 where the inventory lacks a fact that the rule needs
     */
    default byte[] transform(DuisRequest request, DeviceFacts device, Instant buildTime) {
        return explain(request, device, buildTime).bytes();
    }

    /**
     * As {@link #transform}, with the use case that was chosen. A command that the Access Control Broker sends on the
     * User's behalf ({@link Transformed#acb()}) has the User's id and counter in the places of the ACB's, which only
     * {@link #explainForAcb} is given.
     */
    Transformed explain(DuisRequest request, DeviceFacts device, Instant buildTime);

    /**
     * A non-critical command as the DCC's Access Control Broker sends it on the User's behalf: the ACB is the
     * originator, and the User and its counter are the supplementary party. So go the use cases that only the ACB may
     * send, and every read of a User that the device does not know, whose Key Agreement certificate follows the counter
     * (GBCS section 7).
     *
     * @param acb EUI-64 of the Access Control Broker
     * @param acbCounter its own originator counter
     */
    Transformed explainForAcb(DuisRequest request, DeviceFacts device, Instant buildTime, Eui64 acb, long acbCounter);

    /**
     * What a response of that message code may be the answer to: the commands of that code that the non-critical
     * request may have become, whatever is not said in it and the inventory may not know (type, generation and phases
     * of the device, the role of who asks).
     *
     * @param messageCode of the response
     * @param buildTime as above; when the request was made does
     * @return the commands, without signature and MAC; none where the request becomes no command of that code; empty
     *     where the rules cannot tell: the service is critical or in no rule, other facts of the inventory are needed,
     *     or a DCC party makes the command of what it alone knows
     */
    Optional<List<GbcsMessage>> answeredBy(DuisRequest request, int messageCode, Instant buildTime);

    /** Which rules: changes whenever a rule file changes. */
    String ruleVersion();

    /** A transformer with the rules of this bundle. */
    static Transformer fromTables() {
        return new TableTransformer();
    }
}
