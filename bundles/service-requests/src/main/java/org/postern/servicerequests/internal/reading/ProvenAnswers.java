package org.postern.servicerequests.internal.reading;

import org.postern.ledger.Ledger;

/** Whether what a device said was proven to be its own when it was settled: by the marks of the results. */
public final class ProvenAnswers {

    private ProvenAnswers() {}

    /**
     * True where a result that stands is of a device's message whose MAC or signature was not checked. It is delivered
     * as what it says; nothing but its own request may go by it.
     *
     * @param request durable id
     */
    public static boolean doubted(Ledger ledger, String request) {
        return ledger.deliveriesOf(request).stream()
                .map(entry -> entry.headers())
                .anyMatch(headers -> "no".equals(headers.get("authenticated")) && !headers.containsKey("effect"));
    }
}
