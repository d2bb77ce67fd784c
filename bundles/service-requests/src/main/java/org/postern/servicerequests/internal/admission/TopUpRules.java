package org.postern.servicerequests.internal.admission;

import org.postern.catalogue.PosternException;
import org.postern.duis.DuisRequest;
import org.postern.gbcs.TopUpToken;
import org.postern.servicerequests.ServiceRequestFault;

/**
 * Checks of a top-up with a token that was made elsewhere (DUIS service 2.2). Without the key of the token, they can
 * check its check digit, its class and value, and that it belongs to the counter in the RequestID. The ledger checks
 * that this counter is above the meter's last one.
 */
public final class TopUpRules {

    /** The element with the token. */
    public static final String UTRN = "UTRN";

    private static final long LOW_WORD = 0xFFFF_FFFFL;

    private TopUpRules() {}

    /**
     * Checks a request 2.2.
     *
     * @throws PosternException PST-3060 to PST-3063 for digits that are not a token, PST-2254 for a counter that is not
     *     a prepayment counter or not that of the token, PST-2255 for a token with the value zero
     */
    static void check(DuisRequest request) {
        TopUpToken token = new TopUpToken(request.body().value(UTRN));
        token.unit();
        if (token.value() == 0) {
            throw ServiceRequestFault.TOKEN_WORTH_NOTHING.refusal(
                    "Body/TopUpDevice/UTRN",
                    "a value of 1 to " + TopUpToken.MAX_VALUE,
                    "the value of the token is zero",
                    "have a new token made");
        }
        long counter = request.requestId().counter();
        if (counter <= 0 || (counter & LOW_WORD) != 0) {
            throw ServiceRequestFault.TOP_UP_COUNTER.refusal(
                    "Header/RequestID",
                    "the counter of a top-up is n x 2^32, n 1 to 2^31 - 1, and its token was made for this counter",
                    "another number",
                    "submit the XML form with that counter, or submit topUp without a token to have Postern make it");
        }
        if (!token.mayBelongTo(counter)) {
            throw ServiceRequestFault.TOP_UP_COUNTER.refusal(
                    "Header/RequestID",
                    "the ten counter bits in the token are those of the RequestID's counter",
                    "the token is for a counter whose n ends in " + token.counterBits() + " of "
                            + TopUpToken.COUNTER_WINDOW,
                    "use the counter that the token was made for");
        }
    }
}
