package org.postern.servicerequests.internal.reading;

import org.postern.ledger.Ledger;

/** Determines from the headers of stored results whether a device's message was authenticated when it was processed. */
public final class ProvenAnswers {

    private ProvenAnswers() {}

    /**
     * True if the effective result of a request is from a device message whose MAC or signature was not checked. Such a
     * result is delivered, but must not affect other requests.
     *
     * @param request durable id
     */
    public static boolean unauthenticated(Ledger ledger, String request) {
        return ledger.deliveriesOf(request).stream()
                .map(entry -> entry.headers())
                .anyMatch(headers -> "no".equals(headers.get("authenticated")) && !headers.containsKey("effect"));
    }
}
