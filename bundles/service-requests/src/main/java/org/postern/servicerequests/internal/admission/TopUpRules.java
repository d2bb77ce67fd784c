package org.postern.servicerequests.internal.admission;

import org.postern.catalogue.PosternException;
import org.postern.duis.DuisRequest;
import org.postern.gbcs.TopUpToken;
import org.postern.servicerequests.ServiceRequestFault;

/**
 * What can be told of a top-up that comes with a token made elsewhere (DUIS service 2.2), without the key it was made
 * with: its check digit, its class and value, and that it belongs to the counter in the RequestID. Whether that counter
 * is above the meter's last one is the ledger's to say.
 */
public final class TopUpRules {

    /** Where the token stands in the request element. */
    public static final String UTRN = "UTRN";

    private static final long LOW_WORD = 0xFFFF_FFFFL;

    private TopUpRules() {}

    /**
     * Checks a request 2.2.
     *
     * @throws PosternException PST-3060 to PST-3063 for digits that are no token, PST-2254 for a counter that is no
     *     prepayment counter or not the token's, PST-2255 for a token worth nothing
     */
    static void check(DuisRequest request) {
        TopUpToken token = new TopUpToken(request.body().value(UTRN));
        token.unit();
        if (token.value() == 0) {
            throw ServiceRequestFault.TOKEN_WORTH_NOTHING.refusal(
                    "Body/TopUpDevice/UTRN",
                    "a value of 1 to " + TopUpToken.MAX_VALUE,
                    "a token worth nothing",
                    "have the token made anew");
        }
        long counter = request.requestId().counter();
        if (counter <= 0 || (counter & LOW_WORD) != 0) {
            throw ServiceRequestFault.TOP_UP_COUNTER.refusal(
                    "Header/RequestID",
                    "the counter of a top-up is n x 2^32, n 1 to 2^31 - 1: the one its token was made for",
                    "another number",
                    "hand in the XML form with that counter, or topUp and no token: it is made here");
        }
        if (!token.mayBelongTo(counter)) {
            throw ServiceRequestFault.TOP_UP_COUNTER.refusal(
                    "Header/RequestID",
                    "the ten counter bits in the token are those of the RequestID's counter",
                    "the token is for a counter whose n ends in " + token.counterBits() + " of "
                            + TopUpToken.COUNTER_WINDOW,
                    "give the counter that the token was made for");
        }
    }
}
